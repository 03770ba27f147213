"""Types of columns: as DuckDB writes them, as Iceberg stores them.

Both sides are plain data here (`Field` and the JSON of Iceberg's metadata), so that a table is read without
PyIceberg. What Iceberg does not know is widened to what it does where nothing is lost; the rest is a Problem.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from weft.base.data_files import Field
from weft.base.problem import Problem
from weft.spec.sql_type import SqlType, parse_type

_ICEBERG_BY_TYPE = {
    "BOOLEAN": "boolean",
    "INTEGER": "int",
    "BIGINT": "long",
    "FLOAT": "float",
    "DOUBLE": "double",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "VARCHAR": "string",
    "UUID": "uuid",
    "BLOB": "binary",
}
_TYPE_BY_ICEBERG = {iceberg: name for name, iceberg in _ICEBERG_BY_TYPE.items()}
_WIDENED = {
    "TINYINT": SqlType("INTEGER"),
    "SMALLINT": SqlType("INTEGER"),
    "UTINYINT": SqlType("INTEGER"),
    "USMALLINT": SqlType("INTEGER"),
    "UINTEGER": SqlType("BIGINT"),
    "UBIGINT": SqlType("DECIMAL", 20, 0),
    "HUGEINT": SqlType("DECIMAL", 38, 0),  # sums of integers; what needs 39 digits fails when it is written
    "UHUGEINT": SqlType("DECIMAL", 38, 0),
    "TIMESTAMP_NS": SqlType("TIMESTAMP"),  # nanoseconds need version 3 of the format
    "JSON": SqlType("VARCHAR"),
}
_DECIMAL = re.compile(r"decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)")


def storable(column: str, type_text: str) -> SqlType:
    """The type that a column has in a stored table.

    Raises:
        Problem: LAKE004, Iceberg has no such type.

    >>> str(storable("n", "SMALLINT")), str(storable("x", "STRUCT(a UTINYINT, b HUGEINT[])"))
    ('INTEGER', 'STRUCT(a INTEGER, b DECIMAL(38,0)[])')
    """
    parsed = parse_type(type_text)
    stored = _widened(parsed) if parsed else None
    if stored is None:
        raise Problem(
            "LAKE004",
            f'Column "{column}" has a type that a published table cannot hold.',
            found=type_text,
            expected="a number, text, boolean, date, time, timestamp, UUID, BLOB, or a list, map or struct of them",
            fix=f'Cast it in the model, such as CAST("{column}" AS VARCHAR).',
        )
    return stored


def _widened(kind: SqlType) -> SqlType | None:
    if kind.fields:
        children = [(name, _widened(child)) for name, child in kind.fields]
        known = tuple((name, child) for name, child in children if child is not None)
        if len(known) < len(children):
            return None
        return SqlType("LIST" if kind.name == "ARRAY" else kind.name, fields=known)
    if kind.name in _WIDENED:
        return _WIDENED[kind.name]
    return kind if kind.name in _ICEBERG_BY_TYPE or kind.name == "DECIMAL" else None


def field_of(name: str, kind: SqlType, field_id: int, children: tuple[Field, ...] = ()) -> Field:
    """A field whose type's text agrees with its children."""
    return Field(name, str(kind), field_id, children)


def iceberg_schema(fields: tuple[Field, ...], schema_id: int) -> dict[str, Any]:
    """The JSON of a schema; every field may be null, since a contract's `required` is checked before publishing."""
    return {"type": "struct", "schema-id": schema_id, "fields": [_iceberg_field(field) for field in fields]}


def _iceberg_field(field: Field) -> dict[str, Any]:
    return {"id": field.field_id, "name": field.name, "required": False, "type": iceberg_type(field)}


def iceberg_type(field: Field) -> Any:
    """The JSON of a field's type.

    >>> iceberg_type(Field("tags", "VARCHAR[]", 1, (Field("element", "VARCHAR", 2),)))
    {'type': 'list', 'element-id': 2, 'element': 'string', 'element-required': False}
    >>> iceberg_type(Field("total", "DECIMAL(12,2)", 1))
    'decimal(12, 2)'
    """
    kind = parse_type(field.type)
    assert kind is not None, f"the type of field {field.field_id} was made by `storable`"
    if kind.name == "STRUCT":
        return {"type": "struct", "fields": [_iceberg_field(child) for child in field.children]}
    if kind.name == "LIST":
        (element,) = field.children
        return {
            "type": "list",
            "element-id": element.field_id,
            "element": iceberg_type(element),
            "element-required": False,
        }
    if kind.name == "MAP":
        key, value = field.children
        return {
            "type": "map",
            "key-id": key.field_id,
            "key": iceberg_type(key),
            "value-id": value.field_id,
            "value": iceberg_type(value),
            "value-required": False,
        }
    if kind.name == "DECIMAL":
        return f"decimal({kind.precision}, {kind.scale})"
    return _ICEBERG_BY_TYPE[kind.name]


def fields_of(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of a schema's JSON.

    >>> fields_of({"fields": [{"id": 1, "name": "total", "required": False, "type": "decimal(12, 2)"}]})
    (Field(name='total', type='DECIMAL(12,2)', field_id=1, children=()),)
    """
    return tuple(_field(entry["name"], entry["id"], entry["type"]) for entry in schema["fields"])


def _field(name: str, field_id: int, iceberg: Any) -> Field:
    kind, children = _read_type(iceberg)
    return field_of(name, kind, field_id, children)


def _read_type(iceberg: Any) -> tuple[SqlType, tuple[Field, ...]]:
    if isinstance(iceberg, str):
        return _read_primitive(iceberg), ()
    children = _CHILDREN[iceberg["type"]](iceberg)
    inner = tuple((child.name, _parsed(child)) for child in children)
    return SqlType(iceberg["type"].upper(), fields=inner), children


def _parsed(field: Field) -> SqlType:
    kind = parse_type(field.type)
    assert kind is not None
    return kind


def _read_primitive(iceberg: str) -> SqlType:
    if decimal := _DECIMAL.fullmatch(iceberg):
        return SqlType("DECIMAL", int(decimal[1]), int(decimal[2]))
    if iceberg.startswith("fixed"):
        return SqlType("BLOB")
    return SqlType(_TYPE_BY_ICEBERG[iceberg])


_CHILDREN: Mapping[str, Callable[[Any], tuple[Field, ...]]] = {
    "struct": fields_of,
    "list": lambda entry: (_field("element", entry["element-id"], entry["element"]),),
    "map": lambda entry: (
        _field("key", entry["key-id"], entry["key"]),
        _field("value", entry["value-id"], entry["value"]),
    ),
}
