"""Import the schema of an Iceberg table, from the JSON of a schema or of a table's metadata."""

import json
import re
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.formats.draft import custom, document, put, table, typed
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.sql_type import SqlType

PRIMITIVES = {
    "boolean": "BOOLEAN",
    "int": "INTEGER",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "date": "DATE",
    "time": "TIME",
    "timestamp": "TIMESTAMP",
    "timestamptz": "TIMESTAMP WITH TIME ZONE",
    "timestamp_ns": "TIMESTAMP_NS",
    "string": "VARCHAR",
    "uuid": "UUID",
    "binary": "BLOB",
}
_INEXACT = {"timestamptz_ns": "TIMESTAMP WITH TIME ZONE", "variant": "JSON", "unknown": "VARCHAR"}
_DECIMAL = re.compile(r"decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)")
_FIXED = re.compile(r"fixed\[\s*(\d+)\s*\]")


def is_iceberg(source: Source) -> bool:
    """Whether a file is an Iceberg schema or a table's metadata."""
    try:
        data = json.loads(source.text)
    except (ValueError, Problem, RecursionError):
        return False
    if not isinstance(data, dict):
        return False
    return "format-version" in data or (data.get("type") == "struct" and "fields" in data)


def read_iceberg(source: Source) -> Mapping[str, Any]:
    """Read the current schema.

    Raises:
        Problem: FORMAT002 it is neither schema nor metadata, FORMAT005 a type is not known.
    """
    data = source.json("Iceberg's metadata")
    schema = _current_schema(data, source)
    reader = _Reader(source)
    columns = reader.fields(schema, "")
    name = source.stem
    if isinstance(data.get("location"), str):
        name = data["location"].rstrip("/").rpartition("/")[2] or name
    made = table(name, columns)
    _mark_key(schema, columns)
    properties = data.get("properties")
    if isinstance(properties, dict):
        put(made, description=properties.get("comment"))
    if "partition-specs" in data:
        _mark_partitions(data, columns, source)
    if any(order.get("fields") for order in data.get("sort-orders") or () if isinstance(order, dict)):
        _lose(source, "The order of rows in files is a matter of storage.", "sort-orders")
    return document(name, [made])


def _current_schema(data: Any, source: Source) -> Mapping[str, Any]:
    found = data
    if isinstance(data, dict) and "format-version" in data:
        schemas = data.get("schemas") if isinstance(data.get("schemas"), list) else [data.get("schema")]
        wanted = data.get("current-schema-id")
        found = next((s for s in schemas or () if isinstance(s, dict) and s.get("schema-id", wanted) == wanted), None)
    if not isinstance(found, dict) or not isinstance(found.get("fields"), list):
        what = "The file is not Iceberg's metadata: it has no schema with fields."
        raise source.problem("FORMAT002", what, line=1)
    return found


def _lose(source: Source, what: str, *words: str) -> None:
    source.notes.append(not_imported(what, Place(source.path, source.line_of(*words))))


def _mark_key(schema: Mapping[str, Any], columns: list[dict[str, Any]]) -> None:
    ids = schema.get("identifier-field-ids")
    for position, field_id in enumerate(ids if isinstance(ids, list) else [], start=1):
        for column in columns:
            if {"property": "fieldId", "value": field_id} in column.get("customProperties", []):
                column |= {"primaryKey": True, "primaryKeyPosition": position, "required": True}


def _mark_partitions(data: Mapping[str, Any], columns: list[dict[str, Any]], source: Source) -> None:
    specs = [spec for spec in data["partition-specs"] if spec.get("spec-id") == data.get("default-spec-id", 0)]
    position = 0
    for part in specs[0].get("fields", []) if specs else []:
        for column in columns:
            if {"property": "fieldId", "value": part.get("source-id")} in column.get("customProperties", []):
                position += 1
                put(column, partitioned=True, partitionKeyPosition=position)
                if part.get("transform") != "identity":
                    custom(column, "partitionTransform", part.get("transform"))


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source

    def fields(self, struct: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
        """The fields of a struct."""
        columns = []
        for field in struct.get("fields") or []:
            if not isinstance(field, dict) or not isinstance(field.get("name"), str) or "type" not in field:
                raise self.source.problem("FORMAT002", f"A field of {path or 'the schema'} lacks its name or its type.")
            full = f"{path}.{field['name']}" if path else field["name"]
            column = {"name": field["name"], **self._typed(field["type"], full)}
            if field.get("required") is True:
                column["required"] = True
            put(column, description=field.get("doc"))
            if isinstance(field.get("id"), int):
                custom(column, "fieldId", field["id"])
            for key in ("write-default", "initial-default"):
                if field.get(key) is not None:
                    custom(column, "default" if key == "write-default" else "initialDefault", field[key])
            columns.append(column)
        return columns

    def _typed(self, kind: Any, path: str) -> dict[str, Any]:
        if isinstance(kind, str):
            return self._primitive(kind, path)
        match kind.get("type") if isinstance(kind, dict) else None:
            case "struct":
                return {"logicalType": "object", "properties": self.fields(kind, path)}
            case "list":
                return {"logicalType": "array", "items": self._inner(kind, "element", path)}
            case "map":
                key = self._inner(kind, "key", path)
                return {"logicalType": "map", "map": {"key": key, "value": self._inner(kind, "value", path)}}
        raise self._unknown(kind, path)

    def _inner(self, kind: Mapping[str, Any], part: str, path: str) -> dict[str, Any]:
        column = self._typed(kind.get(part), f"{path}.{part}")
        if kind.get(f"{part}-required") is True:
            column["required"] = True
        if isinstance(kind.get(f"{part}-id"), int):
            custom(column, "fieldId", kind[f"{part}-id"])
        return column

    def _primitive(self, kind: str, path: str) -> dict[str, Any]:
        if kind in PRIMITIVES:
            return typed(SqlType(PRIMITIVES[kind]))
        if decimal := _DECIMAL.fullmatch(kind):
            return typed(SqlType("DECIMAL", int(decimal[1]), int(decimal[2])))
        if fixed := _FIXED.fullmatch(kind):
            column = typed(SqlType("BLOB"))
            custom(column, "fixedSize", int(fixed[1]))
            return column
        if kind in _INEXACT:
            _lose(self.source, f"The type of {path} becomes {_INEXACT[kind]}, which is not quite {kind}.", path)
            return typed(SqlType(_INEXACT[kind]))
        raise self._unknown(kind, path)

    def _unknown(self, kind: Any, path: str) -> Problem:
        return self.source.problem(
            "FORMAT005",
            f"{path} has a type that Iceberg does not know.",
            line=self.source.line_of(path.rpartition(".")[2]),
            found=json.dumps(kind)[:60],
            expected=f"one of {', '.join(PRIMITIVES)}, decimal(p, s), fixed[n], struct, list, map",
        )
