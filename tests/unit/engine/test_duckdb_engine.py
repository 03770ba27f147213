"""The engine protocol on DuckDB."""

import threading
import time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weft.base.data_files import DataFiles, Field
from weft.base.problem import Problem
from weft.engine.duckdb_engine import DuckDBEngine

ODD_NAMES = ["orders", "sales/orders", 'say "so"', "sales.orders", "größe", "select", "a b", "x;y", "--x"]


@pytest.fixture
def engine(tmp_path):
    with DuckDBEngine(memory="500MB", threads=2, temp_folder=tmp_path / "spill") as session:
        yield session


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_relation_may_have_any_name(engine, name, tmp_path):
    quoted = '"' + name.replace('"', '""') + '"'
    file = engine.write_parquet("SELECT 6 AS v", str(tmp_path / "v.parquet"), [Field("v", "INTEGER", 1)])
    ways = [
        lambda: engine.add_view(name, "SELECT 1 AS v"),
        lambda: engine.add_table(name, "SELECT 2 AS v"),
        lambda: engine.add_arrow(name, pa.table({"v": [3]})),
        lambda: engine.add_view(name, "SELECT 4 AS v"),
        lambda: engine.add_arrow(name, pa.table({"v": [5]})),
        lambda: engine.add_files(name, DataFiles((file.path,), (Field("v", "INTEGER", 1),), 1)),
        lambda: engine.add_table(name, "SELECT 7 AS v"),
    ]
    seen = []
    for add in ways:
        add()
        seen += engine.rows(f"FROM {quoted}")
    assert seen == [(number,) for number in range(1, 8)]
    engine.drop(name)
    engine.drop(name)
    with pytest.raises(Problem):
        engine.rows(f"FROM {quoted}")


def test_a_table_is_computed_once_and_its_rows_are_counted(engine):
    assert engine.add_table("t", "SELECT random() AS r FROM range(5)") == 5
    assert engine.rows("SELECT sum(r) FROM t") == engine.rows("SELECT sum(r) FROM t")


def test_an_empty_relation_has_its_columns_and_types(engine):
    engine.add_empty("e", {"id": "BIGINT", "the tags": "VARCHAR[]"})
    assert (engine.rows("FROM e"), engine.describe("FROM e")) == ([], {"id": "BIGINT", "the tags": "VARCHAR[]"})


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1 AS v",
        "SELECT 1 AS v;",
        "SELECT 1 AS v -- one",
        "SELECT 1 AS v; -- one",
        "WITH a AS (SELECT 1 AS v) FROM a",
    ],
)
def test_a_query_may_end_as_people_end_it(engine, sql, tmp_path):
    engine.add_view("v", sql)
    assert engine.rows("FROM v") == [(1,)]
    assert engine.add_table("t", sql) == 1
    assert engine.describe(sql) == {"v": "INTEGER"}
    assert engine.write_parquet(sql, str(tmp_path / "v.parquet")).rows == 1


def test_a_semicolon_within_a_text_ends_nothing(engine):
    engine.add_view("v", "SELECT 'a;b' AS v; -- c")
    assert engine.rows("FROM v") == [("a;b",)]


def test_two_statements_are_no_query(engine):
    with pytest.raises(Problem, match="not one statement"):
        engine.add_view("v", "SELECT 1; DROP TABLE x")


def test_parameters_are_bound(engine):
    assert engine.rows("SELECT ? || ?", ["a'; --", "b"]) == [("a'; --b",)]
    assert engine.arrow("SELECT ? AS v", [1]).to_pylist() == [{"v": 1}]


def test_time_is_utc_whatever_the_machine_says(engine):
    assert engine.rows("SELECT TIMESTAMPTZ '2026-01-01 12:00:00+02'::VARCHAR") == [("2026-01-01 10:00:00+00",)]


def test_python_variables_are_no_tables(engine):
    secret = pa.table({"v": [1]})
    assert secret is not None
    with pytest.raises(Problem, match="ENGINE001"):
        engine.rows("FROM secret")


def test_rows_keep_the_order_of_their_query_in_the_file(engine, tmp_path):
    sql = "SELECT range AS v FROM range(500000) ORDER BY hash(range)"
    file = engine.write_parquet(sql, str(tmp_path / "v.parquet"))
    assert pq.read_table(file.path).column("v").to_pylist() == [v for (v,) in engine.rows(sql)]


def test_a_written_file_has_rows_bytes_types_and_ids_as_asked(engine, tmp_path):
    fields = [
        Field("total", "DECIMAL(12,2)", 7),
        Field("tags", "VARCHAR[]", 3, (Field("element", "VARCHAR", 4),)),
        Field("at", "STRUCT(x INTEGER, y INTEGER)", 5, (Field("x", "INTEGER", 6), Field("y", "INTEGER", 9))),
        Field("m", "MAP(VARCHAR, INTEGER)", 10, (Field("key", "VARCHAR", 11), Field("value", "INTEGER", 12))),
    ]
    sql = "SELECT MAP {'k': 1} AS m, {'y': 2, 'x': 1} AS at, ['a'] AS tags, 1.5 AS total, 'left out' AS other"
    file = engine.write_parquet(sql, str(tmp_path / "deep" / "v.parquet"), fields)
    assert (file.rows, file.size_bytes) == (1, Path(file.path).stat().st_size)
    ids = engine.rows("SELECT name, field_id FROM parquet_schema(?) WHERE field_id IS NOT NULL ORDER BY 2", [file.path])
    assert ids == [
        ("tags", 3),
        ("element", 4),
        ("at", 5),
        ("x", 6),
        ("total", 7),
        ("y", 9),
        ("m", 10),
        ("key", 11),
        ("value", 12),
    ]
    engine.add_files("read", DataFiles((file.path,), tuple(fields), 1))
    assert engine.rows("FROM read") == [(Decimal("1.50"), ["a"], {"x": 1, "y": 2}, {"k": 1})]


