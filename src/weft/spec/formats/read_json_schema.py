"""Import JSON Schema of drafts 4 to 2020-12: objects become tables, their properties columns."""

import json
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.base.yaml_source import YamlFile, read_yaml_text
from weft.spec.formats.draft import custom, document, enum_of, put, table, typed
from weft.spec.formats.json_references import Resolver
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.sql_type import parse_type

_LENGTHS = ("minLength", "maxLength", "pattern")
_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_COUNTS = ("minItems", "maxItems", "uniqueItems")
_BY_FORMAT: dict[str, dict[str, Any]] = {
    "date": {"logicalType": "date", "physicalType": "DATE"},
    "time": {"logicalType": "time", "physicalType": "TIME"},
    "date-time": {
        "logicalType": "timestamp",
        "physicalType": "TIMESTAMP WITH TIME ZONE",
        "logicalTypeOptions": {"timezone": True},
    },
    "uuid": {"logicalType": "string", "physicalType": "UUID", "logicalTypeOptions": {"format": "uuid"}},
}
_BY_TYPE: dict[str, dict[str, Any]] = {
    "string": {"logicalType": "string", "physicalType": "VARCHAR"},
    "integer": {"logicalType": "integer", "physicalType": "BIGINT"},
    "number": {"logicalType": "number", "physicalType": "DOUBLE"},
    "boolean": {"logicalType": "boolean", "physicalType": "BOOLEAN"},
}
# Words that say nothing about the rows, or that are read where they stand.
_READ = (
    "$schema $id id $defs definitions $ref $comment $anchor $vocabulary title description default examples example "
    "enum const type properties required items additionalProperties deprecated allOf oneOf anyOf format minLength "
    "maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems "
    "nullable x-weft contentEncoding readOnly writeOnly"
)
_HARMLESS = frozenset(_READ.split())


def is_json_schema(source: Source) -> bool:
    """Whether a file is a JSON Schema: an object that says so, or has what only one has."""
    try:
        data = json.loads(source.text)
    except (ValueError, Problem, RecursionError):
        return False
    if not isinstance(data, dict) or "nodes" in data:
        return False
    if "json-schema.org" in str(data.get("$schema")):
        return True
    return data.get("type") in ("object", "array") and bool({"properties", "items", "$ref", "allOf"} & set(data))


def read_json_schema(source: Source) -> Mapping[str, Any]:
    """Read a schema: one table for an object or a list of objects, one for each of several definitions.

    Raises:
        Problem: FORMAT002 it is no schema, FORMAT004 it holds itself, FORMAT005 a reference leads nowhere.
    """
    data = source.json("JSON Schema")
    if not isinstance(data, dict):
        raise Problem("FORMAT002", "The file is not JSON Schema: it is no object.", Place(source.path, 1))
    places, problems = read_yaml_text(source.text, source.path)  # JSON is YAML, whose reader knows the lines
    reader = _Reader(source, places if not problems else YamlFile(source.path, data), Resolver(data, source.path))
    tables = [reader.table(name, schema, keys) for name, schema, keys in reader.roots()]
    name = str(data.get("title") or source.stem)
    purpose = {"purpose": str(data["description"])} if data.get("description") and len(tables) > 1 else None
    return document(name, tables, description=purpose)


