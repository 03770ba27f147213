"""Each materialization on a small table: what is published after new rows came."""

from datetime import UTC, datetime

import pytest

from weft.build.materialize.incremental import rows_to_make
from weft.build.materialize.merge import MergeInput
from weft.build.materialize.ways import WAYS
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.making import Materialization, ModelSettings

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
OLD = "(1, 'a', 10), (2, 'b', 20)"
NEW = "(2, 'B', 21), (3, 'c', 30)"


@pytest.fixture
def engine():
    with DuckDBEngine() as engine:
        yield engine


def add(engine, name, values):
    engine.add_view(name, f"SELECT * FROM (VALUES {values}) t(id, name, n)")


def published(engine, way, *, first=False, settings=None, key=("id",)):
    merged = WAYS[way](
        MergeInput("new", None if first else "now", ("id", "name", "n"), key, settings or ModelSettings(way), NOW)
    )
    rows = sorted(engine.rows(merged.sql), key=str)
    return merged.mode, rows


@pytest.mark.parametrize(
    ("way", "mode", "rows"),
    [
        ("replace", "replace", [(2, "B", 21), (3, "c", 30)]),
        ("view", "replace", [(2, "B", 21), (3, "c", 30)]),
        ("append", "append", [(2, "B", 21), (3, "c", 30)]),
        ("upsert", "replace", [(1, "a", 10), (2, "B", 21), (3, "c", 30)]),
        ("incremental", "replace", [(1, "a", 10), (2, "B", 21), (3, "c", 30)]),
    ],
)
def test_what_is_published_after_new_rows_came(engine, way, mode, rows):
    add(engine, "now", OLD)
    add(engine, "new", NEW)
    assert published(engine, Materialization(way)) == (mode, rows)


@pytest.mark.parametrize("way", list(Materialization))
def test_the_first_publication_holds_the_rows_of_the_model(engine, way):
    add(engine, "new", NEW)
    _, rows = published(engine, way, first=True)
    assert [row[:3] for row in rows] == [(2, "B", 21), (3, "c", 30)]


def test_a_key_that_is_null_is_one_key(engine):
    add(engine, "now", "(NULL, 'a', 1)")
    add(engine, "new", "(NULL, 'b', 2)")
    assert published(engine, Materialization.UPSERT)[1] == [(None, "b", 2)]


@pytest.mark.parametrize(
    ("lookback", "expected"),
    [(None, ["2026-05-03"]), ("1 day", ["2026-05-01", "2026-05-02", "2026-05-03"])],
)
def test_incremental_takes_rows_past_the_watermark_less_the_lookback(engine, lookback, expected):
    days = ", ".join(f"(DATE '2026-05-0{day}')" for day in (1, 2, 3))
    engine.add_view("new", f"SELECT * FROM (VALUES {days}) t(day)")
    engine.add_view("now", "SELECT DATE '2026-05-02' AS day")
    taken = engine.rows(f"SELECT day::VARCHAR FROM ({rows_to_make('new', 'now', 'day', lookback)}) ORDER BY 1")
    assert [day for (day,) in taken] == expected


def test_incremental_takes_a_row_without_a_watermark(engine):
    engine.add_view("new", "SELECT * FROM (VALUES (1, NULL), (2, 5)) t(id, n)")
    engine.add_view("now", "SELECT 9 AS n")
    assert engine.rows(rows_to_make("new", "now", "n", None)) == [(1, None)]


def versions(engine, *, settings=None):
    merged = WAYS[Materialization.SNAPSHOT](
        MergeInput("new", "now", ("id", "name", "n"), ("id",), settings or ModelSettings(), NOW)
    )
    return engine.rows(
        f"SELECT id, name, strftime(valid_from, '%d'), strftime(valid_to, '%d'), is_current FROM ({merged.sql}) "
        "ORDER BY id, valid_from"
    )


def add_versions(engine, values):
    engine.add_view(
        "now",
        "SELECT id, name, n, valid_from::TIMESTAMPTZ AS valid_from, valid_to::TIMESTAMPTZ AS valid_to, is_current "
        f"FROM (VALUES {values}) t(id, name, n, valid_from, valid_to, is_current)",
    )


def test_a_snapshot_keeps_each_version_with_the_time_for_which_it_was_true(engine):
    add_versions(
        engine,
        "(1, 'a', 10, '2026-05-01', NULL, true), (2, 'b', 20, '2026-05-01', NULL, true),"
        " (4, 'd', 40, '2026-05-01', NULL, true), (2, 'old', 19, '2026-04-01', '2026-05-01', false)",
    )
    add(engine, "new", "(1, 'a', 10), (2, 'B', 21), (3, 'c', 30)")
    assert versions(engine) == [
        (1, "a", "01", None, True),  # unchanged
        (2, "old", "01", "01", False),  # history is kept
        (2, "b", "01", "02", False),  # changed: closed ...
        (2, "B", "02", None, True),  # ... and opened
        (3, "c", "02", None, True),  # new
        (4, "d", "01", "02", False),  # no longer made: closed
    ]


def test_a_snapshot_by_updated_at_sees_only_later_rows_as_changes(engine):
    engine.add_view(
        "now",
        "SELECT 1 AS id, 'a' AS name, TIMESTAMP '2026-05-01' AS n, TIMESTAMPTZ '2026-05-01' AS valid_from, "
        "NULL::TIMESTAMPTZ AS valid_to, true AS is_current",
    )
    settings = ModelSettings(Materialization.SNAPSHOT, updated_at="n")
    engine.add_view("new", "SELECT 1 AS id, 'b' AS name, TIMESTAMP '2026-05-01' AS n")
    assert versions(engine, settings=settings) == [(1, "a", "01", None, True)]
    engine.add_view("new", "SELECT 1 AS id, 'b' AS name, TIMESTAMP '2026-05-07' AS n")
    assert versions(engine, settings=settings) == [(1, "a", "01", "07", False), (1, "b", "07", None, True)]


def test_a_snapshot_of_nothing_new_changes_nothing(engine):
    add(engine, "first", OLD)
    first = WAYS[Materialization.SNAPSHOT](
        MergeInput("first", None, ("id", "name", "n"), ("id",), ModelSettings(), NOW)
    )
    engine.add_table("now", first.sql)
    add(engine, "new", OLD)
    again = WAYS[Materialization.SNAPSHOT](MergeInput("new", "now", ("id", "name", "n"), ("id",), ModelSettings(), NOW))
    assert sorted(engine.rows(again.sql)) == sorted(engine.rows("FROM now"))
