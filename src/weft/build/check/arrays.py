"""`minItems`, `maxItems`, `uniqueItems` of arrays."""

from collections.abc import Iterator

from weft.build.check.column_value import FLOATS, ColumnValue
from weft.build.check.condition import Condition, Unclear

_BOUNDS = {"minItems": "<", "maxItems": ">"}


def arrays(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A list of another length, or with an element twice, breaks it."""
    options = value.column.logical_type_options
    asked = [option for option in (*_BOUNDS, "uniqueItems") if options.get(option)]  # of zero items nothing is asked
    if options.get("maxItems") == 0 and "maxItems" not in asked:
        asked.append("maxItems")
    found = value.as_list
    for option in asked:
        if found is None:
            yield Unclear(option, "items", f"A column of type {value.type} has no items.")
        elif option == "uniqueItems":
            # list_unique counts no NULLs; two of them are no two equal values either
            there = f"len(list_filter({found}, lambda item: item IS NOT NULL))"
            broken = f"list_unique({found}) < {there}"
            if value.type.fields and value.type.fields[0][1].name in FLOATS:  # list_unique takes each NaN for another
                broken = f"({broken} OR len(list_filter({found}, lambda item: isnan(item))) > 1)"
            yield Condition(option, "items", broken)
        elif isinstance(options[option], bool) or not isinstance(options[option], int):
            yield Unclear(option, "items", "The number of items is no whole number.")
        else:
            yield Condition(option, "items", f"len({found}) {_BOUNDS[option]} {options[option]}")
