"""What the engine says of the structure of JSON records, brought to types that every table can store."""

import json
from typing import Any

from weft.ingest.staged import TextKind
from weft.spec.sql_type import SqlType

_SCALARS = {
    "UBIGINT": "BIGINT",
    "BIGINT": "BIGINT",
    "HUGEINT": "HUGEINT",
    "DOUBLE": "DOUBLE",
    "BOOLEAN": "BOOLEAN",
    "VARCHAR": "VARCHAR",
}


def structure_type(structure: Any) -> SqlType:
    """The type of nested values.

    >>> str(structure_type({"a": "UBIGINT", "b": [{"c": "JSON"}]}))
    'STRUCT(a BIGINT, b STRUCT(c VARCHAR)[])'
    """
    if isinstance(structure, dict):
        if not structure or _has_clashing_names(structure):
            return SqlType("VARCHAR")  # kept as JSON text
        return SqlType("STRUCT", fields=tuple((name, structure_type(child)) for name, child in structure.items()))
    if isinstance(structure, list):
        element = structure_type(structure[0]) if structure else SqlType("VARCHAR")
        return SqlType("LIST", fields=(("element", element),))
    return SqlType(_SCALARS.get(structure, "VARCHAR"))


def known_type(structure: Any) -> SqlType | None:
    """The type of a column where its structure settles it; None where its texts are to be looked at."""
    return structure_type(structure) if isinstance(structure, dict | list) else None


def text_kind(structure: Any) -> TextKind:
    """What a column's texts are: words, or values; a column of both ("" among numbers) is judged by its texts."""
    return TextKind.WORDS if structure == "VARCHAR" else TextKind.VALUES


def parse_structure(text: str | None) -> dict[str, Any]:
    """Columns and their structures, from the engine's own words."""
    structure = json.loads(text) if text else {}
    return structure if isinstance(structure, dict) else {}


def _has_clashing_names(structure: dict[str, Any]) -> bool:
    folded = [name.casefold() for name in structure]
    return len(set(folded)) < len(folded) or "" in folded
