"""What a killed process left of a file does not keep the next one from writing it."""

import pytest

from weft.base.stored_file import DIGEST
from weft.engine.duckdb_engine import DuckDBEngine


@pytest.mark.parametrize("left", ["orders-part.parquet", "orders-unsealed.parquet"])
def test_half_a_file_of_a_killed_writer_is_written_over(tmp_path, left):
    (tmp_path / left).write_bytes(b"PAR1 half")
    with DuckDBEngine(memory="256MB", threads=1, temp_folder=tmp_path / "spill") as engine:
        written = engine.write_parquet("SELECT 1 AS a", str(tmp_path / f"orders-{DIGEST}.parquet"))
    assert written.rows == 1
    assert [path.as_posix() for path in tmp_path.glob("*.parquet")] == [written.path]