class _Reader:
    def __init__(self, source: Source, file: YamlFile, resolver: Resolver) -> None:
        self.source = source
        self.file = file
        self.resolver = resolver

    def roots(self) -> list[tuple[str, Mapping[str, Any], tuple[str | int, ...]]]:
        """The schemas that are tables."""
        data = self.resolver.root
        if any(key in data for key in ("properties", "items", "$ref", "allOf")) or data.get("type") == "object":
            return [(str(data.get("title") or self.source.stem), data, ())]
        for key in ("anyOf", "oneOf"):
            parts = data.get(key)
            if isinstance(parts, list) and all(isinstance(part, dict) and "$ref" in part for part in parts):
                return [(part["$ref"].rsplit("/", 1)[-1], part, (key, n)) for n, part in enumerate(parts)]
        for key in ("$defs", "definitions"):
            if isinstance(data.get(key), dict):
                objects = {
                    name: part for name, part in data[key].items() if isinstance(part, dict) and "properties" in part
                }
                return [(name, part, (key, name)) for name, part in objects.items()]
        return []

    def table(self, name: str, schema: Mapping[str, Any], keys: tuple[str | int, ...]) -> dict[str, Any]:
        """One table."""
        whole, stack = self.resolver.resolve(schema, keys, self.file, ())
        if whole.get("type") == "array" and isinstance(whole.get("items"), dict):  # a list of rows
            keys = (*keys, "items")
            whole, stack = self.resolver.resolve(whole["items"], keys, self.file, stack)
        if not isinstance(whole.get("properties"), dict):
            raise Problem(
                "FORMAT002",
                f'"{name}" is no object with properties, so it is no table.',
                self.file.place(*keys),
                expected='"type": "object" and "properties"',
            )
        self._unknown(whole, keys, name)
        made = table(name, self._columns(whole, keys, name, stack))
        put(made, description=_text(whole.get("description")))
        return made

    def _columns(
        self, schema: Mapping[str, Any], keys: tuple[str | int, ...], path: str, stack: tuple[str, ...]
    ) -> list[dict[str, Any]]:
        listed = schema.get("required")
        required: list[Any] = listed if isinstance(listed, list) else []
        columns = []
        for name, part in schema["properties"].items():
            column = {"name": name, **self._column(part, (*keys, "properties", name), f"{path}.{name}", stack)}
            if name in required and not column.pop("nullable", False):
                column["required"] = True
            column.pop("nullable", None)
            columns.append(column)
        return columns

    def _note(self, what: str, keys: tuple[str | int, ...]) -> None:
        self.source.notes.append(not_imported(what, self.file.place(*keys)))

    def _unknown(self, schema: Mapping[str, Any], keys: tuple[str | int, ...], path: str) -> None:
        for key in schema:
            if key not in _HARMLESS:
                self._note(f'A contract has no words for "{key}" of {path}.', (*keys, key))

    def _column(self, part: Any, keys: tuple[str | int, ...], path: str, stack: tuple[str, ...]) -> dict[str, Any]:
        if not isinstance(part, dict):  # `true` takes every value
            self._note(f"{path} takes every value: it becomes a text of JSON.", keys)
            return {"logicalType": "object", "physicalType": "JSON", "nullable": True}
        schema, stack = self.resolver.resolve(part, keys, self.file, stack)
        self._unknown(schema, keys, path)
        schema, is_nullable = self._without_null(schema, keys, path, stack)
        column = self._typed(schema, keys, path, stack)
        if is_nullable:
            column["nullable"] = True
        put(
            column,
            businessName=_text(schema.get("title")),
            description=_text(schema.get("description")),
            deprecated=schema.get("deprecated") is True or None,
            examples=schema.get("examples") if isinstance(schema.get("examples"), list) else None,
        )
        if "enum" in schema or "const" in schema:
            values = schema["enum"] if isinstance(schema.get("enum"), list) else [schema.get("const")]
            put(column, enum=enum_of(values))
            if None in values:
                column["nullable"] = True
            if any(isinstance(value, list | dict) for value in values):
                self._note(f"Allowed values of {path} that are lists or objects are left out.", keys)
        if "default" in schema:
            custom(column, "default", schema["default"])
        return column

    def _without_null(
        self, schema: dict[str, Any], keys: tuple[str | int, ...], path: str, stack: tuple[str, ...]
    ) -> tuple[dict[str, Any], bool]:
        """The schema for values that are there, and whether null is allowed."""
        kinds = schema.get("type")
        is_nullable = schema.get("nullable") is True
        if isinstance(kinds, list):
            is_nullable |= "null" in kinds
            words = [kind if isinstance(kind, str) else json.dumps(kind) for kind in kinds if kind != "null"]
            if set(words) == {"integer", "number"}:
                words = ["number"]
            if len(words) > 1:
                self._note(f"{path} has values of several types: it becomes a text of JSON.", (*keys, "type"))
            schema = {**schema, "type": words[0] if len(words) == 1 else None}
        for key in ("oneOf", "anyOf"):
            parts = schema.get(key)
            if not isinstance(parts, list):
                continue
            schema = {k: v for k, v in schema.items() if k != key}
            resolved = [
                self.resolver.resolve(p, (*keys, key, n), self.file, stack)[0]
                for n, p in enumerate(parts)
                if isinstance(p, dict)
            ]
            others = [p for p in resolved if p.get("type") != "null"]
            is_nullable |= len(others) < len(resolved)
            if len(others) == 1:
                schema = {**others[0], **schema}
            elif others and all("const" in p or "enum" in p for p in others):
                schema["enum"] = [v for p in others for v in p.get("enum", [p.get("const")])]
            elif others:
                self._note(f'"{key}" of {path} gives a choice of shapes: it becomes a text of JSON.', (*keys, key))
                schema["type"] = None
        return schema, is_nullable

    def _typed(
        self, schema: Mapping[str, Any], keys: tuple[str | int, ...], path: str, stack: tuple[str, ...]
    ) -> dict[str, Any]:
        kind = schema.get("type", _guess(schema))
        kind = kind if isinstance(kind, str | None) else json.dumps(kind)
        own = schema.get("x-weft")  # what our own export keeps there, so that nothing is lost on the way back
        if (
            isinstance(own, dict)
            and isinstance(own.get("physicalType"), str)
            and kind in (*_BY_TYPE, "array", "object")
        ):
            exact = parse_type(own["physicalType"])
            if exact is not None and not exact.fields:
                return self._options(typed(exact), schema, path, keys)
        if kind == "array":
            items = schema.get("items")
            if isinstance(items, list):
                self._note(f"{path} has a type for each place of a list: it becomes a text of JSON.", keys)
                return {"logicalType": "object", "physicalType": "JSON"}
            element = self._column(items if items is not None else True, (*keys, "items"), f"{path}.items", stack)
            if not element.pop("nullable", False):
                element["required"] = True
            column = {"logicalType": "array", "items": element}
            return put(column, logicalTypeOptions={key: schema[key] for key in _COUNTS if key in schema})
        if kind == "object":
            return self._object(schema, keys, path, stack)
        if kind == "string" and str(schema.get("format")) in _BY_FORMAT:
            made = _copy(_BY_FORMAT[schema["format"]])
            return self._options(made, schema, path, keys)
        if kind in _BY_TYPE:
            return self._options(_copy(_BY_TYPE[kind]), schema, path, keys)
        if kind is not None:
            raise Problem(
                "FORMAT005",
                f"{path} has a type that JSON Schema does not know.",
                self.file.place(*keys, "type"),
                found=f'"{kind}"',
                expected=f"one of {', '.join(_BY_TYPE)}, array, object, null",
            )
        return {"logicalType": "object", "physicalType": "JSON"}

    def _object(
        self, schema: Mapping[str, Any], keys: tuple[str | int, ...], path: str, stack: tuple[str, ...]
    ) -> dict[str, Any]:
        more = schema.get("additionalProperties")
        if isinstance(schema.get("properties"), dict) and schema["properties"]:
            if isinstance(more, dict):
                self._note(f"Further properties of {path} are left out.", (*keys, "additionalProperties"))
            return {"logicalType": "object", "properties": self._columns(schema, keys, path, stack)}
        if isinstance(more, dict):
            value = self._column(more, (*keys, "additionalProperties"), f"{path}.value", stack)
            if not value.pop("nullable", False):
                value["required"] = True
            return {"logicalType": "map", "map": {"key": dict(_BY_TYPE["string"]), "value": value}}
        return {"logicalType": "object", "physicalType": "JSON"}

    def _options(
        self, column: dict[str, Any], schema: Mapping[str, Any], path: str, keys: tuple[str | int, ...]
    ) -> dict[str, Any]:
        logical = column["logicalType"]
        options: dict[str, Any] = {}
        if logical == "string":
            options = {key: schema[key] for key in _LENGTHS if key in schema}
            if isinstance(schema.get("format"), str):
                options["format"] = schema["format"]
        elif logical in ("integer", "number"):
            options = {key: schema[key] for key in _LIMITS if key in schema}
            for key, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
                # Draft 4: a flag that changes the limit beside it.
                if isinstance(options.get(key), bool) and options.pop(key) and limit in options:
                    options[key] = options.pop(limit)
        else:
            for key in _LENGTHS:
                if key in schema:
                    self._note(f'"{key}" of {path} has no meaning for a {logical}.', (*keys, key))
        return put(column, logicalTypeOptions=options)


def _guess(schema: Mapping[str, Any]) -> str | None:
    """The type of a schema that names none."""
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    if "items" in schema:
        return "array"
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    if isinstance(values, list) and values:
        if all(isinstance(value, str) or value is None for value in values):
            return "string"
        if all(isinstance(value, int) and not isinstance(value, bool) for value in values):
            return "integer"
        if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            return "number"
    if any(key in schema for key in _LENGTHS):
        return "string"
    return "number" if any(key in schema for key in _LIMITS) else None


def _copy(column: Mapping[str, Any]) -> dict[str, Any]:
    return {key: dict(value) if isinstance(value, dict) else value for key, value in column.items()}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
