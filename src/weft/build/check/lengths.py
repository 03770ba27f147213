"""`minLength`, `maxLength` and the length of `VARCHAR(n)`, in characters, not bytes."""

import re
from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear

_SIZED_TEXT = re.compile(
    r"(?:N?VARCHAR2?|CHARACTER(?:\s+VARYING)?|N?CHAR|STRING|TEXT)\s*\(\s*(\d+)\s*\)", re.IGNORECASE
)


def lengths(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A text that is shorter or longer breaks it."""
    options = value.column.logical_type_options
    shortest, longest = options.get("minLength"), options.get("maxLength")
    sized = _SIZED_TEXT.fullmatch((value.column.physical_type or "").strip())
    if shortest is not None:
        yield _length(value, "minLength", "<", shortest)
    if longest is not None:
        yield _length(value, "maxLength", ">", longest)
    if sized is not None and (not isinstance(longest, int) or int(sized[1]) < longest):
        yield _length(value, "physicalType", ">", int(sized[1]))


def _length(value: ColumnValue, suffix: str, operator: str, bound: object) -> Condition | Unclear:
    if isinstance(bound, bool) or not isinstance(bound, int):
        return Unclear(suffix, "length", "The length is no whole number.")
    return Condition(suffix, "length", f"length({value.as_text}) {operator} {bound}")
