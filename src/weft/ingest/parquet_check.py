"""Prove a Parquet file whole by decoding every value of it, before any of it is used.

Two readers look at it: Arrow's compares the checksums of pages, the engine is the one that models read with. What
only Arrow's can decode is written anew for the engine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weft.base.problem import Place, Problem
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text

_DAMAGE = {
    "crypt": "it is encrypted",
    "CRC checksum": "a page does not have the checksum that was written with it",
    "magic bytes": "it is no Parquet, or was cut short",
    "footer": "its footer cannot be read: it was cut short",
}


@dataclass(frozen=True)
class CheckedParquet:
    """A file whose every value can be read."""

    location: str  # for people
    path: str  # what the engine reads: the file, or what was written anew of it
    columns: Mapping[str, str]
    rows: int
    is_anew: bool = False


def check_parquet(engine: Engine, path: str, location: str, anew: Path) -> CheckedParquet:
    """Decode all of a file.

    Args:
        engine: a session of its own.
        path: the file.
        location: for people.
        anew: where it is written again, if the engine cannot read it and Arrow can.

    Raises:
        Problem: SOURCE024 it is no Parquet, not whole, encrypted, or of a kind that neither reader knows.
    """
    rows, reason = _rows_by_arrow(path)
    if rows is None and reason is not None:
        raise _broken(location, reason)
    try:
        columns, engine_rows = _rows_by_engine(engine, path)
    except Problem as problem:
        if rows is None or not _write_anew(path, anew):
            raise _broken(location, _first_line(problem)) from None
        try:
            columns, engine_rows = _rows_by_engine(engine, str(anew))
        except Problem as second:
            raise _broken(location, _first_line(second)) from None
        return CheckedParquet(location, str(anew), columns, engine_rows, is_anew=True)
    if rows is not None and rows != engine_rows:
        raise _broken(location, f"one reader finds {rows:,} rows in it and another {engine_rows:,}")
    return CheckedParquet(location, path, columns, engine_rows)


def _rows_by_engine(engine: Engine, path: str) -> tuple[dict[str, str], int]:
    scan = f"read_parquet({text(path)})"
    try:
        columns = engine.describe(f"SELECT * FROM {scan}")
        # The hash makes the engine decode every page of every column.
        cells = ", ".join(identifier(name) for name in columns)
        rows, _ = engine.rows(f"SELECT count(*), bit_xor(hash({cells})) FROM {scan}")[0]
    except Problem:
        raise
    except Exception as error:  # a damaged file can break the engine's own assumptions
        raise Problem("SOURCE024", f"the engine fails on it ({type(error).__name__})") from None
    return columns, rows


def _rows_by_arrow(path: str) -> tuple[int | None, str | None]:
    """Rows, or None and why it is damaged; None and None where Arrow just does not know its kind."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = 0
    try:
        with parquet.ParquetFile(path, page_checksum_verification=True) as file:
            for batch in file.iter_batches():
                rows += batch.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        words = str(error)
        return None, next((reason for word, reason in _DAMAGE.items() if word in words), None)
    return rows, None


def _write_anew(path: str, target: Path) -> bool:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as file, parquet.ParquetWriter(target, file.schema_arrow) as writer:
            for batch in file.iter_batches():
                writer.write_batch(batch)
    except (pa.ArrowException, OSError, ValueError):
        target.unlink(missing_ok=True)
        return False
    return True


def _broken(location: str, reason: str) -> Problem:
    return Problem(
        "SOURCE024",
        f'The Parquet file "{location}" cannot be read: {reason}.',
        Place(location),
        fix="Fetch or write the file again; nothing of it was landed.",
    )


def _first_line(problem: Problem) -> str:
    words = problem.what.splitlines()[0].rstrip(".")
    for start in ("The query cannot be run: ", "A file cannot be read or written: "):
        words = words.removeprefix(start)
    return "its values cannot be decoded" if words.startswith("The query failed") else words
