"""What a database declares of a table's columns, and values brought to it where the driver does not (SQLite)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from weft.ingest.tabular.column_kind import ColumnKind

if TYPE_CHECKING:
    from sqlalchemy import Connection

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class TableHints:
    """Columns as the database declares them."""

    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    order: tuple[str, ...] = ()  # the primary key: equal tables give equal files


def hints_of(connection: "Connection", table: str, schema: str | None) -> TableHints | None:
    """Declared columns; None where there is no such table or view."""
    from sqlalchemy import inspect
    from sqlalchemy.exc import NoSuchTableError

    inspector = inspect(connection)
    try:
        columns = inspector.get_columns(table, schema)
    except NoSuchTableError:
        return None
    kinds = {column["name"]: kind for column in columns if (kind := _kind(column["type"])) is not None}
    key = inspector.get_pk_constraint(table, schema).get("constrained_columns") or []
    return TableHints(kinds, tuple(key))


def table_names(connection: "Connection", schema: str | None) -> list[str]:
    """Tables and views, for a fix."""
    from sqlalchemy import inspect

    inspector = inspect(connection)
    return [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]


def sqlite_converters(hints: TableHints) -> dict[str, Convert]:
    """SQLite stores dates as texts, decimals as floats, booleans as numbers; declared types say what they are."""
    by_kind: dict[str, Convert] = {
        "date": _date,
        "timestamp": _timestamp,
        "boolean": _boolean,
    }
    found = {name: by_kind[kind.name] for name, kind in hints.kinds.items() if kind.name in by_kind}
    for name, kind in hints.kinds.items():
        if kind.name == "decimal":
            found[name] = _decimal_of(kind.scale)
    return found


def _kind(type_: Any) -> ColumnKind | None:
    from sqlalchemy import types

    if isinstance(type_, types.Boolean):
        return ColumnKind("boolean")
    if isinstance(type_, types.Integer):
        return ColumnKind("integer")
    if isinstance(type_, types.Float):
        return ColumnKind("double")
    if isinstance(type_, types.Numeric):
        if type_.precision is None:
            return ColumnKind("decimal", 0, type_.scale or 0) if type_.scale else None
        scale = type_.scale or 0
        return ColumnKind("decimal", type_.precision - scale, scale)
    if isinstance(type_, types.DateTime):
        return ColumnKind("instant" if type_.timezone else "timestamp")
    kinds = ((types.Date, "date"), (types.Time, "time"), (types.LargeBinary, "binary"), (types.String, "text"))
    return next((ColumnKind(name) for base, name in kinds if isinstance(type_, base)), None)


def _date(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else value


def _timestamp(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if len(value) >= 10 else value


def _boolean(value: Any) -> Any:
    return bool(value) if isinstance(value, int) and value in (0, 1) else value


def _decimal_of(scale: int) -> Convert:
    quantum = Decimal(1).scaleb(-scale)

    def convert(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return value
        exact = Decimal(repr(value) if isinstance(value, float) else value)
        rounded = exact.quantize(quantum)
        # 0.1 + 0.2 stands for 0.3 where two digits are declared; 1.239 does not stand for 1.24.
        near = abs(exact - rounded) <= abs(exact) * Decimal("1e-12")
        return rounded if near else exact

    return convert


CONVERSION_ERRORS = (ValueError, InvalidOperation)
