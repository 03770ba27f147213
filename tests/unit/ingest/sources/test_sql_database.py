"""SQLite: types as declared, dirty values told, only what is new."""

# ruff: noqa: DTZ001 (the values have no time zone)

import sqlite3
from datetime import date, datetime
from decimal import Decimal

import pytest

TABLE = """
CREATE TABLE orders (id INTEGER PRIMARY KEY, total DECIMAL(12,2), day DATE, at TIMESTAMP, paid BOOLEAN,
                     note TEXT, loose INTEGER, empty_date DATE, picture BLOB);
INSERT INTO orders VALUES (2, 0.30000000000000004, '2026-01-02', '2026-01-02T10:00:00', 0, 'a:b %', 5, NULL, x'00ff'),
                          (1, 9.5, '2026-01-01', '2026-01-01 10:00:00', 1, NULL, 'five', NULL, NULL);
"""


@pytest.fixture
def database(lander):
    connection = sqlite3.connect(lander.root / "orders.db")
    connection.executescript(TABLE)
    yield connection
    connection.close()


def source(lander, **options):
    return lander.source("sql", url="sqlite:///orders.db", **options)


def test_a_table_has_the_types_that_it_declares(lander, rows, codes, database):
    landing = lander.land(source(lander, table="orders"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "total": "DECIMAL(12,2)",
        "day": "DATE",
        "at": "TIMESTAMP",
        "paid": "BOOLEAN",
        "note": "VARCHAR",
        "loose": "VARCHAR",
        "empty_date": "DATE",
        "picture": "BLOB",
    }
    assert rows(landing) == [
        (1, Decimal("9.50"), date(2026, 1, 1), datetime(2026, 1, 1, 10), True, None, "five", None, None),
        (2, Decimal("0.30"), date(2026, 1, 2), datetime(2026, 1, 2, 10), False, "a:b %", "5", None, b"\x00\xff"),
    ]
    assert codes(landing) == ["SOURCE033"]
    assert 'Column "loose"' in landing.problems[0].what


def test_a_declared_type_rejects_the_rows_that_do_not_fit(lander, rejected, database):
    landing = lander.land(source(lander, table="orders", columns={"loose": "bigint"}))
    assert rejected(landing) == [(1, 'column "loose" does not fit BIGINT')]
    assert (landing.rows_in_files, landing.rows_landed) == (2, 1)


def test_a_query_may_hold_colons_and_percents(lander, rows, database):
    landing = lander.land(source(lander, query="SELECT id, 'x:y' AS c FROM orders WHERE note LIKE 'a:b %';"))
    assert rows(landing) == [(2, "x:y")]


def test_equal_content_is_unchanged_and_the_file_says_so_cheaply(lander, database):
    wanted = source(lander, table="orders")
    first = lander.land(wanted)
    assert not lander.changed(wanted, first)
    assert lander.changed(source(lander, table="orders", cursor="at"), first)
    database.execute("UPDATE orders SET note = note")
    database.commit()
    assert lander.land(wanted, first).unchanged
    database.execute("INSERT INTO orders (id) VALUES (3)")
    database.commit()
    assert lander.changed(wanted, first)
    assert lander.land(wanted, first).rows_landed == 3


def test_a_cursor_reads_only_what_is_new_and_loses_nothing_at_the_same_moment(lander, rows, database):
    wanted = source(lander, query="SELECT id, at FROM orders", cursor="at")
    first = lander.land(wanted)
    assert lander.land(wanted, first).unchanged
    database.execute(
        "INSERT INTO orders (id, at) VALUES (3, '2026-01-02T10:00:00'), (4, '2025-01-01'), (5, '2026-01-03')"
    )
    database.commit()
    second = lander.land(wanted, first)
    assert [row[0] for row in rows(second)] == [1, 2, 3, 5]
    assert (second.rows_new, len(second.raw)) == (2, 2)
    assert lander.land(wanted, second).unchanged


def test_rows_without_a_cursor_are_told(lander, codes, database):
    database.execute("INSERT INTO orders (id) VALUES (3)")
    database.commit()
    landing = lander.land(source(lander, query="SELECT id, at FROM orders", cursor="at"))
    assert (landing.rows_landed, codes(landing)) == (3, ["SOURCE034"])


@pytest.mark.parametrize(
    ("options", "code", "fix"),
    [
        ({"table": "order"}, "SOURCE031", 'Did you mean "orders"?'),
        ({"query": "SELECT nope FROM orders"}, "SOURCE031", None),
        ({"query": "SELECT id, id FROM orders"}, "SOURCE031", None),
        ({"table": "orders", "cursor": "att"}, "SOURCE032", 'Did you mean "at"?'),
        ({"query": "SELECT id FROM orders", "cursor": "idd"}, "SOURCE032", 'Did you mean "id"?'),
        ({}, "SOURCE003", None),
        ({"table": "orders", "query": "SELECT 1"}, "SOURCE003", None),
    ],
)
def test_mistakes_are_told(lander, refused, database, options, code, fix):
    (problem,) = refused(lambda: lander.land(source(lander, **options)))
    assert problem.code == code
    assert fix is None or problem.fix == fix


def test_a_mistyped_file_is_not_made(lander, refused):
    (problem,) = refused(lambda: lander.land(lander.source("sql", url="sqlite:///oders.db", table="orders")))
    assert problem.code == "SOURCE005"
    assert not (lander.root / "oders.db").exists()


def test_a_query_cannot_write(lander, refused, database):
    refused(lambda: lander.land(source(lander, query="DELETE FROM orders RETURNING id")))
    assert database.execute("SELECT count(*) FROM orders").fetchone() == (2,)


def test_an_address_that_is_none_is_told_without_its_words(lander, refused):
    (problem,) = refused(lambda: lander.land(lander.source("sql", url="s3cret", table="orders")))
    assert (problem.code, "s3cret" in str(problem)) == ("SOURCE030", False)
