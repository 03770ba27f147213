"""The digest of a fact: the same for the same fact on every database, today and after every migration.

What is digested is a line of JSON: the table's name and the columns that say something, in the order of their names.
Nothing here may change its answer: every digest that was ever recorded would differ.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

DIGEST_BYTES = 32

# A column that came later and is not nullable, with what its migration wrote into the facts of before. A fact with
# this value is digested as if it had no such column, as one without a value is anyway.
ADDED_LATER: Mapping[tuple[str, str], object] = {}

Convert = Callable[[Any], Any]
Columns = tuple[tuple[str, Convert | None], ...]

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode


def columns_of(table: sa.Table, without: str) -> Columns:
    """The columns that a digest is made of, each with what brings its values into one form.

    Args:
        table: as declared here, or as a migration found it.
        without: the column of the sequence, which is known by the place in the chain.
    """
    return tuple((column.name, _converter(column.type)) for column in table.columns if column.name != without)


def digest_of(table: str, columns: Columns, row: Mapping[Any, Any]) -> bytes:
    """SHA-256 of one fact.

    Raises:
        ValueError: a value is not of its column's kind, so that nobody recorded it.

    >>> columns = (("at", _instant), ("rows", _whole), ("note", None))
    >>> noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    >>> digest_of("t", columns, {"at": noon, "rows": 3, "note": None}).hex()[:12]
    '399af8e5ec56'
    """
    said: dict[str, Any] = {}
    for name, convert in columns:
        value = row[name]
        if value is not None and convert is not None:
            value = convert(value)
        if value is not None:
            said[name] = value
    for (later, name), before in ADDED_LATER.items():
        if later == table and said.get(name) == before:
            said.pop(name, None)
    return hashlib.sha256(_encode([table, said]).encode("ascii")).digest()


def _converter(type_: sa.types.TypeEngine[Any]) -> Convert | None:
    # A type of our own stands for the one that it is kept as.
    kept_as = getattr(type_, "impl_instance", type_)
    if isinstance(kept_as, sa.DateTime):
        return _instant
    if isinstance(kept_as, sa.Boolean):
        return bool
    if isinstance(kept_as, sa.Integer):
        return _whole
    if isinstance(kept_as, sa.Float):
        return _number
    return None  # texts, and JSON, whose keys are sorted as it is written


def _instant(value: datetime) -> str:
    there = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return there.isoformat(timespec="microseconds")


def _whole(value: Any) -> Any:
    if type(value) is int:
        return value
    number = int(value)
    return number if number == value else value


def _number(value: Any) -> float | None:
    """SQLite keeps no negative zero, and no number that is none."""
    number = float(value) + 0.0
    return None if math.isnan(number) else number
