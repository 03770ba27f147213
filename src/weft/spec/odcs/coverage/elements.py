"""Every element of ODCS, walked from the official schema.

An element is called by the definition that it belongs to and its path within: `DataQuality.severity`,
`SchemaBaseProperty.logicalTypeOptions.pattern`; those of the document itself have no definition before them. So what
stands at many places, such as custom properties, is one element, and a column within a column is a column.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_BRANCHES = ("allOf", "anyOf", "oneOf")


def elements_of(schema: Mapping[str, Any]) -> dict[str, str]:
    """Name of each element -> what the standard says of it, in its own order."""
    found: dict[str, str] = {}
    for name, says in _within(schema, ""):
        found.setdefault(name, says)
    for name, part in schema["$defs"].items():
        if name == "ServerSource":
            for server, fields in part.items():
                for path, says in _within(fields, f"{server}."):
                    found.setdefault(path, says)
        else:
            for path, says in _within(part, f"{name}."):
                found.setdefault(path, says)
    return found


def _within(part: Any, before: str) -> Iterator[tuple[str, str]]:
    """Elements that a part of the schema itself declares; what it refers to is walked by its own name."""
    if not isinstance(part, dict):
        return
    for name, below in part.get("properties", {}).items():
        # A property of a condition (`if`) is no element; one that only narrows another has neither type nor reference.
        if isinstance(below, dict):
            yield f"{before}{name}", str(below.get("description", "")).split("\n")[0]
            yield from _within(below, f"{before}{name}.")
    if isinstance(part.get("items"), dict):
        yield from _within(part["items"], before)
    for branch in _BRANCHES:
        for one in part.get(branch, ()):
            yield from _within(one, before)
    for branch in ("then", "else"):
        yield from _within(part.get(branch), before)
