"""`required`, `minProperties`, `maxProperties` of objects."""

from collections.abc import Iterator

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
        missing = " OR ".join(_is_missing(value, str(name)) for name in names)
        yield Condition("required properties", "object", f"({value.expression} IS NOT NULL AND ({missing}))")
    for option, operator in (("minProperties", "<"), ("maxProperties", ">")):
        bound = options.get(option)
        if bound is None or (option == "minProperties" and bound == 0):
            continue
        if value.type.name != "JSON" or isinstance(bound, bool) or not isinstance(bound, int):
            yield Unclear(option, "object", "Properties are counted in JSON columns only.", blocks=False)
        else:
            yield Condition(option, "object", f"len(json_keys({value.expression})) {operator} {bound}")


def _is_missing(value: ColumnValue, name: str) -> str:
    if value.type.name == "STRUCT":
        child = next((c for c in value.column.properties if name in (c.name, c.stored_name)), None)
        return f"struct_extract({value.expression}, {text(child.stored_name)}) IS NULL" if child else "true"
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    path = text(f'$."{quoted}"')
    return f"NOT json_exists({value.expression}, {path})"
