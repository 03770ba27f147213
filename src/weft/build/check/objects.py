"""`required`, `minProperties`, `maxProperties` of objects. In a struct, a property without a value is not there."""

from collections.abc import Iterator

from weft.build.check import json_value
from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.engine.quote import text


def objects(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """An object without a property that it must have, or with too few or too many, breaks it."""
    if value.column.logical_type != "object":
        return
    options = value.column.logical_type_options
    names = options.get("required")
    if isinstance(names, list) and names:
        missing = [_is_missing(value, str(name)) for name in names]
        if None in missing:
            yield Unclear("required properties", "object", f"A column of type {value.type} has no properties.")
        else:
            broken = " OR ".join(str(condition) for condition in missing)
            yield Condition("required properties", "object", f"({value.expression} IS NOT NULL AND ({broken}))")
    for option, operator in (("minProperties", "<"), ("maxProperties", ">")):
        bound = options.get(option)
        if bound is None or (option == "minProperties" and bound == 0):
            continue
        count = _count(value)
        if count is None:
            yield Unclear(option, "object", f"A column of type {value.type} has no properties.")
        elif isinstance(bound, bool) or not isinstance(bound, int):
            yield Unclear(option, "object", "The number of properties is no whole number.")
        else:
            yield Condition(option, "object", f"({value.expression} IS NOT NULL AND {count} {operator} {bound})")


def _count(value: ColumnValue) -> str | None:
    if value.type.name == "STRUCT":
        fields = [f"({field.expression} IS NOT NULL)::INTEGER" for field in value.fields()]
        return f"({' + '.join(fields) or 0})"
    if value.type.name == "MAP":
        return f"cardinality({value.expression})"
    return f"len({json_value.keys(value.as_json)})" if value.as_json is not None else None


def _is_missing(value: ColumnValue, name: str) -> str | None:
    if value.type.name == "STRUCT":
        child = next((c for c in value.column.properties if name in (c.name, c.stored_name)), None)
        return f"struct_extract({value.expression}, {text(child.stored_name)}) IS NULL" if child else "true"
    if value.type.name == "MAP":
        return f"NOT map_contains({value.expression}, {text(name)})"
    if value.as_json is None:
        return None
    return f"NOT coalesce(json_exists({value.as_json}, {text(json_value.member_path(name))}), false)"
