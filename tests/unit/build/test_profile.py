"""One look at a table tells what its columns hold, and nothing personal."""

from weft.base.problem import Place
from weft.build.profile import profile
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.contract import Column, Table

PLACE = Place("orders.yaml")
TABLE = Table(
    "orders",
    PLACE,
    (
        Column("n", PLACE, "integer"),
        Column("word", PLACE, "string"),
        Column("email", PLACE, "string", classification="Restricted"),
        Column("tags", PLACE, "array"),
    ),
)


def test_a_profile_has_shares_estimates_and_extremes_and_counts_only_of_personal_columns():
    with DuckDBEngine() as engine:
        engine.add_view(
            "orders",
            "SELECT * FROM (VALUES (1::BIGINT, 'a', 'x@y', ['p']), (2, 'b', 'x@y', NULL), (3, 'a', NULL, []),"
            " (NULL, 'a', 'z@y', [])) t(n, word, email, tags)",
        )
        rows, columns = profile(engine, "orders", TABLE)
    assert rows == 4
    assert columns == {
        "n": {
            "type": "BIGINT",
            "distinct": 3,
            "min": "1",
            "max": "3",
            "top": ["1", "2", "3"],
            "null_share": 0.25,
        },
        "word": {"type": "VARCHAR", "distinct": 2, "min": "a", "max": "b", "top": ["a", "b"], "null_share": 0.0},
        "email": {"type": "VARCHAR", "distinct": 2, "is_personal": True, "null_share": 0.25},
        "tags": {"type": "VARCHAR[]", "null_share": 0.25},
    }


def test_a_table_without_rows_has_a_profile_too():
    with DuckDBEngine() as engine:
        engine.add_empty("orders", {"n": "BIGINT", "word": "VARCHAR"})
        rows, columns = profile(engine, "orders", TABLE)
    assert rows == 0
    assert columns["word"] == {
        "type": "VARCHAR",
        "distinct": 0,
        "min": None,
        "max": None,
        "top": [],
        "null_share": 0.0,
    }


def test_long_texts_are_cut():
    with DuckDBEngine() as engine:
        engine.add_view("orders", "SELECT repeat('x', 5000) AS word")
        _, columns = profile(engine, "orders", TABLE)
    assert {len(columns["word"]["max"]), len(columns["word"]["top"][0])} == {80}
