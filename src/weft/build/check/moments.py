"""Dates, timestamps and times that can be compared, whatever they are stored as.

A timestamp without an offset, in a column or in a bound, is meant in the column's `defaultTimezone`, else in UTC.
"""

from collections.abc import Iterator
from datetime import date, datetime, time

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.build.check.jdk_format import strptime_pattern
from weft.build.check.literal import NotALiteral, plain_text
from weft.engine.quote import text
from weft.spec.sql_type import SqlType

LOGICAL = ("date", "timestamp", "time")
_OFFSET = r"([Zz]|[+-][0-9]{2}(:?[0-9]{2})?)\s*$"
_TIMED_OFFSET = rf":[0-9]{{2}}(\.[0-9]+)?\s*{_OFFSET}"  # the day of 2026-01-31 is no offset
_INSTANT = "TIMESTAMP WITH TIME ZONE"


def is_moment(value: ColumnValue) -> bool:
    """Whether a value is a date, timestamp or time, by its type or by its promise."""
    return value.type.name in ("DATE", "TIMESTAMP", _INSTANT, "TIME") or (
        value.is_text and value.column.logical_type in LOGICAL
    )


def moment(value: ColumnValue) -> tuple[str, SqlType]:
    """SQL of a value that can be compared, and its type; NULL where a text cannot be read.

    Raises:
        NotALiteral: its format is not known.
    """
    if not value.is_text:
        return value.expression, value.type
    logical, declared = value.column.logical_type, value.column.logical_type_options.get("format")
    found = value.as_text
    if isinstance(declared, str):
        pattern = strptime_pattern(declared)
        if pattern is None:
            raise NotALiteral
        parsed = f"try_strptime({found}, {text(pattern)})"
        if logical == "timestamp":
            return (parsed if "%z" in pattern else _at_zone(parsed, value)), SqlType(_INSTANT)
        kind = SqlType("DATE" if logical == "date" else "TIME")
        return f"CAST({parsed} AS {kind})", kind
    if logical == "timestamp":
        local = _at_zone(f"TRY_CAST({found} AS TIMESTAMP)", value)
        has_offset = f"regexp_matches({found}, {text(_TIMED_OFFSET)})"
        instant = f"CASE WHEN {has_offset} THEN TRY_CAST({found} AS {_INSTANT}) ELSE {local} END"
        return instant, SqlType(_INSTANT)
    kind = SqlType("DATE" if logical == "date" else "TIME")
    return f"TRY_CAST({found} AS {kind})", kind


def bound(written: object, kind: SqlType, value: ColumnValue) -> str:
    """A bound of a contract as SQL that compares with a value of that type.

    Raises:
        NotALiteral: it is no moment as ISO 8601 writes it, or a time with an offset.
    """
    found = plain_text(written).strip()
    try:
        if kind.name == "TIME":
            if time.fromisoformat(found).tzinfo is not None:
                raise NotALiteral
            return f"CAST({text(found)} AS TIME)"
        if len(found) <= len("2026-01-31"):
            date.fromisoformat(found)
        has_offset = datetime.fromisoformat(found).tzinfo is not None
    except ValueError:
        raise NotALiteral from None
    local, instant = f"CAST({text(found)} AS TIMESTAMP)", f"CAST({text(found)} AS {_INSTANT})"
    if kind.name == _INSTANT:
        return instant if has_offset else _at_zone(local, value)
    return _at_zone(instant, value) if has_offset else local


def time_zones(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """`timezone`: a text without an offset breaks it where one is promised, and with one where none is."""
    promised = value.column.logical_type_options.get("timezone")
    if value.column.logical_type not in ("timestamp", "time") or not isinstance(promised, bool):
        return
    if value.is_text:
        has_one = f"regexp_matches({value.as_text}, {text(_OFFSET)})"
        if value.column.logical_type == "timestamp":
            has_one = f"regexp_matches({value.as_text}, {text(_TIMED_OFFSET)})"
        yield Condition("timezone", "timezone", f"NOT {has_one}" if promised else has_one)
    elif promised and value.type.name != _INSTANT:
        yield Unclear("timezone", "timezone", f"A column of type {value.type} keeps no time zone.", blocks=False)


def _at_zone(expression: str, value: ColumnValue) -> str:
    zone = value.column.logical_type_options.get("defaultTimezone") or "UTC"
    return f"({expression} AT TIME ZONE {text(str(zone))})"
