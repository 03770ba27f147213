"""Export the JSON of an Iceberg schema."""

import json
from typing import Any

from weft.spec.formats.field_numbers import field_numbers
from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing
from weft.spec.formats.read_iceberg import PRIMITIVES

_NAMES = {name: iceberg for iceberg, name in PRIMITIVES.items()}
_WIDENED = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "UTINYINT", "USMALLINT"), "int"),
    "UINTEGER": "long",
    "UBIGINT": "decimal(20, 0)",
    "HUGEINT": "decimal(38, 0)",
    "JSON": "string",
}


def write_iceberg(contract: Outgoing) -> bytes:
    """Write the schema of the only table, whose key are its identifier fields.

    Raises:
        Problem: FORMAT009 the contract has several tables.
    """
    one = contract.one_table
    if one.table.description:
        what = f"A schema of Iceberg has no description of its table: {one.table.name}."
        contract.notes.append(not_exported(what, contract.file.place(*one.keys, "description")))
    numbers = field_numbers(one.fields, "fieldId")
    schema: dict[str, Any] = {"type": "struct", "schema-id": 0}
    key = [field for field in one.fields if field.column.primary_key_position is not None]
    key.sort(key=lambda field: field.column.primary_key_position or 0)
    identifiers = []
    for field in key:
        if field.children or field.kind.name in ("FLOAT", "DOUBLE"):
            _lose(contract, field, "floating numbers and nested columns identify no row")
        else:
            identifiers.append(numbers[field.path])
    if identifiers:
        schema["identifier-field-ids"] = identifiers
    is_key = {field.path for field in key}
    schema["fields"] = [_field(contract, field, numbers, field.path in is_key) for field in one.fields]
    return (json.dumps(schema, indent=2, ensure_ascii=False) + "\n").encode()


def _field(contract: Outgoing, field: Field, numbers: dict[str, int], is_key: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": numbers[field.path],
        "name": field.name,
        "required": field.column.required or is_key,
        "type": _type(contract, field, numbers),
    }
    if field.column.description:
        made["doc"] = field.column.description
    return made


def _type(contract: Outgoing, field: Field, numbers: dict[str, int]) -> Any:
    kind = field.kind
    if kind.name == "STRUCT":
        return {"type": "struct", "fields": [_field(contract, child, numbers) for child in field.children]}
    if kind.name in ("LIST", "ARRAY"):
        if kind.size is not None:
            _lose(contract, field, "a list has no fixed length")
        return {"type": "list", **_inner(contract, field.children[0], "element", numbers)}
    if kind.name == "MAP":
        key, value = field.children
        inner = _inner(contract, key, "key", numbers)
        del inner["key-required"]
        return {"type": "map", **inner, **_inner(contract, value, "value", numbers)}
    if kind.name == "DECIMAL":
        return f"decimal({kind.precision}, {kind.scale})"
    if kind.name in _NAMES:
        return _NAMES[kind.name]
    found = _WIDENED.get(kind.name, "string")
    _lose(contract, field, f"there is no type {kind}, so it is {found}")
    return found


def _inner(contract: Outgoing, field: Field, part: str, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        f"{part}-id": numbers[field.path],
        part: _type(contract, field, numbers),
        f"{part}-required": field.column.required,
    }


def _lose(contract: Outgoing, field: Field, why: str) -> None:
    place = contract.file.place(*field.keys)
    contract.notes.append(not_exported(f"Iceberg does not carry all of {field.path}: {why}.", place))