def test_a_file_that_cannot_be_written_whole_is_not_left_behind(engine, tmp_path):
    target = tmp_path / "v.parquet"
    with pytest.raises(Problem, match="ENGINE001"):
        engine.write_parquet(
            "SELECT CAST(if(range = 299999, 'x', '1') AS INTEGER) AS v FROM range(300000)", str(target)
        )
    assert list(tmp_path.glob("*.parquet")) == []


def test_a_value_that_does_not_fit_the_field_is_told_with_its_column(engine, tmp_path):
    with pytest.raises(Problem) as caught:
        engine.write_parquet("SELECT 'secret' AS v", str(tmp_path / "v.parquet"), [Field("v", "INTEGER", 1)])
    assert (caught.value.what, "v" in caught.value.found) == ("A value cannot be converted to INT32.", True)


def test_files_are_read_by_id_whatever_their_columns_are_called(engine, tmp_path):
    old = engine.write_parquet(
        "SELECT 1 AS a, 'x' AS b", str(tmp_path / "old.parquet"), [Field("a", "INTEGER", 1), Field("b", "VARCHAR", 2)]
    )
    new = engine.write_parquet(
        "SELECT 9 AS b, 2::BIGINT AS id",
        str(tmp_path / "new.parquet"),
        [Field("b", "INTEGER", 3), Field("id", "BIGINT", 1)],
    )
    files = DataFiles((old.path, new.path), (Field("id", "BIGINT", 1), Field("b", "INTEGER", 3)), 2)
    engine.add_files("read", files)
    assert engine.rows("FROM read ORDER BY id") == [(1, None), (2, 9)]
    assert engine.describe("FROM read") == {"id": "BIGINT", "b": "INTEGER"}


def test_a_table_without_a_file_is_an_empty_relation(engine):
    engine.add_files("read", DataFiles((), (Field("id", "BIGINT", 1),), 0))
    assert (engine.rows("FROM read"), engine.describe("FROM read")) == ([], {"id": "BIGINT"})


def test_plain_files_are_read_by_name_and_cast(engine, tmp_path):
    engine.write_parquet("SELECT 1 AS id, '7' AS n", str(tmp_path / "a.parquet"))
    engine.write_parquet("SELECT 'x' AS note, 2 AS id", str(tmp_path / "b.parquet"))
    paths = [str(tmp_path / "a.parquet"), str(tmp_path / "b.parquet")]
    engine.add_parquet("p", paths)
    assert sorted(engine.rows("SELECT id, n, note FROM p")) == [(1, "7", None), (2, None, "x")]
    engine.add_parquet("p", paths, {"n": "INTEGER", "id": "BIGINT"})
    assert sorted(engine.rows("SELECT n FROM p"), key=str) == [(7,), (None,)]
    engine.add_parquet("p", [], {"id": "BIGINT"})
    assert engine.describe("FROM p") == {"id": "BIGINT"}


def test_a_query_larger_than_memory_spills_and_leaves_nothing_behind(tmp_path):
    folder = tmp_path / "cache" / "spill"  # as in a fresh storage, where nobody has made it yet
    with DuckDBEngine(memory="60MB", threads=1, temp_folder=folder) as engine:
        engine.add_table(
            "big", "SELECT range AS id, hash(range)::VARCHAR || repeat('x', 40) AS note FROM range(2000000)"
        )
        assert engine.rows("SELECT count(*) FROM (SELECT * FROM big ORDER BY note)") == [(2000000,)]
        assert len(list(folder.rglob("*"))) > 1
    assert list(folder.iterdir()) == []


def test_too_little_memory_is_a_problem_with_a_fix(tmp_path):
    with DuckDBEngine(memory="20MB", threads=1, temp_folder=tmp_path) as engine, pytest.raises(Problem) as caught:
        engine.rows("SELECT length(string_agg(repeat('x', 1000) || range, '')) FROM range(200000)")
    assert (caught.value.code, "memory: 4GB" in caught.value.fix) == ("ENGINE002", True)


def test_a_query_is_stopped_from_another_thread(engine):
    stopper = threading.Timer(0.3, engine.interrupt)
    stopper.start()
    started = time.monotonic()
    with pytest.raises(Problem) as caught:
        engine.rows("SELECT count(*) FROM range(100000000) a, range(1000) b WHERE hash(a.range + b.range) = 1")
    assert (caught.value.code, time.monotonic() - started < 20) == ("ENGINE004", True)
    assert engine.rows("SELECT 1") == [(1,)]


def test_a_setting_that_duckdb_does_not_understand_is_a_problem():
    with pytest.raises(Problem):
        DuckDBEngine(memory="plenty")
