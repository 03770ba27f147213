"""Values of a contract as SQL literals of a column's type."""

from decimal import Decimal, InvalidOperation
from typing import Any

from weft.build.check.column_value import FLOATS, INTEGERS
from weft.engine.quote import text
from weft.spec.sql_type import SqlType

_MOST_DIGITS = 29  # beyond, a power of ten says it better


class NotALiteral(Exception):
    """The value cannot be one of the type."""


def literal(value: Any, kind: SqlType) -> str:
    """A value as a literal that compares with a column of the type.

    Raises:
        NotALiteral: the value is no number where one is needed, or is a list or mapping.

    >>> literal(5, SqlType("INTEGER")), literal("a'b", SqlType("VARCHAR")), literal("2026-01-01", SqlType("DATE"))
    ('5', "'a''b'", "CAST('2026-01-01' AS DATE)")
    """
    if value is None or isinstance(value, list | dict):
        raise NotALiteral
    if kind.name in INTEGERS or kind.name in FLOATS or kind.name == "DECIMAL":
        return number(value)
    if kind.name == "VARCHAR":
        return text(plain_text(value))
    if kind.name == "BOOLEAN" and isinstance(value, bool):
        return "true" if value else "false"
    return f"CAST({text(plain_text(value))} AS {kind})"


def number(value: Any) -> str:
    """A number as SQL writes it, texts that are numbers included; exact wherever a DECIMAL can hold it.

    >>> number(5.0), number(0.25), number("7"), number(1e30), number(1e-7)
    ('5', '0.25', '7', '1E+30', '0.0000001')
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotALiteral
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        raise NotALiteral from None
    if not found.is_finite():
        raise NotALiteral
    if isinstance(value, int):
        return str(value)
    plain = format(found.normalize(), "f")
    return plain if len(plain.strip("-").replace(".", "")) <= _MOST_DIGITS else str(found.normalize())


def plain_text(value: Any) -> str:
    """A value of YAML as the text that a file would hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
