"""A sealed file holds the same rows, a checksum in every page, and its own digest in its name."""

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from weft.base.data_files import Field
from weft.base.problem import Problem
from weft.base.stored_file import sha256_of
from weft.engine.duckdb_engine import DuckDBEngine
from weft.engine.page_checksums import seal

SHAPES = {
    "no row": "SELECT 1 AS id WHERE false",
    "one row": "SELECT 1 AS id",
    "only NULL": "SELECT NULL::INTEGER AS id FROM range(10)",
    "texts that repeat": "SELECT i AS id, 'value ' || (i % 7) AS what FROM range(5000) r(i)",
    "several row groups": "SELECT i AS id, md5(i::VARCHAR) AS what, i % 3 = 0 AS flag FROM range(400000) r(i)",
    "nested": "SELECT i AS id, [i, i + 1] AS list, {'a': i, 'b': 'x'} AS object, map([i], ['y']) AS pairs"
    " FROM range(3000) r(i)",
    "many types": "SELECT i AS id, i::DECIMAL(12,2) AS money, i::DOUBLE / 3 AS share, DATE '2026-01-01' + i::INTEGER"
    " AS day, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS at, i::HUGEINT AS huge, uuid() AS key,"
    " 'ab'::BLOB AS bytes"
    " FROM range(2000) r(i)",
}


@pytest.fixture
def engine():
    with DuckDBEngine() as session:
        yield session


def write(engine, folder: Path, query: str) -> tuple[Path, Path]:
    plain = Path(engine.write_parquet(query, str(folder / "plain.parquet")).path)
    return plain, Path(engine.write_parquet(query, str(folder / "kept-{sha256}.parquet")).path)


@pytest.mark.parametrize("name", SHAPES)
def test_a_sealed_file_holds_the_same_rows_for_every_reader(engine, tmp_path, name):
    engine.add_table("rows", SHAPES[name])
    plain, kept = write(engine, tmp_path, "FROM rows")
    arrow = pq.read_table(kept, page_checksum_verification=True)
    assert arrow.equals(pq.read_table(plain))
    assert pq.read_schema(kept) == pq.read_schema(plain)
    both = f"(FROM '{kept}' EXCEPT ALL FROM '{plain}') UNION ALL (FROM '{plain}' EXCEPT ALL FROM '{kept}')"
    assert engine.rows(f"SELECT count(*) FROM ({both})") == [(0,)]
    assert engine.rows("SELECT count(*) FROM rows")[0][0] == pq.ParquetFile(kept).metadata.num_rows


def test_statistics_and_filters_are_where_the_footer_says(engine, tmp_path):
    engine.add_table("rows", SHAPES["texts that repeat"])
    plain, kept = write(engine, tmp_path, "FROM rows")
    for group in range(pq.ParquetFile(plain).num_row_groups):
        for column in range(2):
            before, after = (pq.ParquetFile(f).metadata.row_group(group).column(column) for f in (plain, kept))
            assert after.statistics == before.statistics
            assert after.total_compressed_size > before.total_compressed_size
    # A filter on a bloom filter that was moved and not found would read every group; one that is wrong would lose rows.
    assert engine.rows(f"SELECT count(*) FROM '{kept}' WHERE what = 'value 3'") == [(714,)]
    probe = "SELECT bloom_filter_excludes FROM parquet_bloom_probe('{}', 'what', 'value 3')"
    assert engine.rows(probe.format(kept)) == engine.rows(probe.format(plain)) == [(False,)]


def test_a_flipped_bit_of_a_page_is_found_by_other_readers_and_by_weft(engine, tmp_path):
    engine.add_table("rows", SHAPES["several row groups"])
    _, kept = write(engine, tmp_path, "FROM rows")
    content, chance = bytearray(kept.read_bytes()), random.Random(7)
    for _ in range(20):
        place = chance.randrange(64, len(content) - 20_000)
        content[place] ^= 1 << chance.randrange(8)
        kept.write_bytes(content)
        with pytest.raises(OSError):  # noqa: PT011 - a checksum, or a header that is none any more
            pq.read_table(kept, page_checksum_verification=True)
        with pytest.raises(Problem) as told:
            engine.add_parquet("again", [str(kept)])
        assert told.value.code == "FILE001"
        assert kept.name in str(told.value)
        content[place] ^= content[place] ^ kept_byte(tmp_path, place)


def kept_byte(folder: Path, place: int) -> int:
    """The byte as it was: the plain file sealed once more."""
    again = folder / "again.parquet"
    again.unlink(missing_ok=True)
    seal(folder / "plain.parquet", again)
    return again.read_bytes()[place]


def test_a_file_that_was_cut_or_replaced_is_refused(engine, tmp_path):
    engine.add_table("rows", SHAPES["texts that repeat"])
    _, kept = write(engine, tmp_path, "FROM rows")
    files_of = lambda path: [str(path)]  # noqa: E731
    engine.add_parquet("whole", files_of(kept))
    whole = kept.read_bytes()
    for content in (whole[:-1], whole[: len(whole) // 2], b""):
        kept.write_bytes(content)
        with pytest.raises(Problem, match="FILE001"):
            engine.add_parquet("cut", files_of(kept))
    kept.write_bytes(whole)
    engine.add_parquet("whole", files_of(kept))
    assert engine.rows("SELECT count(*) FROM whole") == [(5000,)]


def test_the_name_carries_the_digest_and_nothing_else_is_left(engine, tmp_path):
    written = engine.write_parquet(
        "SELECT 1 AS id", str(tmp_path / "run-{sha256}.parquet"), [Field("id", "INTEGER", 1)]
    )
    assert written.sha256 == sha256_of(written.path)
    assert written.size_bytes == Path(written.path).stat().st_size
    assert [file.name for file in tmp_path.iterdir()] == [f"run-{written.sha256}.parquet"]


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(engine, tmp_path):
    with pytest.raises(Problem):
        engine.write_parquet("SELECT error('no')", str(tmp_path / "run-{sha256}.parquet"))
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match="FILE002"):
        engine.write_parquet("SELECT 1", str(tmp_path / "file" / "run-{sha256}.parquet"))
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
