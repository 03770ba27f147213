"""The Data Contract Specification 1.x, deprecated in favour of ODCS: converted to an ODCS document on reading.

Source: https://datacontract-specification.com, version 1.2.0, and its announcement that ODCS 3.1 replaces it. What ODCS
has no key for is kept as custom properties, so that `write_contract` of the converted document loses nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from weft.base.problem import Problem, Severity
from weft.base.yaml_source import Key, YamlFile
from weft.spec.custom_properties import text_of

VERSION_KEY = "dataContractSpecification"
_Keys = tuple[Key, ...]

_LOGICAL_TYPES = {
    **dict.fromkeys(("string", "text", "varchar"), "string"),
    **dict.fromkeys(("number", "decimal", "numeric", "float", "double"), "number"),
    **dict.fromkeys(("int", "integer", "long", "bigint"), "integer"),
    **dict.fromkeys(("timestamp", "timestamp_tz", "timestamp_ntz"), "timestamp"),
    **dict.fromkeys(("object", "record", "struct"), "object"),
    **{name: name for name in ("boolean", "date", "time", "array", "map")},
}
_PHYSICAL_TYPES = {
    "int": "INTEGER",
    "long": "BIGINT",
    "bigint": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "timestamp_tz": "TIMESTAMPTZ",
    "timestamp_ntz": "TIMESTAMP",
    "bytes": "BLOB",
}
_TEXT_OPTIONS = ("minLength", "maxLength", "pattern", "format")
_NUMBER_OPTIONS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_FIELD_KEYS = frozenset(
    (
        *("type", "title", "description", "required", "unique", "primaryKey", "primary", "references", "enum"),
        *("precision", "scale", "examples", "classification", "tags", "$ref", "fields", "items", "keys", "values"),
        *("quality", "lineage", *_TEXT_OPTIONS, *_NUMBER_OPTIONS),
    )
)
_MODEL_KEYS = frozenset(("type", "title", "description", "fields", "quality", "primaryKey", "tags"))
_SERVER_KEYS = frozenset(
    (
        *("type", "environment", "description", "account", "catalog", "database", "dataset", "delimiter", "format"),
        *("host", "location", "path", "port", "project", "region", "schema", "stagingDir", "warehouse", "stream"),
        *("endpointUrl", "encoding", "regionName", "serviceName"),
    )
)


def is_data_contract_specification(document: Any) -> bool:
    """Whether a document is of this specification and not of ODCS."""
    return isinstance(document, dict) and VERSION_KEY in document and "apiVersion" not in document


def convert(file: YamlFile) -> tuple[YamlFile, list[Problem]]:
    """The same contract as an ODCS document, whose places lead into the file as it was written.

    Returns:
        The document, and one warning that the specification is deprecated.
    """
    warning = Problem(
        "DCS001",
        "The Data Contract Specification is deprecated; weft reads it as ODCS for now.",
        file.place(VERSION_KEY),
        expected="apiVersion: v3.2.0 and kind: DataContract of the Open Data Contract Standard",
        fix="Write the contract in ODCS; `weft.spec.write.write_contract` writes the converted one.",
        severity=Severity.WARNING,
    )
    return _Conversion(file).result(), [warning]


class _Conversion:
    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.source: Mapping[str, Any] = file.data
        self.places: dict[_Keys, tuple[int, int]] = {}

    def result(self) -> YamlFile:
        source, info = self.source, _mapping(self.source.get("info"))
        document: dict[str, Any] = {
            "apiVersion": "v3.2.0",
            "kind": "DataContract",
            "id": text_of(source.get("id")) or "",
            "version": text_of(info.get("version")) or "",
        }
        self._note(("id",), ("id",))
        self._note(("version",), ("info", "version"))
        _put(document, "name", text_of(info.get("title")))
        _put(document, "status", text_of(info.get("status")))
        _put(document, "description", self._description(info))
        _put(document, "tags", _texts(source.get("tags")))
        _put(document, "servers", self._servers())
        _put(document, "schema", self._tables())
        _put(document, "team", {"name": info["owner"]} if isinstance(info.get("owner"), str) else None)
        _put(document, "slaProperties", self._service_levels())
        rest = {key: source[key] for key in ("definitions", "examples", "links", "quality") if key in source}
        for key in set(info) - {"title", "version", "status", "description", "owner"}:
            rest[f"info.{key}"] = info[key]
        terms = _mapping(source.get("terms"))
        for key in set(terms) - {"usage", "limitations"}:
            rest[f"terms.{key}"] = terms[key]
        known = {VERSION_KEY, "id", "info", "servers", "terms", "models", "servicelevels", "tags", *rest}
        rest |= {key: value for key, value in source.items() if key not in known}
        _put(document, "customProperties", _custom(rest))
        self.places[()] = self.file.places.get((), (1, 1))
        return YamlFile(self.file.path, document, self.places)

    def _note(self, target: _Keys, source: _Keys) -> None:
        where = self.file.place(*source)
        self.places[target] = (where.line or 1, where.column or 1)

    def _description(self, info: Mapping[str, Any]) -> dict[str, str] | None:
        terms = _mapping(self.source.get("terms"))
        words = {
            "purpose": text_of(info.get("description")),
            "usage": text_of(terms.get("usage")),
            "limitations": text_of(terms.get("limitations")),
        }
        return {key: value for key, value in words.items() if value} or None

    def _servers(self) -> list[dict[str, Any]]:
        servers = []
        for index, (name, server) in enumerate(_mapping(self.source.get("servers")).items()):
            self._note(("servers", index), ("servers", name))
            if isinstance(server, dict):
                kept = {key: value for key, value in server.items() if key in _SERVER_KEYS}
                converted = {"server": name, **kept}
                _put(converted, "customProperties", _custom({k: v for k, v in server.items() if k not in kept}))
                servers.append(converted)
        return servers

    def _tables(self) -> list[dict[str, Any]]:
        tables: list[dict[str, Any]] = []
        for name, model in _mapping(self.source.get("models")).items():
            if not isinstance(model, dict):
                continue
            keys: _Keys = ("schema", len(tables))
            self._note(keys, ("models", name))
            table: dict[str, Any] = {"name": name}
            _put(table, "physicalType", text_of(model.get("type")))
            _put(table, "businessName", text_of(model.get("title")))
            _put(table, "description", text_of(model.get("description")))
            _put(table, "tags", _texts(model.get("tags")))
            fields = self._fields(model.get("fields"), ("models", name, "fields"), (*keys, "properties"))
            _mark_key(fields, _texts(model.get("primaryKey")))
            _put(table, "properties", fields)
            _put(table, "quality", self._rules(model, ("models", name), keys))
            _put(table, "customProperties", _custom({k: v for k, v in model.items() if k not in _MODEL_KEYS}))
            tables.append(table)
        return tables

    def _fields(self, value: Any, source: _Keys, target: _Keys) -> list[dict[str, Any]]:
        columns: list[dict[str, Any]] = []
        for name, field in _mapping(value).items():
            keys = (*target, len(columns))
            self._note(keys, (*source, name))
            columns.append({"name": name, **self._field(_mapping(field), (*source, name), keys)})
        return columns

    def _field(self, written: Mapping[str, Any], source: _Keys, target: _Keys) -> dict[str, Any]:
        field = {**self._definition(written.get("$ref")), **written}
        type_name = text_of(field.get("type")) or ""
        logical = _LOGICAL_TYPES.get(type_name)
        column: dict[str, Any] = {}
        _put(column, "logicalType", logical)
        _put(column, "physicalType", _physical_type(type_name, field))
        _put(column, "logicalTypeOptions", _options(logical, field))
        _put(column, "businessName", text_of(field.get("title")))
        for key in ("description", "classification"):
            _put(column, key, text_of(field.get(key)))
        for key in ("required", "unique"):
            _put(column, key, field.get(key) if isinstance(field.get(key), bool) else None)
        if field.get("primaryKey") is True or field.get("primary") is True:
            column["primaryKey"] = True
        _put(column, "tags", _texts(field.get("tags")))
        if isinstance(field.get("enum"), list) and field["enum"]:
            column["enum"] = [{"value": value} for value in dict.fromkeys(map(_scalar, field["enum"]))]
        if isinstance(field.get("examples"), list):
            column["examples"] = field["examples"]
        if isinstance(field.get("references"), str):
            column["relationships"] = [{"to": field["references"]}]
        _put(column, "transformSourceObjects", _lineage(field.get("lineage")))
        _put(column, "properties", self._fields(field.get("fields"), (*source, "fields"), (*target, "properties")))
        if isinstance(field.get("items"), dict):
            column["items"] = self._field(field["items"], (*source, "items"), (*target, "items"))
        if logical == "map":
            column["map"] = {
                part: self._field(_mapping(field.get(there)), (*source, there), (*target, "map", part))
                for part, there in (("key", "keys"), ("value", "values"))
            }
        _put(column, "quality", self._rules(field, source, target))
        _put(column, "customProperties", _custom({k: v for k, v in written.items() if k not in _FIELD_KEYS}))
        return column

    def _definition(self, reference: Any) -> Mapping[str, Any]:
        if not isinstance(reference, str) or not reference.startswith("#/definitions/"):
            return {}
        found = _mapping(_mapping(self.source.get("definitions")).get(reference.removeprefix("#/definitions/")))
        # A definition describes itself too; those keys are not the field's.
        return {key: value for key, value in found.items() if key not in ("$ref", "name", "domain", "owner", "links")}

    def _rules(self, element: Mapping[str, Any], source: _Keys, target: _Keys) -> list[dict[str, Any]]:
        value = element.get("quality")
        if not isinstance(value, list):
            return []
        rules: list[dict[str, Any]] = []
        for index, rule in enumerate(value):
            if isinstance(rule, dict):
                self._note((*target, "quality", len(rules)), (*source, "quality", index))
                rules.append(dict(rule))
        return rules

    def _service_levels(self) -> list[dict[str, Any]]:
        levels: list[dict[str, Any]] = []
        for name, level in _mapping(self.source.get("servicelevels")).items():
            level = _mapping(level)
            self._note(("slaProperties", len(levels)), ("servicelevels", name))
            value, unit = _LEVEL_VALUES.get(name, _plain_level)(level)
            converted: dict[str, Any] = {"property": name, "value": value}
            _put(converted, "unit", unit)
            _put(converted, "element", text_of(level.get("timestampField") or level.get("processedTimestampField")))
            _put(converted, "description", text_of(level.get("description")))
            _put(converted, "schedule", text_of(level.get("cron")))
            kept = {"description", "timestampField", "processedTimestampField", "cron"}
            _put(converted, "customProperties", _custom({k: v for k, v in level.items() if k not in kept}))
            levels.append(converted)
        return levels


def _duration(level: Mapping[str, Any], key: str) -> tuple[Any, str | None]:
    """An ISO 8601 duration or `25h` as a number with its unit."""
    text = (text_of(level.get(key)) or "").strip()
    body = text.removeprefix("PT").removeprefix("P").lower() if text.startswith("P") else text.lower()
    digits, unit = body[:-1], body[-1:]
    if digits.isdigit() and unit in ("s", "m", "h", "d", "w", "y"):
        is_month = unit == "m" and text.startswith("P") and not text.startswith("PT")
        return int(digits), "mo" if is_month else unit
    return text or None, None


def _plain_level(level: Mapping[str, Any]) -> tuple[Any, str | None]:
    return text_of(level.get("time") or level.get("interval") or level.get("description")) or None, None


def _percentage(level: Mapping[str, Any]) -> tuple[Any, str | None]:
    text = (text_of(level.get("percentage")) or "").strip().removesuffix("%")
    try:
        return float(text), "percent"
    except ValueError:
        return text or None, None


_LEVEL_VALUES: dict[str, Callable[[Mapping[str, Any]], tuple[Any, str | None]]] = {
    "availability": _percentage,
    "retention": lambda level: _duration(level, "period"),
    "latency": lambda level: _duration(level, "threshold"),
    "freshness": lambda level: _duration(level, "threshold"),
}


def _physical_type(type_name: str, field: Mapping[str, Any]) -> str | None:
    precision, scale = field.get("precision"), field.get("scale")
    if type_name in ("decimal", "numeric", "number") and isinstance(precision, int):
        return f"DECIMAL({precision},{scale if isinstance(scale, int) else 0})"
    return _PHYSICAL_TYPES.get(type_name)


def _options(logical: str | None, field: Mapping[str, Any]) -> dict[str, Any]:
    if logical == "string":
        return {key: field[key] for key in _TEXT_OPTIONS if key in field}
    if logical in ("integer", "number"):
        return {key: field[key] for key in _NUMBER_OPTIONS if key in field}
    return {}


def _mark_key(columns: list[dict[str, Any]], names: list[str]) -> None:
    for position, name in enumerate(names, start=1):
        for column in columns:
            if column["name"] == name:
                column.update(primaryKey=True, primaryKeyPosition=position)


def _lineage(value: Any) -> list[str]:
    fields = _mapping(value).get("inputFields")
    if not isinstance(fields, list):
        return []
    named = (f"{item.get('name')}.{item.get('field')}" for item in fields if isinstance(item, dict))
    return list(dict.fromkeys(named))


def _custom(rest: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"property": key, "value": rest[key]} for key in sorted(rest)]


def _put(target: dict[str, Any], key: str, value: Any) -> None:
    if value is not None and value != [] and value != {}:
        target[key] = value


def _scalar(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
