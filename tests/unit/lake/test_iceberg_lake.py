import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.iceberg_lake import Lake

ITEMS = PortName("sales", "orders", "items")


def test_a_port_that_was_never_published_has_no_files_no_snapshot_and_no_history(bench):
    assert bench.lake.files(bench.port) is None
    assert bench.lake.snapshot(bench.port) is None
    assert bench.lake.snapshots(bench.port) == []
    assert bench.lake.as_of(bench.port, datetime.now(UTC)) is None
    assert bench.lake.heads() == {}


def test_replacing_shows_the_new_rows_only_and_keeps_the_old_snapshot_readable(bench):
    first = bench.publish("SELECT 1 AS id, 'open' AS status")
    second = bench.publish("SELECT 2 AS id, 'paid' AS status")
    assert bench.rows() == [(2, "paid")]
    assert bench.rows(first.snapshot_id) == [(1, "open")]
    assert (first.parent_id, second.parent_id) == (None, first.snapshot_id)
    assert [s.snapshot_id for s in bench.lake.snapshots(bench.port)] == [second.snapshot_id, first.snapshot_id]


def test_appending_adds_rows_and_counts_all_of_them(bench):
    bench.publish("SELECT 1 AS id")
    snapshot = bench.publish("SELECT 2 AS id UNION ALL SELECT 3", mode="append")
    assert sorted(bench.rows()) == [(1,), (2,), (3,)]
    assert snapshot.rows == 3
    assert bench.lake.files(bench.port).rows == 3


def test_a_publication_without_a_row_empties_the_table_but_keeps_its_columns(bench):
    bench.publish("SELECT 1 AS id, 'a' AS note")
    snapshot = bench.publish("SELECT 1 AS id, 'a' AS note WHERE false")
    assert (bench.rows(), bench.columns(), snapshot.rows) == ([], ["id", "note"], 0)
    bench.publish("SELECT 5 AS id, 'b' AS note", mode="append")
    assert bench.rows() == [(5, "b")]


def test_the_first_publication_may_be_empty(bench):
    bench.publish("SELECT 1 AS id WHERE false")
    assert (bench.rows(), bench.columns()) == ([], ["id"])


def test_properties_are_kept_with_the_snapshot(bench):
    bench.publish("SELECT 1 AS id", properties={"weft.run-id": "r-1", "weft.contract-version": "1.2.0"})
    properties = bench.reopened().snapshot(bench.port).properties
    assert (properties["weft.run-id"], properties["weft.contract-version"]) == ("r-1", "1.2.0")


def test_a_builder_that_read_an_older_state_is_refused_and_changes_nothing(bench):
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id")
    for stale in (first.snapshot_id, None):
        with pytest.raises(Problem) as caught:
            bench.publish("SELECT 3 AS id, 'new' AS note", parent=stale)
        assert caught.value.code == "LAKE002"
    assert (bench.rows(), bench.columns()) == ([(2,)], ["id"])


def test_a_builder_that_read_a_table_which_is_gone_is_refused(bench):
    with pytest.raises(Problem, match="published by somebody else"):
        bench.publish("SELECT 1 AS id", parent=42)


def test_as_of_answers_what_readers_saw_then_even_after_a_rollback(bench):
    first = bench.publish("SELECT 1 AS id")
    second = bench.publish("SELECT 2 AS id")
    bench.lake.rollback(bench.port, first.snapshot_id)
    seen = [
        bench.lake.as_of(bench.port, instant)
        for instant in (
            first.committed_at - timedelta(milliseconds=1),
            first.committed_at,
            second.committed_at,
            datetime.now(UTC) + timedelta(seconds=1),
        )
    ]
    assert [s and s.snapshot_id for s in seen] == [None, first.snapshot_id, second.snapshot_id, first.snapshot_id]


