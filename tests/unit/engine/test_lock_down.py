"""A session that is locked down opens its own files and nothing else."""

import pytest

from weft.base.problem import Problem
from weft.engine.duckdb_engine import DuckDBEngine


@pytest.fixture
def locked(tmp_path):
    with DuckDBEngine() as writer:
        for name in ("own", "other"):
            writer.write_parquet("SELECT range AS id FROM range(10)", str(tmp_path / f"{name}.parquet"))
    with DuckDBEngine(memory="200MB", temp_folder=tmp_path) as engine:
        engine.add_parquet("sales/orders", [str(tmp_path / "own.parquet")])
        engine.lock_down([str(tmp_path / "own.parquet")])
        yield engine


def test_its_own_files_are_read(locked):
    assert locked.rows('SELECT sum(id) FROM "sales/orders"') == [(45,)]


def test_it_still_spills_to_its_own_folder(locked):
    assert locked.rows("SELECT count(DISTINCT range) FROM range(20_000_000)") == [(20_000_000,)]


@pytest.mark.parametrize(
    "sql",
    [
        "FROM '{folder}/other.parquet'",
        "FROM read_text('/etc/hostname')",
        "FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/out.db'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['/etc/hostname']",
        "RESET lock_configuration",
        "INSTALL httpfs",
        "LOAD '{folder}/x.duckdb_extension'",
    ],
)
def test_anything_else_is_refused(locked, tmp_path, sql):
    with pytest.raises(Problem):
        locked.rows(sql.format(folder=tmp_path))
    assert not (tmp_path / "out.csv").exists()
