"""What each form of SQL says about columns: one line a column, the whole answer."""

import pytest

from weft.base.problem import Problem
from weft.graph.column_lineage import lineage_of_sql

INPUTS = {
    "orders": {"id": "INTEGER", "customer_id": "INTEGER", "total": "DECIMAL(10,2)", "placed": "DATE"},
    "customers": {"id": "INTEGER", "name": "VARCHAR", "home": "STRUCT(city VARCHAR, zip VARCHAR)"},
    "baskets": {"id": "INTEGER", "lines": "STRUCT(sku VARCHAR, amount INTEGER)[]"},
}


def told(sql: str, **options: object) -> list[str]:
    """The lineage as lines: `column: input way way, ...`, and `*: ...` for what decides about rows."""
    lineage = lineage_of_sql(sql, INPUTS, **options)  # type: ignore[arg-type]

    def line(name, uses):
        return f"{name}: " + ", ".join(" ".join([str(use.input), *use.kinds]) for use in uses)

    lines = [line(column.name, column.inputs).strip() for column in lineage.columns]
    return [*lines, *([line("*", lineage.rows)] if lineage.rows else [])]


CASES = {
    "a column, an expression, a constant": (
        "SELECT id, total * 2 AS double, 1 AS one FROM orders",
        ["id: orders.id identity", "double: orders.total transformation", "one:"],
    ),
    "a star with exclude, replace and rename": (
        "SELECT * EXCLUDE (placed) REPLACE (total + 1 AS total) RENAME (customer_id AS who) FROM orders",
        ["id: orders.id identity", "who: orders.customer_id identity", "total: orders.total transformation"],
    ),
    "a join with USING shows the column once": (
        "SELECT * EXCLUDE (home, lines) FROM customers LEFT JOIN baskets USING (id)",
        [
            "id: customers.id identity",
            "name: customers.name identity",
            "*: baskets.id join, customers.id join",
        ],
    ),
    "after a FULL JOIN with USING the column comes from both": (
        "SELECT id FROM customers FULL JOIN baskets USING (id)",
        [
            "id: baskets.id transformation, customers.id transformation",
            "*: baskets.id join, customers.id join",
        ],
    ),
    "what a semi join reads only decides": (
        "SELECT * FROM orders SEMI JOIN customers ON customers.id = orders.customer_id WHERE total > 0",
        [
            "id: orders.id identity",
            "customer_id: orders.customer_id identity",
            "total: orders.total identity",
            "placed: orders.placed identity",
            "*: customers.id join, orders.customer_id join, orders.total filter",
        ],
    ),
    "CTEs are seen through, and one may read the table of its own name": (
        "WITH orders AS (SELECT id, total AS t FROM orders WHERE placed IS NOT NULL) SELECT sum(t) AS s FROM orders",
        ["s: orders.total aggregation", "*: orders.placed filter"],
    ),
    "a recursive CTE comes from its start and its step": (
        "WITH RECURSIVE r(n) AS (SELECT id FROM orders UNION ALL SELECT n + c.id FROM r JOIN customers c ON c.id > n) "
        "SELECT n FROM r",
        [
            "n: customers.id transformation, orders.id identity transformation",
            "*: customers.id join, orders.id join",
        ],
    ),
    "a correlated subquery brings its filter along": (
        "SELECT name, (SELECT max(total) FROM orders o WHERE o.customer_id = c.id) AS best FROM customers c",
        [
            "name: customers.name identity",
            "best: customers.id filter, orders.customer_id filter, orders.total aggregation",
        ],
    ),
    "EXISTS decides and gives no value": (
        "SELECT name FROM customers c WHERE EXISTS (SELECT total FROM orders WHERE customer_id = c.id)",
        ["name: customers.name identity", "*: customers.id filter, orders.customer_id filter"],
    ),
    "CASE tells values from conditions": (
        "SELECT CASE WHEN placed IS NULL THEN 0 ELSE total END AS t FROM orders",
        ["t: orders.placed conditional, orders.total transformation"],
    ),
    "windows, named ones too": (
        "SELECT sum(total) OVER w AS s, lag(total) OVER (w ORDER BY placed) AS before FROM orders "
        "WINDOW w AS (PARTITION BY customer_id)",
        [
            "s: orders.customer_id window, orders.total aggregation",
            "before: orders.customer_id window, orders.placed window, orders.total transformation",
        ],
    ),
    "grouping decides about rows, by name, place or all": (
        "SELECT customer_id AS c, count(*) AS n, sum(total) FILTER (WHERE placed > '2020-01-01') AS s FROM orders "
        "GROUP BY ALL HAVING s > 1 ORDER BY 2",
        [
            "c: orders.customer_id identity",
            "n:",
            "s: orders.placed conditional, orders.total aggregation",
            "*: orders.customer_id group_by, orders.placed filter, orders.total filter",
        ],
    ),
    "UNION compares whole rows, EXCEPT only decides": (
        "SELECT id FROM orders UNION (SELECT id FROM customers EXCEPT SELECT id FROM baskets)",
        [
            "id: customers.id identity, orders.id identity",
            "*: baskets.id filter group_by, customers.id filter group_by, orders.id group_by",
        ],
    ),
    "UNION BY NAME goes by name": (
        "SELECT id AS a, total AS b FROM orders UNION ALL BY NAME SELECT name AS c, id AS b FROM customers",
        [
            "a: orders.id identity",
            "b: customers.id identity, orders.total identity",
            "c: customers.name identity",
        ],
    ),
    "struct fields, as columns and by star": (
        "SELECT home.city, c.home.zip AS zip, home.* FROM customers c",
        [
            "city: customers.home transformation",
            "zip: customers.home transformation",
            "city: customers.home transformation",
            "zip: customers.home transformation",
        ],
    ),
    "unnest in FROM, and its structs": (
        "SELECT b.id, l.line.sku FROM baskets b, unnest(b.lines) AS l(line)",
        ["id: baskets.id identity", "sku: baskets.lines transformation", "*: baskets.lines join"],
    ),
    "a lateral join sees what stands before it": (
        "SELECT x.y FROM orders o, LATERAL (SELECT o.total + 1 AS y) x",
        ["y: orders.total transformation"],
    ),
    "an alias of the SELECT list may be used at once, but a column goes first": (
        "SELECT total AS t, t + 1 AS u, -id AS total, total AS v FROM orders",
        [
            "t: orders.total identity",
            "u: orders.total transformation",
            "total: orders.id transformation",
            "v: orders.total identity",
        ],
    ),
    "ORDER BY takes the alias first": (
        "SELECT id AS total FROM orders ORDER BY total LIMIT 1",
        ["total: orders.id identity", "*: orders.id sort"],
    ),
    "a pivot with its values": (
        "SELECT * FROM (SELECT customer_id, placed, total FROM orders) "
        "PIVOT (sum(total) AS s FOR placed IN ('2020-01-01' AS first, '2020-01-02'))",
        [
            "customer_id: orders.customer_id identity",
            "first_s: orders.placed conditional, orders.total aggregation",
            "2020-01-02_s: orders.placed conditional, orders.total aggregation",
            "*: orders.customer_id group_by",
        ],
    ),
    "an unpivot": (
        "UNPIVOT (SELECT id, customer_id FROM orders) ON id, customer_id INTO NAME what VALUE number",
        [
            "what:",
            "number: orders.customer_id transformation, orders.id transformation",
            "*: orders.customer_id filter, orders.id filter",
        ],
    ),
    "COLUMNS with a pattern, in a function": (
        "SELECT max(COLUMNS('id$')) FROM orders",
        ["id: orders.id aggregation", "customer_id: orders.customer_id aggregation"],
    ),
    "COLUMNS with a lambda that is a LIKE": (
        "SELECT COLUMNS(c -> c LIKE '%id') FROM orders",
        ["id: orders.id identity", "customer_id: orders.customer_id identity"],
    ),
    "a whole row as a value": (
        "SELECT c AS row FROM customers c",
        ["row: customers.home transformation, customers.id transformation, customers.name transformation"],
    ),
    "parameters of lambdas are no columns": (
        "SELECT list_transform(lines, id -> id.amount) AS a, [name.sku for name in lines if id > 1] AS s FROM baskets",
        ["a: baskets.lines transformation", "s: baskets.id conditional, baskets.lines transformation"],
    ),
    "names are the same in any case": (
        'SELECT O.ID, "Total" FROM ORDERS o',
        ["ID: orders.id identity", "Total: orders.total identity"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_lineage_of(case):
    sql, expected = CASES[case]
    assert told(sql) == expected


NOTES = {
    "SELECT wrong FROM orders": ("LINEAGE001", 'Column "wrong" is in none of the tables that are read there.'),
    "SELECT * FROM elsewhere": ("LINEAGE002", 'The columns of "elsewhere" are not all known, so "*" misses some.'),
    "SELECT COLUMNS(c -> length(c) > 3) FROM orders": (
        "LINEAGE004",
        "COLUMNS chooses by an expression; every column is taken to be chosen.",
    ),
    "PIVOT orders ON placed USING sum(total) GROUP BY id": (
        "LINEAGE005",
        "The columns of a PIVOT without IN depend on the data; each is traced as all of them.",
    ),
}


@pytest.mark.parametrize("sql", NOTES)
def test_what_can_only_be_read_roughly_is_said(sql):
    notes = lineage_of_sql(sql, INPUTS, path="models/m.sql").notes
    assert [(note.code, note.what, str(note.severity)) for note in notes][:1] == [(*NOTES[sql], "warning")]


def test_a_column_of_no_table_is_taken_to_depend_on_all_there_is():
    assert told("SELECT wrong AS w FROM baskets") == ["w: baskets.id transformation, baskets.lines transformation"]


def test_the_columns_that_an_engine_describes_complete_a_star_over_an_unknown_table():
    lineage = lineage_of_sql("SELECT * FROM landed", {"landed": {}}, output_columns=["a", "b"])
    assert [(c.name, [str(use.input) for use in c.inputs]) for c in lineage.columns] == [
        ("a", ["landed.a"]),
        ("b", ["landed.b"]),
    ]


def test_a_chain_of_two_thousand_unions_and_of_as_many_sums_needs_no_recursion():
    unions = " UNION ALL ".join(["SELECT id FROM orders"] * 2000)
    assert told(unions) == ["id: orders.id identity"]
    sums = "SELECT " + " + ".join(["total"] * 2000) + " AS s FROM orders"
    assert told(sums) == ["s: orders.total transformation"]


def test_a_query_nested_too_deeply_falls_back_to_its_tables_and_says_so():
    lineage = lineage_of_sql(
        "SELECT " + "(" * 3000 + "id" + ")" * 3000 + " AS i FROM orders", INPUTS, output_columns=["i"]
    )
    assert [column.name for column in lineage.columns] == ["i"]
    assert (lineage.exactness, [note.code for note in lineage.notes]) == ("table", ["LINEAGE009"])
    assert len(lineage.inputs_of("i")) == 9


def test_sql_that_does_not_parse_is_a_problem_with_its_line():
    with pytest.raises(Problem) as caught:
        lineage_of_sql("SELECT id\nFROM orders WHERE", INPUTS, path="models/m.sql")
    assert (caught.value.code, str(caught.value.where)) == ("GRAPH002", "models/m.sql:2:17")
