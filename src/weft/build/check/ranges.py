"""`minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`, and the width of integers.

NaN lies in no range: it breaks every bound, while comparing it in SQL would let it pass a minimum.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from weft.build.check.column_value import FLOATS, INTEGERS, ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.build.check.literal import NotALiteral, literal, number
from weft.build.check.moments import bound as moment_bound
from weft.build.check.moments import is_moment, moment
from weft.spec.sql_type import SqlType

_BOUNDS = {"minimum": "<", "exclusiveMinimum": "<=", "maximum": ">", "exclusiveMaximum": ">="}
_BITS = ("8", "16", "32", "64", "128")
_TYPE_BY_LOGICAL = {"number": "DOUBLE", "integer": "HUGEINT"}
_MOST_DIGITS = 38  # of a DECIMAL
_DIGITS = {"TINYINT": 3, "SMALLINT": 5, "INTEGER": 10, "BIGINT": 19, "UTINYINT": 3, "USMALLINT": 5, "UINTEGER": 10}
_LARGEST_FLOAT = 3.4028234663852886e38


def ranges(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A value beyond a bound breaks it."""
    options = value.column.logical_type_options
    for option, operator, bound in _bounds(options):
        try:
            expression, kind = moment(value) if is_moment(value) else _number(value)
            written = moment_bound(bound, kind, value) if is_moment(value) else literal(bound, kind)
        except NotALiteral:
            yield Unclear(option, "range", f"The bound is no value that a {_named(value)} can be compared with.")
            continue
        broken = f"{expression} {operator} {written}"
        if kind.name in FLOATS:
            broken = f"({broken} OR isnan({expression}))"
        yield Condition(option, "range", broken)
    if options.get("multipleOf") is not None:
        yield _multiple_of(*_number(value), options["multipleOf"])
    yield from _width(value)


def _bounds(options: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Each bound with the comparison that breaks it. Before 3.1, `exclusiveMinimum: true` sharpened the minimum."""
    for option, operator in _BOUNDS.items():
        bound = options.get(option)
        exclusive = f"exclusive{option[0].upper()}{option[1:]}"
        if bound is None or (isinstance(bound, bool) and option.startswith("exclusive")):
            continue
        yield option, f"{operator}=" if options.get(exclusive) is True else operator, bound


def _number(value: ColumnValue) -> tuple[str, SqlType]:
    """The value as what it logically is: a number that is stored as text is compared as a number."""
    logical = _TYPE_BY_LOGICAL.get(value.column.logical_type or "")
    if value.is_text and logical is not None:
        return f"TRY_CAST({value.expression} AS {logical})", SqlType(logical)
    return value.expression, value.type


def _named(value: ColumnValue) -> str:
    return value.column.logical_type if value.is_text and value.column.logical_type else str(value.type)


def _multiple_of(expression: str, kind: SqlType, factor: object) -> Condition | Unclear:
    try:
        of = number(factor)
    except NotALiteral:
        return Unclear("multipleOf", "range", "The factor is no number.")
    if float(of) == 0:
        return Unclear("multipleOf", "range", "Zero has no multiples.")
    if kind.name in FLOATS or "E" in of:
        quotient = f"(CAST({expression} AS DOUBLE) / {of})"
        nearest = f"abs({quotient} - round({quotient}))"
        # Halfway between two multiples is half a step away, however large the number: never tolerate as much.
        rounding = f"least(0.25, {1e-6 if kind.name == 'FLOAT' else 1e-9} * greatest(1, abs({quotient})))"
        broken = f"isnan({expression}) OR {nearest} > {rounding}"
        return Condition("multipleOf", "range", f"({broken})")
    decimals = len(of.partition(".")[2])
    whole = (kind.precision or 0) - (kind.scale or 0) if kind.name == "DECIMAL" else _DIGITS.get(kind.name, 39)
    if decimals and whole + max(decimals, kind.scale or 0) > _MOST_DIGITS:  # the engine would fall back on rounding
        return Unclear("multipleOf", "range", f"A {kind} has too many digits for a factor of {decimals} decimals.")
    return Condition("multipleOf", "range", f"{expression} % {of} <> 0")


def _width(value: ColumnValue) -> Iterator[Condition]:
    """`format: u8`, `f32` and the like are stored in a wider type and must still fit."""
    declared = value.column.logical_type_options.get("format")
    if not isinstance(declared, str) or declared[1:] not in _BITS:
        return
    expression, kind = _number(value)
    if value.column.logical_type == "number" and declared == "f32" and kind.name != "FLOAT":
        yield Condition("format", "range", f"abs({expression}) > {_LARGEST_FLOAT}")
    if value.column.logical_type != "integer" or kind.name not in (*INTEGERS, "DECIMAL"):
        return
    bits = int(declared[1:])
    if bits == 128:  # more than any type holds
        if declared == "u128":
            yield Condition("format", "range", f"{expression} < 0")
        return
    low, high = (0, 2**bits - 1) if declared[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    if (kind.name, declared) not in (("INTEGER", "i32"), ("BIGINT", "i64")):  # these hold no other
        yield Condition("format", "range", f"{expression} NOT BETWEEN {low} AND {high}")