def test_an_unknown_snapshot_is_told_with_those_that_there_are(bench):
    snapshot = bench.publish("SELECT 1 AS id")
    with pytest.raises(Problem) as caught:
        bench.lake.files(bench.port, 7)
    assert caught.value.code == "LAKE005"
    assert str(snapshot.snapshot_id) in caught.value.expected


def test_heads_name_the_snapshot_of_every_published_port(bench):
    orders = bench.publish("SELECT 1 AS id")
    items = bench.publish("SELECT 1 AS id", port=ITEMS)
    assert bench.reopened().heads() == {bench.port: orders.snapshot_id, ITEMS: items.snapshot_id}
    assert bench.reopened().head_snapshots() == {bench.port: orders, ITEMS: items}
    assert bench.reopened().ports() == (ITEMS, bench.port)


def test_reading_a_published_table_needs_no_pyiceberg(bench):
    bench.publish("SELECT 1 AS id")
    code = f"""
import sys
from weft.lake.iceberg_lake import Lake
from weft.base.names import PortName
lake = Lake("sqlite:///{bench.folder / "catalog.db"}", "{bench.folder / "tables"}")
port = PortName("sales", "orders", "orders")
assert lake.files(port).rows == 1 and lake.heads() and lake.snapshots(port)
print([name for name in ("pyiceberg", "sqlalchemy", "pyarrow", "duckdb", "pydantic") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_files_are_planned_from_the_manifests_where_no_list_was_kept(bench):
    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id", mode="append")
    kept = bench.lake.files(bench.port)
    for path in bench.folder.rglob("files-*.json"):
        path.unlink()
    assert bench.reopened().files(bench.port) == kept
    assert list(bench.folder.rglob("files-*.json"))


def test_a_broken_file_list_is_planned_anew(bench):
    bench.publish("SELECT 1 AS id")
    (kept,) = bench.folder.rglob("files-*.json")
    before = bench.lake.files(bench.port)
    kept.write_text(json.dumps({"version": 99})[:-3], encoding="utf-8")
    assert bench.reopened().files(bench.port) == before


def test_a_table_that_was_moved_away_is_told_with_its_place(bench):
    bench.publish("SELECT 1 AS id")
    (bench.folder / "tables").rename(bench.folder / "elsewhere")
    with pytest.raises(Problem) as caught:
        bench.reopened().files(bench.port)
    assert caught.value.code == "LAKE007"


def test_a_broken_catalogue_is_a_problem_not_a_traceback(tmp_path):
    (tmp_path / "catalog.db").write_bytes(b"this is no database, and long enough to be looked at" * 50)
    lake = Lake(f"sqlite:///{tmp_path / 'catalog.db'}", str(tmp_path / "tables"))
    with pytest.raises(Problem) as caught:
        lake.snapshot(PortName("a", "b", "b"))
    assert caught.value.code == "LAKE001"


def test_object_storage_is_refused_with_a_fix(tmp_path):
    with pytest.raises(Problem, match="object storage is not supported yet"):
        Lake(f"sqlite:///{tmp_path / 'catalog.db'}", "s3://bucket/tables")


def test_a_folder_whose_name_looks_like_a_pattern_is_read_all_the_same(tmp_path):
    from weft.engine.duckdb_engine import DuckDBEngine

    folder = tmp_path / "my [old] mesh * é"
    folder.mkdir()
    lake = Lake(f"sqlite:///{folder / 'catalog.db'}", str(folder / "tables"))
    port = PortName("a", "b", "b")
    with DuckDBEngine(threads=1) as engine:
        fields = lake.fields_for(port, {"id": "INTEGER"})
        file = engine.write_parquet("SELECT 1 AS id", str(lake.data_folder(port) / "x.parquet"), fields)
        lake.publish(port, fields, [file], mode="replace", parent=None, properties={})
        engine.add_files("read", lake.files(port))
        engine.lock_down(lake.files(port).paths)
        assert engine.rows("FROM read") == [(1,)]
    lake.close()
