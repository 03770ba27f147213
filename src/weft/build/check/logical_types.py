"""What is stored as text, or lies in a JSON document, is what its logical type says.

The type of the column itself is checked by `types`; here a text column that is logically a date, a number or an object
is read as one. A date with a `format` is read by that: see `formats`.
"""

from collections.abc import Iterator

from weft.build.check.column_value import INTEGERS, ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.build.check.json_value import CONTAINERS, JSON_TYPE

_TYPE = {"integer": "HUGEINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
_MOMENTS = {"date": "DATE", "timestamp": "TIMESTAMP WITH TIME ZONE", "time": "TIME"}


def logical_types(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A text that cannot be read as what it is promised to be breaks it."""
    logical = value.column.logical_type or ""
    if logical in CONTAINERS:
        if value.type.name in ("JSON", "VARCHAR"):
            document = f"TRY_CAST({value.expression} AS JSON)"
            is_one = f"coalesce(json_type({document}) = '{JSON_TYPE[logical]}', false)"
            yield Condition("logicalType", "type", f"({value.expression} IS NOT NULL AND NOT {is_one})")
        return
    if value.is_in_json:
        yield from _in_json(value)
    if not value.is_text or value.type.name == "JSON":
        return
    found = value.expression
    if logical in _MOMENTS and "format" not in value.column.logical_type_options:
        broken = f"TRY_CAST({found} AS {_MOMENTS[logical]}) IS NULL"
    elif logical == "integer":  # '1.5' would be read as 2
        broken = f"NOT regexp_matches({found}, '^\\s*[+-]?[0-9]+\\s*$')"
    elif logical in _TYPE:
        broken = f"TRY_CAST({found} AS {_TYPE[logical]}) IS NULL"
    else:
        return
    yield Condition("logicalType", "type", f"({found} IS NOT NULL AND {broken})")


def _in_json(value: ColumnValue) -> Iterator[Condition]:
    if value.type.name == "VARCHAR":
        return
    broken = f"({value.original} IS NOT NULL AND {value.expression} IS NULL)"
    if value.type.name in INTEGERS:
        broken = (
            f"({broken} OR TRY_CAST({value.original} AS DOUBLE) IS DISTINCT FROM CAST({value.expression} AS DOUBLE))"
        )
    yield Condition("type", "type", broken)
