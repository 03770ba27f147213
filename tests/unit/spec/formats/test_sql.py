"""DDL becomes a contract, and a contract DDL that a database takes and holds its rows to."""

import duckdb
import pytest
import sqlglot

from weft.base.problem import Problem
from weft.spec.formats.sql_dialects import DIALECTS
from weft.spec.formats.sql_source_types import dialect_of

ORDERS = """
CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(20) NOT NULL);

CREATE TABLE orders (
  id BIGINT PRIMARY KEY,
  status VARCHAR(9) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'sent')),
  customer INT REFERENCES customers (id),
  total DECIMAL(12,2) CHECK (total >= 0 AND total < 1000),
  placed_at TIMESTAMPTZ,
  UNIQUE (customer, placed_at),
  CONSTRAINT sent_has_customer CHECK (status = 'open' OR customer IS NOT NULL)
);
COMMENT ON TABLE orders IS 'What was ordered.';
COMMENT ON COLUMN orders.total IS 'Without tax.';
"""


def columns(imported, table=0):
    return {column["name"]: column for column in imported.document["schema"][table]["properties"]}


def test_tables_columns_constraints_and_comments_are_read(read):
    imported = read(ORDERS, "shop.sql")
    orders = imported.document["schema"][1]
    assert imported.notes == ()
    assert orders["description"] == "What was ordered."
    assert orders["properties"] == [
        {
            "name": "id",
            "logicalType": "integer",
            "physicalType": "BIGINT",
            "primaryKey": True,
            "primaryKeyPosition": 1,
            "required": True,
        },
        {
            "name": "status",
            "logicalType": "string",
            "physicalType": "VARCHAR(9)",
            "logicalTypeOptions": {"maxLength": 9},
            "required": True,
            "customProperties": [{"property": "default", "value": "open"}],
            "enum": [{"value": "open"}, {"value": "sent"}],
        },
        {
            "name": "customer",
            "logicalType": "integer",
            "physicalType": "INTEGER",
            "relationships": [{"to": "customers.id"}],
        },
        {
            "name": "total",
            "logicalType": "number",
            "physicalType": "DECIMAL(12,2)",
            "logicalTypeOptions": {"minimum": 0, "exclusiveMaximum": 1000},
            "description": "Without tax.",
        },
        {
            "name": "placed_at",
            "logicalType": "timestamp",
            "physicalType": "TIMESTAMP WITH TIME ZONE",
            "logicalTypeOptions": {"timezone": True},
        },
    ]
    assert [(rule["name"], rule.get("query")) for rule in orders["quality"]] == [
        ("unique_customer_placed_at", None),
        (
            "sent_has_customer",
            "SELECT count(*) FROM ${table} WHERE NOT (status = 'open' OR NOT customer IS NULL)",
        ),
    ]


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("CREATE TABLE a (id SERIAL PRIMARY KEY, b JSONB)", "postgres"),
        ("CREATE TABLE `a` (`id` int(11) NOT NULL AUTO_INCREMENT) ENGINE=InnoDB", "mysql"),
        ("CREATE TABLE a (id NUMBER(10), t TIMESTAMP_NTZ)", "snowflake"),
        ("CREATE TABLE `p.d.a` (id INT64 OPTIONS(description='x'))", "bigquery"),
        ("CREATE TABLE [dbo].[a] ([id] INT IDENTITY(1,1), [n] NVARCHAR(50))\nGO", "tsql"),
        ("CREATE TABLE a (n VARCHAR2(20), id NUMBER(10))", "oracle"),
        ("CREATE TABLE a (id BIGINT, s STRUCT<b: INT>) USING delta", "spark"),
        ("CREATE TABLE a (id BIGINT)", "duckdb"),
    ],
)
def test_the_dialect_of_a_script_is_found_and_read(read, text, dialect):
    assert dialect_of(text) == dialect
    assert set(columns(read(text, "a.sql"))) & {"id", "n"}


@pytest.mark.parametrize(
    ("dialect", "written", "logical", "physical"),
    [
        ("postgres", "character varying(5)", "string", "VARCHAR(5)"),
        ("postgres", "double precision", "number", "DOUBLE PRECISION"),
        ("postgres", "real", "number", "REAL"),
        ("postgres", "int[]", "array", None),
        ("mysql", "tinyint(1)", "integer", "TINYINT(1)"),
        ("mysql", "datetime", "timestamp", "DATETIME"),
        ("mysql", "bit(1)", "boolean", "BIT(1)"),
        ("tsql", "bit", "boolean", "BIT"),
        ("tsql", "datetime2", "timestamp", "DATETIME2"),
        ("tsql", "float", "number", "DOUBLE"),
        ("tsql", "uniqueidentifier", "string", "UUID"),
        ("oracle", "number(10)", "number", "NUMBER(10)"),
        ("snowflake", "number", "number", "DECIMAL(38, 0)"),
        ("snowflake", "variant", "object", "VARIANT"),
        ("bigquery", "numeric", "number", "DECIMAL(38,9)"),
        ("bigquery", "datetime", "timestamp", "DATETIME"),
        ("spark", "map<string, int>", "map", None),
    ],
)
def test_a_type_keeps_its_meaning_and_its_words_where_weft_reads_them_alike(read, dialect, written, logical, physical):
    column = columns(read(f"CREATE TABLE a (c {written})", "a.sql", "sql", dialect))["c"]
    assert (column["logicalType"], column.get("physicalType")) == (logical, physical)


