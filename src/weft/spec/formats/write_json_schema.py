"""Export JSON Schema 2020-12: a schema of one row, or of the rows of several tables."""

import json
from typing import Any

from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing, OutgoingTable

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_INTEGERS = {
    "TINYINT": (-(2**7), 2**7 - 1),
    "SMALLINT": (-(2**15), 2**15 - 1),
    "INTEGER": (-(2**31), 2**31 - 1),
    "BIGINT": (-(2**63), 2**63 - 1),
    "HUGEINT": (-(2**127), 2**127 - 1),
    "UTINYINT": (0, 2**8 - 1),
    "USMALLINT": (0, 2**16 - 1),
    "UINTEGER": (0, 2**32 - 1),
    "UBIGINT": (0, 2**64 - 1),
}
_TEXTS = {
    "DATE": {"type": "string", "format": "date"},
    "TIME": {"type": "string", "format": "time"},
    "TIMESTAMP WITH TIME ZONE": {"type": "string", "format": "date-time"},
    "UUID": {"type": "string", "format": "uuid"},
    "BLOB": {"type": "string", "contentEncoding": "base64"},
}
_PLAIN = ("BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "DATE", "TIME", "TIMESTAMP WITH TIME ZONE", "UUID", "JSON")
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = ("minItems", "maxItems", "uniqueItems")


def write_json_schema(contract: Outgoing) -> bytes:
    """Write one object for one table, and definitions with a choice of them for several.

    Types that JSON has no word for, such as DECIMAL(12,2), are kept beside their nearest one as `x-weft`.
    """
    tables = {table.table.name: _table(contract, table) for table in contract.tables}
    if len(tables) == 1:
        (name, schema), *_ = tables.items()
        whole = {"$schema": _DRAFT, "title": name, **schema}
    else:
        whole = {
            "$schema": _DRAFT,
            "title": contract.contract.name or contract.contract.id,
            "$defs": tables,
            "anyOf": [{"$ref": f"#/$defs/{name}"} for name in tables],
        }
        if contract.contract.description:
            whole["description"] = contract.contract.description
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


def _table(contract: Outgoing, table: OutgoingTable) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object"}
    if table.table.description:
        schema["description"] = table.table.description
    return schema | _properties(contract, table.fields)


def _properties(contract: Outgoing, fields: tuple[Field, ...]) -> dict[str, Any]:
    made: dict[str, Any] = {"properties": {field.name: _column(contract, field) for field in fields}}
    required = [field.name for field in fields if field.column.required]
    if required:
        made["required"] = required
    return made


def _column(contract: Outgoing, field: Field) -> dict[str, Any]:
    schema = _typed(contract, field)
    column = field.column
    for key, value in (("title", column.business_name), ("description", column.description)):
        if value:
            schema[key] = value
    if isinstance(field.written.get("examples"), list):
        schema["examples"] = field.written["examples"]
    if column.deprecated:
        schema["deprecated"] = True
    if "default" in column.custom:
        schema["default"] = column.custom["default"]
    if column.enum is not None:
        schema["enum"] = list(column.enum)
    if not column.required:
        schema["type"] = [schema["type"], "null"] if "type" in schema else schema.get("type")
        if schema["type"] is None:
            del schema["type"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"].append(None)
    return schema


def _typed(contract: Outgoing, field: Field) -> dict[str, Any]:
    kind, options = field.kind, field.options
    if kind.name in ("LIST", "ARRAY"):
        schema: dict[str, Any] = {"type": "array", "items": _column(contract, field.children[0])}
        if kind.size is not None:
            schema |= {"minItems": kind.size, "maxItems": kind.size}
        return schema | {key: options[key] for key in _COUNTS if key in options}
    if kind.name == "MAP":
        if field.children[0].kind.name != "VARCHAR":
            _lose(contract, field, "keys of an object are texts")
        return {"type": "object", "additionalProperties": _column(contract, field.children[1])}
    if kind.name == "STRUCT":
        return {"type": "object", **_properties(contract, field.children)}
    if kind.name == "JSON":
        return {}
    schema = _scalar(contract, field)
    if kind.name not in _PLAIN:
        schema["x-weft"] = {"physicalType": str(kind)}
    return schema


def _scalar(contract: Outgoing, field: Field) -> dict[str, Any]:
    kind, options = field.kind, field.options
    if kind.name in _INTEGERS:
        least, most = _INTEGERS[kind.name]
        schema: dict[str, Any] = {"type": "integer"} | {key: options[key] for key in _LIMITS if key in options}
        return schema if kind.name == "BIGINT" else schema | _within(schema, least, most)
    if kind.name in ("FLOAT", "DOUBLE", "DECIMAL"):
        return {"type": "number"} | {key: options[key] for key in _LIMITS if key in options}
    if kind.name == "BOOLEAN":
        return {"type": "boolean"}
    schema = dict(_TEXTS.get(kind.name, {"type": "string"}))
    for key in ("minLength", "maxLength", "pattern"):
        if key in options:
            schema[key] = options[key]
    if isinstance(options.get("format"), str):
        if kind.name == "VARCHAR":
            schema["format"] = options["format"]
        elif kind.name != "UUID":
            _lose(contract, field, "the format of a date is always that of ISO 8601")
    if any(key in options for key in _LIMITS):
        _lose(contract, field, "dates and times have no limits")
    return schema


def _within(schema: dict[str, Any], least: int, most: int) -> dict[str, Any]:
    """The limits of a narrow integer, where the contract has none of its own."""
    limits = {}
    if "minimum" not in schema and "exclusiveMinimum" not in schema:
        limits["minimum"] = least
    if "maximum" not in schema and "exclusiveMaximum" not in schema:
        limits["maximum"] = most
    return limits


def _lose(contract: Outgoing, field: Field, why: str) -> None:
    place = contract.file.place(*field.keys)
    contract.notes.append(not_exported(f"JSON Schema does not carry all of {field.path}: {why}.", place))
