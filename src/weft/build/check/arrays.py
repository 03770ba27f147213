"""`minItems`, `maxItems`, `uniqueItems` of arrays, and the dimensions of vectors."""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear

_BOUNDS = {"minItems": "<", "maxItems": ">", "dimensions": "<>"}


def arrays(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A list of another length, or with an element twice, breaks it."""
    if value.type.name not in ("LIST", "ARRAY"):
        return
    options = value.column.logical_type_options
    for option, operator in _BOUNDS.items():
        bound = options.get(option)
        if bound is None:
            continue
        if isinstance(bound, bool) or not isinstance(bound, int):
            yield Unclear(option, "items", "The number of items is no whole number.")
        else:
            yield Condition(option, "items", f"len({value.expression}) {operator} {bound}")
    if options.get("uniqueItems") is True:
        # list_unique counts no NULLs; two of them are no two equal values either
        there = f"len(list_filter({value.expression}, lambda item: item IS NOT NULL))"
        yield Condition("uniqueItems", "items", f"list_unique({value.expression}) < {there}")
