"""Ports in a consumer's query: found where they stand, and nothing else let through."""

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.query.port_references import find_port_references, with_relations

PORTS = [PortName.parse(name) for name in ("sales/orders", "sales/orders/items", "crm/customers")]
RELATIONS = {port: str(port) for port in PORTS}


def rewritten(sql: str) -> str:
    return with_relations(sql, find_port_references(sql, PORTS), RELATIONS)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM sales.orders", 'SELECT * FROM "sales/orders" AS "orders"'),
        ("SELECT * FROM sales.orders.items i", 'SELECT * FROM "sales/orders/items" i'),
        ('SELECT * FROM "sales/orders" AS o', 'SELECT * FROM "sales/orders" AS o'),
        ("select * from SALES.Orders", 'select * from "sales/orders" AS "Orders"'),
        (
            "WITH orders AS (SELECT 1 AS id) SELECT * FROM orders, sales.orders AS s",
            'WITH orders AS (SELECT 1 AS id) SELECT * FROM orders, "sales/orders" AS s',
        ),
        (
            "SELECT 'sales.orders' FROM crm.customers -- sales.orders\n",
            'SELECT \'sales.orders\' FROM "crm/customers" AS "customers" -- sales.orders\n',
        ),
        (
            "SELECT (SELECT count(*) FROM sales.orders) FROM crm.customers WHERE id IN "
            "(SELECT id FROM sales.orders.items)",
            'SELECT (SELECT count(*) FROM "sales/orders" AS "orders") FROM "crm/customers" AS "customers" '
            'WHERE id IN (SELECT id FROM "sales/orders/items" AS "items")',
        ),
    ],
)
def test_only_the_names_of_ports_are_replaced(sql, expected):
    assert rewritten(sql) == expected


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELEC 1 FROM", "GATE001"),
        ("SELECT 1; SELECT 2", "GATE002"),
        ("DROP TABLE sales.orders", "GATE002"),
        ("INSERT INTO sales.orders VALUES (1)", "GATE002"),
        ("WITH d AS (DELETE FROM sales.orders RETURNING *) SELECT * FROM d", "GATE002"),
        ("COPY sales.orders TO 'x.csv'", "GATE002"),
        ("ATTACH 'x.db'", "GATE002"),
        ("SET threads = 1", "GATE002"),
        ("SELECT * FROM sales.ordres", "GATE003"),
        ("SELECT * FROM orders", "GATE003"),
        ("SELECT * FROM duckdb_settings()", "GATE004"),
        ("SELECT * FROM read_csv('/etc/passwd')", "GATE004"),
        ("SELECT * FROM '/etc/passwd'", "GATE003"),
        ("SELECT * FROM sales.orders, read_text('/etc/passwd')", "GATE004"),
        ("SELECT (SELECT content FROM read_text('/etc/passwd'))", "GATE004"),
    ],
)
def test_what_is_not_one_select_over_ports_is_refused(sql, code):
    with pytest.raises(Problem) as caught:
        rewritten(sql)
    assert caught.value.code == code


def test_a_mistyped_port_is_named_with_its_place_and_the_nearest_one():
    with pytest.raises(Problem) as caught:
        rewritten("SELECT *\nFROM sales.ordres")
    assert str(caught.value.where) == "query:2:6"
    assert caught.value.fix == 'Did you mean "sales.orders"?'
