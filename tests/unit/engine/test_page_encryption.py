"""Encrypted Parquet files: what DuckDB and Arrow read of them, and what others cannot."""

import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pyarrow.parquet.encryption import create_decryption_properties

from weft.base.data_files import DataFiles, Field
from weft.base.keys.held_keys import HeldKeys
from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.engine.duckdb_engine import DuckDBEngine

FLAT = (
    "SELECT i AS id, 'name ' || (i % 7) AS name, CAST(i AS DECIMAL(18,4)) AS amount, i % 2 = 0 AS ok,"
    " CASE WHEN i % 3 = 0 THEN NULL ELSE DATE '2024-01-01' + CAST(i % 900 AS INTEGER) END AS day,"
    " CAST(md5(CAST(i AS VARCHAR)) AS VARCHAR) AS text, CAST(i AS DOUBLE) / 3 AS share FROM range(150000) r(i)"
)
QUERIES = {
    "flat": FLAT,
    "nested": "SELECT i AS id, [i, i + 1] AS l, {a: i, b: 'x' || i} AS s, MAP {'k': i} AS m FROM range(130000) r(i)",
    "empty": "SELECT 1 AS id, 'a' AS name WHERE false",
    "long texts": "SELECT i AS id, repeat(md5(CAST(i AS VARCHAR)), 100) AS t FROM range(40000) r(i)",
    "no values": "SELECT CAST(NULL AS BIGINT) AS id, CAST(NULL AS VARCHAR) AS name FROM range(10)",
}


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "scratch").mkdir()
    return Vault(tmp_path, HeldKeys({"main": {"1": os.urandom(32)}}), "main", tmp_path / "scratch")


@pytest.fixture
def engine(vault: Vault) -> Iterator[DuckDBEngine]:
    with DuckDBEngine(memory="1GB", threads=1, vault=vault) as session:
        yield session


@pytest.mark.parametrize("kind", list(QUERIES))
def test_both_readers_see_the_rows_that_were_written(
    kind: str, engine: DuckDBEngine, vault: Vault, tmp_path: Path
) -> None:
    written = engine.write_parquet(QUERIES[kind], str(tmp_path / "rows-{sha256}.parquet"))
    engine.add_parquet("read", [written.path])
    engine.add_view("wanted", QUERIES[kind])
    both = "SELECT (SELECT count(*) FROM (FROM read EXCEPT ALL FROM wanted)), (SELECT count(*) FROM read)"
    assert engine.rows(both) == [(0, written.rows)]
    plain = pq.read_table(written.path, decryption_properties=create_decryption_properties(vault.current().secret))
    assert plain.num_rows == written.rows
    engine.add_arrow("arrow", plain)
    assert engine.rows("SELECT count(*) FROM (FROM arrow EXCEPT ALL FROM wanted)") == [(0,)]


def test_without_the_key_not_even_the_columns_are_told(engine: DuckDBEngine, tmp_path: Path) -> None:
    written = engine.write_parquet(FLAT, str(tmp_path / "rows.parquet"))
    content = Path(written.path).read_bytes()
    assert (content[:4], content[-4:]) == (b"PARE", b"PARE")
    assert not [word for word in (b"amount", b"name 3", b"duckdb") if word in content]
    with pytest.raises(OSError, match="encrypted"):
        pq.read_metadata(written.path)
    with DuckDBEngine(threads=1) as other, pytest.raises(Problem):
        other.add_parquet("read", [written.path])


def test_files_under_several_keys_and_in_clear_are_one_relation(tmp_path: Path) -> None:
    fields = (Field("id", "BIGINT", 1), Field("name", "VARCHAR", 2))
    keys = {"1": os.urandom(32)}
    (tmp_path / "scratch").mkdir()
    paths = []
    for number, version in enumerate([None, "1", "1", "2", None]):
        if version is not None:
            keys.setdefault(version, os.urandom(32))
        vault = Vault(tmp_path, HeldKeys({"main": dict(keys)}), "main", tmp_path / "scratch")
        with DuckDBEngine(threads=1, vault=vault if version else None) as session:
            path = tmp_path / f"{number}-{{sha256}}.parquet"
            paths.append(session.write_parquet(f"SELECT {number} AS id, 'n' AS name", str(path), fields).path)
    vault = Vault(tmp_path, HeldKeys({"main": keys}), "main", tmp_path / "scratch")
    with DuckDBEngine(threads=1, vault=vault) as session:
        session.add_files("table", DataFiles(tuple(paths), fields, 5))
        assert session.rows('FROM "table"') == [(number, "n") for number in range(5)]
        session.add_parquet("plain", paths)
        assert session.rows("SELECT id FROM plain") == [(number,) for number in range(5)]
        session.add_parquet("under one key", paths[1:3])
        assert session.rows('SELECT id FROM "under one key"') == [(1,), (2,)]


def test_a_locked_session_reads_files_that_were_opened_for_it(vault: Vault, tmp_path: Path) -> None:
    with DuckDBEngine(threads=1, vault=vault) as session:
        paths = [
            session.write_parquet(QUERIES[kind], str(tmp_path / f"{kind}-{{sha256}}.parquet")).path
            for kind in ("flat", "nested")
        ]
        for name, path in zip(("flat", "nested"), paths, strict=True):
            session.add_parquet(name, [path])
        session.lock_down(paths)
        assert session.rows("SELECT (SELECT max(hash(text)) > 0 FROM flat), (SELECT sum(s.a) FROM nested)") == [
            (True, 130000 * 129999 // 2)
        ]
    assert list((tmp_path / "scratch").iterdir()) == [], "opened files go with the session"


def test_a_changed_page_is_told(engine: DuckDBEngine, tmp_path: Path) -> None:
    written = engine.write_parquet(FLAT, str(tmp_path / "rows.parquet"))
    content = bytearray(Path(written.path).read_bytes())
    content[1000] ^= 1
    Path(written.path).write_bytes(content)
    with pytest.raises(Problem) as caught:
        engine.add_parquet("read", [written.path])
    assert caught.value.code == "KEY002"


def test_queries_that_skip_rows_find_theirs(engine: DuckDBEngine, tmp_path: Path) -> None:
    written = engine.write_parquet(FLAT, str(tmp_path / "rows.parquet"))
    engine.add_parquet("read", [written.path])
    asked = "SELECT name FROM read WHERE id = 140003", "SELECT id FROM read ORDER BY id DESC LIMIT 1"
    assert [engine.rows(sql) for sql in asked] == [[("name 3",)], [(149999,)]]
