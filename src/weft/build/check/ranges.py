"""`minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, and the width of integers.

NaN lies in no range: it breaks every bound, while comparing it in SQL would let it pass a minimum.
"""

from collections.abc import Iterator

from weft.build.check.column_value import FLOATS, INTEGERS, ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.build.check.literal import NotALiteral, literal, number
from weft.spec.sql_type import SqlType

_BOUNDS = {"minimum": "<", "exclusiveMinimum": "<=", "maximum": ">", "exclusiveMaximum": ">="}
_BITS = ("8", "16", "32", "64", "128")
_TYPE_BY_LOGICAL = {"date": "DATE", "timestamp": "TIMESTAMP", "time": "TIME", "number": "DOUBLE", "integer": "HUGEINT"}


def ranges(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A value beyond a bound breaks it."""
    options = value.column.logical_type_options
    expression, kind = _comparable(value)
    for option, operator in _BOUNDS.items():
        if options.get(option) is None:
            continue
        try:
            broken = f"{expression} {operator} {literal(options[option], kind)}"
        except NotALiteral:
            yield Unclear(option, "range", f"The bound is no value of type {kind}.")
            continue
        if kind.name in FLOATS:
            broken = f"({broken} OR isnan({expression}))"
        yield Condition(option, "range", broken)
    if options.get("multipleOf") is not None:
        yield _multiple_of(expression, kind, options["multipleOf"])
    yield from _width(value)


def _comparable(value: ColumnValue) -> tuple[str, SqlType]:
    """The value as what it logically is: a date that is stored as text is compared as a date."""
    logical = _TYPE_BY_LOGICAL.get(value.column.logical_type or "")
    if value.is_text and logical is not None:
        return f"TRY_CAST({value.expression} AS {logical})", SqlType(logical)
    return value.expression, value.type


def _multiple_of(expression: str, kind: SqlType, factor: object) -> Condition | Unclear:
    try:
        of = number(factor)
    except NotALiteral:
        return Unclear("multipleOf", "range", "The factor is no number.")
    if kind.name in FLOATS:
        quotient = f"({expression} / {of})"
        broken = f"isnan({expression}) OR abs({quotient} - round({quotient})) > 1e-9 * greatest(1, abs({quotient}))"
        return Condition("multipleOf", "range", f"({broken})")
    return Condition("multipleOf", "range", f"{expression} % {of} <> 0")


def _width(value: ColumnValue) -> Iterator[Condition]:
    """`format: u8` and the like are stored in a wider type and must still fit."""
    declared = value.column.logical_type_options.get("format")
    if value.column.logical_type != "integer" or not isinstance(declared, str) or declared[1:] not in _BITS:
        return
    bits = int(declared[1:])
    low, high = (0, 2**bits - 1) if declared[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if bits > 64 or (value.type.name, declared) in (("INTEGER", "i32"), ("BIGINT", "i64")):
        return  # the type itself holds no other
    if value.type.name in INTEGERS or value.type.name == "DECIMAL":
        yield Condition("format", "range", f"{value.expression} NOT BETWEEN {low} AND {high}")
