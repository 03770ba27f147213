"""Import Avro schemas: records become tables, unions with null optional columns."""

import json
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.formats.draft import custom, document, enum_of, put, table, typed
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.sql_type import MAX_PRECISION, SqlType, parse_type

_PRIMITIVES = {
    "boolean": "BOOLEAN",
    "int": "INTEGER",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "bytes": "BLOB",
    "string": "VARCHAR",
}
_LOGICAL: dict[tuple[str, Any], str] = {
    ("int", "date"): "DATE",
    ("int", "time-millis"): "TIME",
    ("long", "time-micros"): "TIME",
    ("long", "timestamp-millis"): "TIMESTAMP WITH TIME ZONE",
    ("long", "timestamp-micros"): "TIMESTAMP WITH TIME ZONE",
    ("long", "timestamp-nanos"): "TIMESTAMP WITH TIME ZONE",
    ("long", "local-timestamp-millis"): "TIMESTAMP",
    ("long", "local-timestamp-micros"): "TIMESTAMP",
    ("long", "local-timestamp-nanos"): "TIMESTAMP_NS",
    ("string", "uuid"): "UUID",
    ("fixed", "uuid"): "UUID",
}
_COMPLEX = ("record", "error", "enum", "fixed", "array", "map")
_FIELD_KEYS = frozenset(("name", "type", "doc", "default", "aliases", "order"))
_EXACT = "weftType"  # what our own export keeps beside a wider type


def is_avro(source: Source) -> bool:
    """Whether a file is an Avro schema: a record with fields, or a list of them."""
    try:
        data = json.loads(source.text)
    except (ValueError, Problem, RecursionError):
        return False
    parts = data if isinstance(data, list) else [data]
    return any(isinstance(part, dict) and part.get("type") == "record" and "fields" in part for part in parts)


