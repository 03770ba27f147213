import pytest
from small_meshes import product

from weft.base.problem import Place, Problem
from weft.graph.model_inputs import names_in_sql
from weft.graph.model_order import inputs_of, ordered_models


def _shop(**models):
    return product("sales/orders", reads=["crm/customers"], sources={"Lines": {}}, models=models)


def test_models_come_after_the_models_they_read():
    shop = _shop(
        a_report="SELECT * FROM orders JOIN customers USING (id)",
        orders="SELECT * FROM clean",
        clean="SELECT * FROM lines",
    )
    assert [m.name for m in ordered_models(shop)] == ["clean", "orders", "a_report"]


def test_names_come_back_as_declared_whatever_their_case():
    shop = _shop(clean='SELECT * FROM LINES, "Customers" c, unknown')
    assert inputs_of(shop.models[0], shop) == ("Lines", "customers", "unknown")


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("WITH orders AS (SELECT * FROM orders) SELECT * FROM orders", ["orders"]),
        ("WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM a) SELECT * FROM b", []),
        ("WITH a AS (SELECT * FROM b), b AS (SELECT 1 AS x) SELECT * FROM a", ["b"]),
        ("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t, u) SELECT * FROM t", ["u"]),
        ("SELECT (SELECT max(x) FROM b) FROM a WHERE EXISTS (FROM c WHERE c.x = a.x)", ["b", "a", "c"]),
        ("WITH a AS (SELECT 1) SELECT * FROM x WHERE y IN (WITH c AS (FROM d) SELECT * FROM c, a)", ["x", "d"]),
        ("SELECT * FROM sales.orders, unnest([1]) AS u(i), range(3)", ["sales.orders"]),
        ("PIVOT orders ON status USING sum(total)", ["orders"]),
        ("WITH o AS (FROM orders) PIVOT o ON status USING sum(total)", ["orders"]),
        ("FROM a UNION ALL BY NAME FROM b", ["a", "b"]),
        ("VALUES (1)", []),
    ],
)
def test_tables_that_a_query_reads(sql, reads):
    assert list(dict.fromkeys(name for name, _ in names_in_sql(sql))) == reads


def test_a_name_knows_its_place():
    assert names_in_sql('SELECT 1\nFROM a,\n  "b c"', "m.sql") == (
        ("a", Place("m.sql", 2, 6)),
        ("b c", Place("m.sql", 3, 3)),
    )


def test_inputs_of_a_python_model_are_its_parameters_without_a_default():
    shop = _shop(scored="import ibis\ndef model(customers: ibis.Table, lines, *, floor=3) -> ibis.Table:\n    ...")
    assert inputs_of(shop.models[0], shop) == ("customers", "Lines")


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("SELECT FROM WHERE", "GRAPH002", "domains/sales/orders/models/m.sql:1:17"),
        ("SELECT 1; SELECT 2", "GRAPH002", "domains/sales/orders/models/m.sql"),
        ("DELETE FROM lines", "GRAPH002", "domains/sales/orders/models/m.sql"),
        ("", "GRAPH002", "domains/sales/orders/models/m.sql"),
        ("def model(:", "GRAPH002", "domains/sales/orders/models/m.py:1:11"),
        ("def other(a): pass", "GRAPH003", "domains/sales/orders/models/m.py"),
    ],
)
def test_a_model_that_cannot_be_read_is_a_problem_with_its_place(text, code, place):
    shop = _shop(m=text)
    with pytest.raises(Problem) as caught:
        inputs_of(shop.models[0], shop)
    assert (caught.value.code, str(caught.value.where)) == (code, place)


def test_models_in_a_circle_are_named():
    with pytest.raises(Problem) as caught:
        ordered_models(_shop(a="FROM b", b="FROM a"))
    assert caught.value.code == "GRAPH004"
    assert "a -> b -> a" in caught.value.what


def test_a_model_may_read_the_input_port_of_its_own_name():
    shop = product("bi/customers", reads=["crm/customers"], models={"customers": "FROM customers"})
    assert [m.name for m in ordered_models(shop)] == ["customers"]
