"""Values of a contract as SQL literals of a column's type."""

import math
from typing import Any

from weft.build.check.column_value import FLOATS, INTEGERS
from weft.engine.quote import text
from weft.spec.sql_type import SqlType


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
    """A number as SQL writes it, texts that are numbers included.

    >>> number(5.0), number(0.25), number("7"), number(1e30)
    ('5', '0.25', '7', '1e+30')
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotALiteral
    try:
        found = int(value) if isinstance(value, int | str) else float(value)
    except ValueError:
        try:
            found = float(value)
        except ValueError:
            raise NotALiteral from None
    if isinstance(found, float):
        if not math.isfinite(found):
            raise NotALiteral
        if found == int(found) and abs(found) < 1e15:
            found = int(found)
    return repr(found)


def plain_text(value: Any) -> str:
    """A value of YAML as the text that a file would hold."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
