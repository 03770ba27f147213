"""Tables of a few columns, looked at by the real engine."""

from collections.abc import Callable, Iterable

import pyarrow as pa
import pytest

from weft.build.infer.guess import InferredTable
from weft.build.infer.infer_table import infer_table
from weft.engine.duckdb_engine import DuckDBEngine


@pytest.fixture
def infer() -> Callable[..., InferredTable]:
    """What is guessed of columns of values."""

    def look(name: str = "orders", /, **columns: Iterable[object]) -> InferredTable:
        with DuckDBEngine() as engine:
            engine.add_arrow("given", pa.table({key: list(values) for key, values in columns.items()}))
            return infer_table(engine, "given", name)

    return look
