"""Write rows of texts into a Parquet file of columns c0, c1, ..."""

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

_BATCH_ROWS = 50_000


def writer(target: Path, width: int) -> Any:
    """A Parquet writer for `width` columns of texts; a context manager."""
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([(f"c{position}", pa.string()) for position in range(width)])
    return parquet.ParquetWriter(target, schema, compression="lz4")


def write_texts(target: Path, width: int, rows: Iterable[Sequence[str | None]]) -> int:
    """Write all rows; returns their count."""
    import pyarrow as pa

    names = [f"c{position}" for position in range(width)]
    remaining = iter(rows)
    count = 0
    with writer(target, width) as file:
        while batch := list(islice(remaining, _BATCH_ROWS)):
            columns = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
            file.write_batch(pa.RecordBatch.from_arrays(columns, names))
            count += len(batch)
    return count
