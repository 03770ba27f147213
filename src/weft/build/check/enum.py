"""`enum`: the value is one of a list; no value breaks nothing."""

from collections.abc import Iterable, Iterator
from typing import Any

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.build.check.literal import NotALiteral, literal
from weft.spec.sql_type import SqlType


def enum(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A value outside the list breaks it."""
    if value.column.enum is None:
        return
    try:
        yield Condition("enum", "enum", not_in(value.expression, value.type, value.column.enum))
    except NotALiteral:
        reason = f"An allowed value is none of type {value.type}."
        yield Unclear("enum", "enum", reason)


def not_in(expression: str, kind: SqlType, values: Iterable[Any]) -> str:
    """SQL that is true where a value is there and not in the list.

    Raises:
        NotALiteral: a value of the list is none of the type.

    >>> not_in("status", SqlType("VARCHAR"), ["new", None])
    "status NOT IN ('new')"
    """
    literals = [literal(value, kind) for value in values if value is not None]
    return f"{expression} NOT IN ({', '.join(literals)})" if literals else f"{expression} IS NOT NULL"