def test_constraints_that_are_added_later_count(read):
    text = """
    CREATE TABLE public.b (id int, other int);
    CREATE TABLE public.a (id int);
    ALTER TABLE ONLY public.a ADD CONSTRAINT a_pkey PRIMARY KEY (id);
    ALTER TABLE ONLY public.b ADD CONSTRAINT b_fk FOREIGN KEY (other) REFERENCES public.a(id);
    CREATE UNIQUE INDEX b_id ON public.b (id);
    """
    found = columns(read(text, "a.sql", "sql", "postgres"))
    assert found["other"]["relationships"] == [{"to": "a.id"}]
    assert found["id"]["unique"] is True


def test_what_is_no_promise_is_told_with_its_line(read):
    text = "CREATE TABLE a (id INT);\n\nINSERT INTO a VALUES (1);\nCREATE TABLE b AS SELECT 1 AS x;\n"
    notes = read(text, "a.sql").notes
    assert [(note.code, note.where.line, note.what) for note in notes] == [
        ("FORMAT007", 3, "A statement INSERT says nothing that a contract could hold."),
        ("FORMAT007", 4, '"b" is made by a query: its columns have no types here.'),
    ]


def test_a_mistake_of_syntax_names_its_line(read):
    with pytest.raises(Problem) as caught:
        read("CREATE TABLE a (\n  id INT,\n  b VARCHAR(\n);", "a.sql", "sql")
    assert (caught.value.code, caught.value.where.line) == ("FORMAT002", 4)


def test_a_table_that_does_not_parse_is_an_error_and_what_else_does_not_a_note(read, caplog):
    with pytest.raises(Problem) as caught:
        read("CREATE TABLE a (id INT);\n\nCREATE TABLE b id INT);", "a.sql", "sql")
    assert (caught.value.code, caught.value.where.line) == ("FORMAT002", 3)
    imported = read("CREATE TABLE a (id INT);\nALTER TABLE a ENABLE ROW LEVEL SECURITY;", "a.sql", "sql")
    assert [(note.code, note.where.line) for note in imported.notes] == [("FORMAT007", 2)]
    assert caplog.text == ""


def test_a_script_without_tables_is_told(read):
    with pytest.raises(Problem) as caught:
        read("SELECT 1", "a.sql", "sql")
    assert caught.value.code == "FORMAT003"


def test_duckdb_takes_the_export_and_holds_rows_to_it(read, write):
    ddl = write(read(ORDERS, "shop.sql").document, "sql")
    assert ddl.notes == ()
    with duckdb.connect() as database:
        database.execute(ddl.content.decode())
        database.execute("INSERT INTO customers VALUES (1, 'Ada')")
        database.execute("INSERT INTO orders VALUES (1, 'open', 1, 5, now())")
        for row in (
            "(2, 'lost', 1, 5, NULL)",
            "(2, 'open', 7, 5, NULL)",
            "(2, 'open', 1, 1000, NULL)",
            "(2, 'sent', NULL, 5, NULL)",
            "(1, 'open', 1, 5, NULL)",
        ):
            with pytest.raises(duckdb.ConstraintException):
                database.execute(f"INSERT INTO orders VALUES {row}")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_export_reads_back_in_its_dialect(read, write, dialect):
    exported = write(read(ORDERS, "shop.sql").document, "sql", dialect=dialect)
    assert len([one for one in sqlglot.parse(exported.content.decode(), read=dialect) if one]) >= 2
    again = read(exported.content, "shop.sql", "sql", dialect)
    kept = [(c["name"], c["logicalType"], c.get("required")) for c in columns(again, 1).values()]
    first = [(c["name"], c["logicalType"], c.get("required")) for c in columns(read(ORDERS, "shop.sql"), 1).values()]
    assert [name for name, _, _ in kept] == [name for name, _, _ in first]
    assert [r for _, _, r in kept] == [r for _, _, r in first] or dialect == "spark"


def test_tables_stand_after_those_that_they_refer_to(write):
    document = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "c",
        "version": "1.0.0",
        "schema": [
            {
                "name": "b",
                "properties": [
                    {"name": "a", "logicalType": "integer", "relationships": [{"to": "a.id"}]},
                    {"name": "z", "logicalType": "integer", "relationships": [{"to": "far.id"}]},
                ],
            },
            {"name": "a", "properties": [{"name": "id", "logicalType": "integer", "primaryKey": True}]},
        ],
    }
    exported = write(document, "sql")
    text = exported.content.decode()
    assert text.index('CREATE TABLE "a"') < text.index('CREATE TABLE "b"')
    assert [note.what for note in exported.notes] == [
        "A reference of b to far is not written: the table is not part of what is exported."
    ]
