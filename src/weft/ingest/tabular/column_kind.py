"""The type that holds all values of a column, found while they pass by."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_DIGITS = 38
ROOMY_DIGITS = 18  # of decimals whose precision nobody declared
_INT64 = range(-(2**63), 2**63)


@dataclass(frozen=True)
class ColumnKind:
    """What a column's values are so far.

    Attributes:
        name: nothing, boolean, integer, decimal, double, date, timestamp, instant, time, binary or text.
        whole: most digits before the point, of decimals.
        scale: most digits after the point, of decimals.
        mixed: values of kinds that have no common type were met; it is text then.
    """

    name: str = "nothing"
    whole: int = 0
    scale: int = 0
    mixed: bool = False

    def with_(self, other: "ColumnKind") -> "ColumnKind":
        """The kind that holds both.

        >>> ColumnKind("integer").with_(ColumnKind("double")).name
        'double'
        >>> ColumnKind("date").with_(ColumnKind("integer"))
        ColumnKind(name='text', whole=0, scale=0, mixed=True)
        """
        whole, scale = max(self.whole, other.whole), max(self.scale, other.scale)
        mixed = self.mixed or other.mixed
        names = {self.name, other.name} - {"nothing"}
        if len(names) <= 1:
            return ColumnKind(next(iter(names), "nothing"), whole, scale, mixed)
        if names == {"integer", "decimal"}:
            return ColumnKind("decimal", max(whole, 19), scale, mixed)
        if names <= {"integer", "double", "decimal"}:
            return ColumnKind("double", 0, 0, mixed)
        if names == {"date", "timestamp"}:
            return ColumnKind("timestamp", 0, 0, mixed)
        return ColumnKind("text", 0, 0, True)

    def arrow_type(self) -> "pa.DataType":
        """How Arrow stores it."""
        import pyarrow as pa

        if self.name == "decimal":
            if self.whole + self.scale > _MOST_DIGITS:
                return pa.string()  # exact, and the database's own writing
            return pa.decimal128(max(self.whole + self.scale, 1), self.scale)
        types = {
            "boolean": pa.bool_(),
            "integer": pa.int64(),
            "double": pa.float64(),
            "date": pa.date32(),
            "timestamp": pa.timestamp("us"),
            "instant": pa.timestamp("us", tz="UTC"),
            "time": pa.time64("us"),
            "binary": pa.binary(),
        }
        return types.get(self.name, pa.string())


def kind_of_value(value: Any) -> ColumnKind:
    """The kind of one value.

    >>> kind_of_value(Decimal("12.50")), kind_of_value(True).name
    (ColumnKind(name='decimal', whole=2, scale=2, mixed=False), 'boolean')
    """
    if value is None:
        return ColumnKind()
    if isinstance(value, bool):
        return ColumnKind("boolean")
    if isinstance(value, int):
        return ColumnKind("integer") if value in _INT64 else ColumnKind("decimal", len(str(abs(value))), 0)
    if isinstance(value, Decimal):
        return _kind_of_decimal(value)
    if isinstance(value, datetime):
        return ColumnKind("timestamp" if value.tzinfo is None else "instant")
    names = {float: "double", date: "date", time: "time", bytes: "binary", bytearray: "binary", memoryview: "binary"}
    return ColumnKind(names.get(type(value), "text"))


def as_kind(value: Any, kind: ColumnKind) -> Any:
    """A value as the column's kind stores it."""
    if value is None:
        return None
    if kind.name == "text" or (kind.name == "decimal" and kind.whole + kind.scale > _MOST_DIGITS):
        return as_text(value)
    if kind.name == "double":
        return float(value)
    if kind.name == "decimal":
        return value if isinstance(value, Decimal) else Decimal(value)
    if kind.name == "timestamp" and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 (as the database stores it)
    if kind.name == "binary":
        return bytes(value)
    return value


def as_text(value: Any) -> str:
    """A value as text, one way for each type.

    >>> as_text({"a": [1, None]}), as_text(timedelta(hours=26)), as_text(True)
    ('{"a": [1, null]}', '26:00:00', 'true')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        hours, rest = divmod(abs(seconds), 3600)
        return f"{'-' if seconds < 0 else ''}{hours:02}:{rest // 60:02}:{rest % 60:02}"
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return str(value)


def _kind_of_decimal(value: Decimal) -> ColumnKind:
    if not value.is_finite():
        return ColumnKind("double")  # NaN and infinity exist in Postgres' numeric
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return ColumnKind("double")
    scale = max(-exponent, 0)
    return ColumnKind("decimal", max(len(digits) + exponent, 1), scale)
