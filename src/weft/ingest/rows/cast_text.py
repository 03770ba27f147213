"""Expressions that turn text into a type, or NULL where it does not fit; nothing is rounded, cut or guessed.

The engine's own TRY_CAST reads '1.7' as the integer 2, '1.239' as DECIMAL(10,2) 1.24, and takes the date out of a
timestamp. A value that would change its meaning does not fit here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from weft.engine.quote import text
from weft.ingest.rows.text_patterns import ISO_DATE, ISO_TIMESTAMP, ISO_TIMESTAMP_ZONED, PLAIN_NUMBER
from weft.spec.sql_type import SqlType

_INTEGERS = frozenset(
    ["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"]
)
_TRUE = ("true", "t", "yes", "y", "1")
_FALSE = ("false", "f", "no", "n", "0")


@dataclass(frozen=True)
class Writing:
    """How values are written in a source."""

    null_values: tuple[str, ...] = ("",)
    decimal: str = "."
    thousands: str = ""
    trim: bool = False
    date_formats: tuple[str, ...] = ()  # of strptime; empty: ISO 8601


def cleaned(column: str, writing: Writing) -> str:
    """The text of a cell, NULL for the markers of nothing.

    Args:
        column: an SQL expression of type VARCHAR.
        writing: how values are written.
    """
    found = f"trim({column})" if writing.trim else column
    if not writing.null_values:
        return found
    if len(writing.null_values) == 1:
        return f"nullif({found}, {text(writing.null_values[0])})"
    markers = ", ".join(text(value) for value in writing.null_values)
    return f"CASE WHEN {found} IN ({markers}) THEN NULL ELSE {found} END"


def as_number_text(column: str, writing: Writing) -> str:
    """A number's text with a point and without grouping."""
    found = f"trim({column})"
    if writing.thousands:
        # Only where the groups have three digits: 1,2,3 is no number.
        group = _pattern(writing.thousands)
        point = _pattern(writing.decimal)
        grouped = rf"[+-]?[0-9]{{1,3}}({group}[0-9]{{3}})+({point}[0-9]*)?"
        bare = f"replace({found}, {text(writing.thousands)}, '')"
        found = (
            f"CASE WHEN regexp_full_match({found}, {text(grouped)}) THEN {bare}"
            f" WHEN contains({found}, {text(writing.thousands)}) THEN NULL ELSE {found} END"
        )
    if writing.decimal != ".":
        found = f"CASE WHEN contains({found}, '.') THEN NULL ELSE replace({found}, {text(writing.decimal)}, '.') END"
    return found


def cast(column: str, type_: SqlType, writing: Writing) -> str:
    """The value of a cleaned text as a type, NULL where it does not fit.

    Args:
        column: an SQL expression of type VARCHAR, cleaned.
        type_: of the column.
        writing: how values are written.
    """
    name = type_.name
    if name == "VARCHAR":
        return column
    if name in _INTEGERS:
        number = as_number_text(column, writing)
        return f"CASE WHEN regexp_full_match({number}, '[+-]?[0-9]+(\\.0*)?') THEN TRY_CAST({number} AS {type_}) END"
    if name == "DECIMAL":
        return _decimal(as_number_text(column, writing), type_)
    if name in ("DOUBLE", "FLOAT"):
        number = as_number_text(column, writing)
        return f"CASE WHEN regexp_full_match({number}, {text(PLAIN_NUMBER)}) THEN TRY_CAST({number} AS {type_}) END"
    if name == "BOOLEAN":
        folded = f"lower(trim({column}))"
        return f"CASE WHEN {folded} IN {_TRUE} THEN true WHEN {folded} IN {_FALSE} THEN false END"
    if name == "DATE":
        return _date(f"trim({column})", writing)
    if name.startswith("TIMESTAMP"):
        return _timestamp(f"trim({column})", type_, writing)
    return f"TRY_CAST({column} AS {type_})"


def _decimal(number: str, type_: SqlType) -> str:
    scale = type_.scale or 0
    # More digits after the point than the scale would be rounded away, unless they are zeros.
    fits = rf"[+-]?([0-9]+(\.[0-9]{{0,{scale}}}0*)?|\.[0-9]{{1,{max(scale, 1)}}}0*)"
    return f"CASE WHEN regexp_full_match({number}, {text(fits)}) THEN TRY_CAST({number} AS {type_}) END"


def _date(column: str, writing: Writing) -> str:
    if writing.date_formats:
        return f"CAST({strptime(column, writing.date_formats)} AS DATE)"
    midnight = ISO_DATE + r"([ T]00:00(:00(\.0+)?)?Z?)?"
    return f"CASE WHEN regexp_full_match({column}, {text(midnight)}) THEN TRY_CAST(left({column}, 10) AS DATE) END"


def _timestamp(column: str, type_: SqlType, writing: Writing) -> str:
    if writing.date_formats:
        return f"CAST({strptime(column, writing.date_formats)} AS {type_})"
    zoned = type_.name == "TIMESTAMP WITH TIME ZONE"
    # Without a zone in the type, the instant is kept as UTC; without one in the text, it is UTC.
    iso = f"{ISO_DATE}|{ISO_TIMESTAMP}|{ISO_TIMESTAMP_ZONED}"
    instant = f"TRY_CAST(replace({column}, ',', '.') AS TIMESTAMP WITH TIME ZONE)"
    value = instant if zoned else f"CAST({instant} AT TIME ZONE 'UTC' AS {type_})"
    return f"CASE WHEN regexp_full_match({column}, {text(iso)}) THEN {value} END"


def strptime(column: str, formats: Sequence[str]) -> str:
    """The instant of a text; the engine would take `%Y` from two digits too and make year 20 of 2020."""
    listed = ", ".join(text(format_) for format_ in formats)
    parsed = f"try_strptime({column}, [{listed}])"
    if all("%Y" in format_ for format_ in formats):
        return f"CASE WHEN regexp_matches({column}, '[0-9]{{4}}') THEN {parsed} END"
    return parsed


def _pattern(literal: str) -> str:
    return "".join(f"[{letter}]" if letter not in "^\\]" else f"\\{letter}" for letter in literal)