def read_avro(source: Source) -> Mapping[str, Any]:
    """Read a record, or every record of a union at the top.

    Raises:
        Problem: FORMAT002 it is no schema, FORMAT004 a record holds itself, FORMAT005 a type is not known.
    """
    data = source.json("an Avro schema")
    reader = _Reader(source)
    parts = data if isinstance(data, list) else [data]
    tables = []
    for part in parts:
        if not isinstance(part, dict):
            raise source.problem("FORMAT002", "The file is not an Avro schema: a table is a record.", line=1)
        kind = part.get("type")
        if kind not in ("record", "error"):
            reader.define(part, "")
            if kind not in _COMPLEX:
                raise source.problem(
                    "FORMAT002",
                    "The file is not an Avro schema of a table.",
                    line=1,
                    found=f'"type": {json.dumps(kind)[:60]}',
                    expected='"type": "record"',
                )
            continue
        tables.append(reader.table(part))
    return document(tables[0]["name"] if len(tables) == 1 else source.stem, tables)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.known: dict[str, tuple[Mapping[str, Any], str]] = {}  # full name to schema and its namespace

    def table(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """One record as a table."""
        namespace = self.define(record, "")
        name = str(record.get("name", self.source.stem)).rpartition(".")[2]
        made = table(name, self._fields(record, namespace, name, (self._full(record, ""),)))
        put(made, description=_text(record.get("doc")))
        if namespace:
            custom(made, "namespace", namespace)
        for key in set(record) - {"type", "name", "namespace", "doc", "fields", "aliases"}:
            self._lose(f'"{key}" of {name} is a setting of its own', key)
        if record.get("aliases"):
            custom(made, "aliases", record["aliases"])
        return made

    def _lose(self, what: str, *words: str) -> None:
        place = Place(self.source.path, self.source.line_of(*words))
        self.source.notes.append(not_imported(f"{what}; a contract has no words for it.", place))

    def _full(self, schema: Mapping[str, Any], namespace: str) -> str:
        name = str(schema.get("name", ""))
        space = str(schema.get("namespace") or namespace)
        return name if "." in name or not space else f"{space}.{name}"

    def define(self, schema: Mapping[str, Any], namespace: str) -> str:
        """Remember a named type; its namespace."""
        full = self._full(schema, namespace)
        space = full.rpartition(".")[0]
        if schema.get("name"):
            self.known[full] = (schema, space)
        return space

    def _fields(
        self, record: Mapping[str, Any], namespace: str, path: str, stack: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        fields = record.get("fields")
        if not isinstance(fields, list):
            line = self.source.line_of(str(record.get("name", "")))
            raise self.source.problem("FORMAT002", f"The record {path} has no list of fields.", line=line)
        columns = []
        for field in fields:
            if not isinstance(field, dict) or not isinstance(field.get("name"), str) or "type" not in field:
                raise self.source.problem(
                    "FORMAT002",
                    f"A field of {path} lacks its name or its type.",
                    line=self.source.line_of(str(record.get("name", ""))),
                )
            columns.append(self._field(field, namespace, f"{path}.{field['name']}", stack))
        return columns

    def _field(self, field: Mapping[str, Any], namespace: str, path: str, stack: tuple[str, ...]) -> dict[str, Any]:
        column, is_optional = self._column(field["type"], namespace, path, stack)
        column = {"name": field["name"], **column}
        if not is_optional:
            column["required"] = True
        put(column, description=_text(field.get("doc")))
        if field.get("default") is not None:
            custom(column, "default", field["default"])
        if field.get("aliases"):
            custom(column, "aliases", field["aliases"])
        for key in set(field) - _FIELD_KEYS:
            self._lose(f'"{key}" of {path} is a setting of its own', field["name"], key)
        return column

    def _column(self, kind: Any, namespace: str, path: str, stack: tuple[str, ...]) -> tuple[dict[str, Any], bool]:
        """The column's keys without its name, and whether null is one of its values."""
        if isinstance(kind, list):
            others = [part for part in kind if part != "null"]
            if len(others) != 1:
                self._lose(f"{path} is a union of several types and becomes a text of JSON", path.rpartition(".")[2])
                return typed(SqlType("JSON")), len(others) < len(kind)
            return self._column(others[0], namespace, path, stack)[0], len(others) < len(kind)
        if isinstance(kind, str):
            return self._named(kind, namespace, path, stack), kind == "null"
        if not isinstance(kind, dict):
            raise self._unknown(kind, path)
        inner = kind.get("type")
        if isinstance(inner, dict | list):  # {"type": {"type": ...}}
            return self._column(inner, namespace, path, stack)
        if inner in _PRIMITIVES:
            return self._scalar(str(inner), kind, path), False
        if inner not in _COMPLEX:
            return self._named(inner, namespace, path, stack), False
        space = self.define(kind, namespace) if "name" in kind else namespace
        return self._complex(kind, space, path, stack), False

    def _named(self, name: Any, namespace: str, path: str, stack: tuple[str, ...]) -> dict[str, Any]:
        if name in _PRIMITIVES:
            return typed(_type(_PRIMITIVES[name]))
        if name == "null":
            return typed(SqlType("VARCHAR"))
        full = name if not isinstance(name, str) or "." in name or not namespace else f"{namespace}.{name}"
        found = self.known.get(full) or self.known.get(str(name))
        if found is None:
            raise self._unknown(name, path)
        return self._complex(found[0], found[1], path, stack)

    def _unknown(self, kind: Any, path: str) -> Problem:
        return self.source.problem(
            "FORMAT005",
            f"{path} has a type that Avro does not know, and the file does not define it.",
            line=self.source.line_of(path.rpartition(".")[2], str(kind)),
            found=json.dumps(kind)[:60],
            expected=f"one of {', '.join(_PRIMITIVES)}, {', '.join(_COMPLEX)}, or a type that is defined before",
        )

    def _complex(self, kind: Mapping[str, Any], namespace: str, path: str, stack: tuple[str, ...]) -> dict[str, Any]:
        match kind["type"]:
            case "array":
                element, is_optional = self._column(kind.get("items"), namespace, f"{path}.items", stack)
                return {"logicalType": "array", "items": element if is_optional else {**element, "required": True}}
            case "map":
                value, is_optional = self._column(kind.get("values"), namespace, f"{path}.values", stack)
                value = value if is_optional else {**value, "required": True}
                return {"logicalType": "map", "map": {"key": typed(SqlType("VARCHAR")), "value": value}}
            case "enum":
                column = typed(SqlType("VARCHAR"))
                symbols = kind.get("symbols")
                return put(column, enum=enum_of(symbols if isinstance(symbols, list) else []))
            case "fixed":
                return self._scalar("fixed", kind, path)
        full = self._full(kind, namespace)
        if full in stack:
            raise self.source.problem(
                "FORMAT004",
                "The record holds itself, and a table cannot.",
                line=self.source.line_of(path.rpartition(".")[2]),
                found=" -> ".join((*stack, full)),
            )
        column = {"logicalType": "object", "properties": self._fields(kind, namespace, path, (*stack, full))}
        return put(column, description=_text(kind.get("doc")))

    def _scalar(self, kind: str, schema: Mapping[str, Any], path: str) -> dict[str, Any]:
        logical = schema.get("logicalType")
        logical = logical if isinstance(logical, str | None) else json.dumps(logical)
        exact = parse_type(str(schema[_EXACT])) if _EXACT in schema else None
        if exact is not None and not exact.fields:
            return typed(exact)
        if logical == "decimal":
            precision, scale = schema.get("precision"), schema.get("scale", 0)
            if isinstance(precision, int) and isinstance(scale, int) and 0 < precision <= MAX_PRECISION:
                return typed(SqlType("DECIMAL", precision, scale))
            self._lose(
                f"{path} is a decimal of more than {MAX_PRECISION} digits and becomes bytes", path.rpartition(".")[2]
            )
        elif (kind, logical) in _LOGICAL:
            return typed(_type(_LOGICAL[kind, logical]))
        elif logical is not None:
            self._lose(f'{path} has the logical type "{logical}", which weft does not know', path.rpartition(".")[2])
        column = typed(_type(_PRIMITIVES.get(kind, "BLOB")))
        if kind == "fixed":
            custom(column, "fixedSize", schema.get("size"))
        return column


def _type(text: str) -> SqlType:
    found = parse_type(text)
    assert found is not None, text  # one of the constants above
    return found


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
