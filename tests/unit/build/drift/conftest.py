"""Publications made of numbers, without a mesh."""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from weft.base.problem import Place
from weft.build.drift.look import look
from weft.build.drift.publication import Publication
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.contract import Column, Table

PLACE = Place("orders.yaml")
MONDAY = datetime(2026, 3, 2, 6, tzinfo=UTC)
Look = Callable[..., Publication]


@pytest.fixture
def look_at(tmp_path: Any) -> Iterable[Look]:
    """Look at columns as a publication after a history."""
    with DuckDBEngine() as engine:

        def look_at(
            history: list[Publication],
            columns: Mapping[str, Any],
            *,
            at: datetime | None = None,
            declared: tuple[Column, ...] = (),
            types: Mapping[str, str] | None = None,
        ) -> Publication:
            when = at or MONDAY + timedelta(days=len(history))
            engine.add_arrow("values", pa.table(dict(columns)))
            casts = ", ".join(
                f'CAST("{name}" AS {(types or {})[name]}) AS "{name}"' if name in (types or {}) else f'"{name}"'
                for name in columns
            )
            engine.add_view("orders", f'SELECT {casts} FROM "values"')
            found = look(engine, "orders", Table("orders", PLACE, declared), history, when)
            engine.drop("orders")
            engine.drop("values")
            return found

        yield look_at


def daily(seed: int, days: int, look: Look, make: Callable[[random.Random, datetime], Mapping[str, Any]]) -> Any:
    """A line of daily publications from a Monday on."""
    chance, line = random.Random(seed), []
    for day in range(days):
        at = MONDAY + timedelta(days=day)
        line.append(look(line, make(chance, at), at=at))
    return line
