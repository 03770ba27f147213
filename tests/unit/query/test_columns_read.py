"""Columns that a query reads: what usage is measured by."""

import pytest

from weft.query.columns_read import columns_read

ORDERS = {"id": "BIGINT", "customer": "BIGINT", "total": "DECIMAL(12,2)", "city": "VARCHAR"}
CUSTOMERS = {"id": "BIGINT", "name": "VARCHAR", "email": "VARCHAR"}
SCHEMA = {"sales/orders": ORDERS, "crm/customers": CUSTOMERS}


@pytest.mark.parametrize(
    ("sql", "orders", "customers"),
    [
        ('SELECT total FROM "sales/orders" AS o', "total", ""),
        ('SELECT * EXCLUDE (city) FROM "sales/orders" AS o', "id customer total", ""),
        ('SELECT count(*) FROM "sales/orders" AS o WHERE city = 1', "city", ""),
        (
            'SELECT c.name, sum(o.total) FROM "sales/orders" AS o '
            'JOIN "crm/customers" AS c ON o.customer = c.id GROUP BY 1',
            "customer total",
            "id name",
        ),
        (
            'SELECT name FROM "crm/customers" AS c WHERE id IN (SELECT customer FROM "sales/orders")',
            "customer",
            "id name",
        ),
        ('SELECT TOTAL FROM "sales/orders"', "total", ""),
        # A star in a CTE reads what it names, whatever is used of it later.
        ('WITH big AS (SELECT * FROM "sales/orders" WHERE total > 9) SELECT id FROM big', "id customer total city", ""),
    ],
)
def test_filters_joins_and_subqueries_count_as_read(sql, orders, customers):
    read = columns_read(sql, SCHEMA)
    assert {port: " ".join(columns) for port, columns in read.items()} == {
        "sales/orders": orders,
        "crm/customers": customers,
    }


def test_a_query_that_cannot_be_qualified_counts_as_reading_everything():
    assert columns_read('SELECT nonsense FROM "sales/orders"', {"sales/orders": ORDERS}) == {
        "sales/orders": tuple(ORDERS)
    }
