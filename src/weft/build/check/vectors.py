"""Vectors: `dimensions`, the range of `elementType`, and `normalized`; a vector has no gaps.

`distanceMetric`, `embeddingModel` and `embeddingModelVersion` say how a vector is used and made: no row can break them.
"""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear

# The largest numbers of a type that is stored in a wider one.
_LARGEST = {"float16": (-65504, 65504), "int8": (-128, 127), "uint8": (0, 255), "binary": (0, 1)}
# How far from one the length of a normalized vector may be: rounding each element moves it by about this much.
_ROUNDING = {"float64": 1e-4, "float32": 1e-4, "float16": 1e-2, "bfloat16": 1e-2}
_STORED_SO = {"int8": ("TINYINT",), "uint8": ("UTINYINT",), "binary": ("BOOLEAN",)}


def vectors(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A vector of another length, with a gap, with an element out of range, or not of length one breaks it."""
    if value.column.logical_type != "vector":
        return
    options = value.column.logical_type_options
    found, size = value.as_list, options.get("dimensions")
    if found is None:
        yield Unclear("dimensions", "items", f"A column of type {value.type} has no dimensions.")
        return
    numbers = f"list_transform({found}, lambda item: TRY_CAST(item AS DOUBLE))"
    if isinstance(size, int) and not isinstance(size, bool):
        gaps = f"len(list_filter({numbers}, lambda item: item IS NULL OR isnan(item)))"
        yield Condition("dimensions", "items", f"(len({found}) <> {size} OR {gaps} > 0)")
    else:
        yield Unclear("dimensions", "items", "The number of dimensions is no whole number.")
    element = str(options.get("elementType", "float32"))
    stored = value.type.fields[0][1].name if value.type.fields else ""
    if element in _LARGEST and stored not in _STORED_SO.get(element, ()):
        low, high = _LARGEST[element]
        outside = f"item NOT BETWEEN {low} AND {high}"
        if element not in ("float16",):
            outside = f"({outside} OR item <> trunc(item))"
        yield Condition("elementType", "items", f"len(list_filter({numbers}, lambda item: {outside})) > 0")
    if options.get("normalized") is True:
        yield _normalized(numbers, element)


def _normalized(numbers: str, element: str) -> Condition | Unclear:
    rounding = _ROUNDING.get(element)
    if rounding is None:
        return Unclear("normalized", "items", f"Elements of type {element} are no parts of one.", applies=False)
    length = f"sqrt(list_sum(list_transform({numbers}, lambda item: item * item)))"
    return Condition("normalized", "items", f"NOT coalesce(abs({length} - 1) <= {rounding}, true)")
