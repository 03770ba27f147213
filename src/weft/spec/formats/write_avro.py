"""Export Avro: one record a table; several tables are a union of records."""

import json
import re
from typing import Any

from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing, OutgoingTable

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TYPES: dict[str, Any] = {
    "BOOLEAN": "boolean",
    "TINYINT": "int",
    "SMALLINT": "int",
    "UTINYINT": "int",
    "USMALLINT": "int",
    "INTEGER": "int",
    "UINTEGER": "long",
    "BIGINT": "long",
    "FLOAT": "float",
    "DOUBLE": "double",
    "VARCHAR": "string",
    "BLOB": "bytes",
    "JSON": "string",
    "INTERVAL": "string",
    "TIME WITH TIME ZONE": "string",
    "DATE": {"type": "int", "logicalType": "date"},
    "TIME": {"type": "long", "logicalType": "time-micros"},
    "TIMESTAMP": {"type": "long", "logicalType": "local-timestamp-micros"},
    "TIMESTAMP_NS": {"type": "long", "logicalType": "local-timestamp-nanos"},
    "TIMESTAMP WITH TIME ZONE": {"type": "long", "logicalType": "timestamp-micros"},
    "UUID": {"type": "string", "logicalType": "uuid"},
    "UBIGINT": {"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0},
    "HUGEINT": {"type": "bytes", "logicalType": "decimal", "precision": 39, "scale": 0},
}
_WIDENED = (
    *("TINYINT", "SMALLINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "HUGEINT", "JSON", "INTERVAL"),
    "TIME WITH TIME ZONE",
)


def write_avro(contract: Outgoing) -> bytes:
    """Write the schema; a type that Avro lacks stands in a wider one with its own name as `weftType`."""
    records = [_Writer(contract).record(table) for table in contract.tables]
    whole = records[0] if len(records) == 1 else records
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


class _Writer:
    def __init__(self, contract: Outgoing) -> None:
        self.contract = contract
        self.taken: set[str] = set()

    def record(self, table: OutgoingTable) -> dict[str, Any]:
        """One table."""
        record: dict[str, Any] = {"type": "record", "name": self._unique(_avro_name(table.name))}
        namespace = table.table.custom.get("namespace")
        if isinstance(namespace, str):
            record["namespace"] = namespace
        if table.table.description:
            record["doc"] = table.table.description
        return record | {"fields": [self._field(field) for field in table.fields]}

    def _unique(self, name: str) -> str:
        """A name that no other type of the schema has: Avro defines each once."""
        found, number = name, 2
        while found in self.taken:
            found, number = f"{name}_{number}", number + 1
        self.taken.add(found)
        return found

    def _lose(self, field: Field, why: str) -> None:
        place = self.contract.file.place(*field.keys)
        self.contract.notes.append(not_exported(f"Avro does not carry all of {field.path}: {why}.", place))

    def _field(self, field: Field) -> dict[str, Any]:
        name = _avro_name(field.name)
        if name != field.name:
            self._lose(field, f'names are words of letters, so it is called "{name}"')
        made: dict[str, Any] = {"name": name, "type": self._optional(field)}
        if field.column.description:
            made["doc"] = field.column.description
        default = field.column.custom.get("default")
        if default is not None and field.column.required:
            if _fits(default, made["type"]):
                made["default"] = default
            else:
                self._lose(field, "the default is no value of its type")
        elif default is not None:
            self._lose(field, "an optional column has null as its default")
        if not field.column.required:
            made["default"] = None
        return made

    def _optional(self, field: Field) -> Any:
        kind = self._type(field)
        return kind if field.column.required else ["null", kind]

    def _type(self, field: Field) -> Any:
        kind = field.kind
        if kind.name == "STRUCT":
            name = self._unique(_avro_name(field.path.replace(".", "_")))
            return {"type": "record", "name": name, "fields": [self._field(child) for child in field.children]}
        if kind.name in ("LIST", "ARRAY"):
            if kind.size is not None:
                self._lose(field, "an array has no fixed length")
            return {"type": "array", "items": self._optional(field.children[0])}
        if kind.name == "MAP":
            if field.children[0].kind.name != "VARCHAR":
                self._lose(field, "keys of a map are texts")
            return {"type": "map", "values": self._optional(field.children[1])}
        if kind.name == "DECIMAL":
            return {"type": "bytes", "logicalType": "decimal", "precision": kind.precision, "scale": kind.scale}
        enum = field.column.enum
        if kind.name == "VARCHAR" and enum:
            if all(isinstance(value, str) and _NAME.fullmatch(value) for value in enum):
                name = self._unique(_avro_name(field.path.replace(".", "_")))
                return {"type": "enum", "name": name, "symbols": list(enum)}
            self._lose(field, "symbols of an enum are words of letters, so its values are texts")
        elif enum:
            self._lose(field, "only texts have a list of allowed values")
        found = _TYPES.get(kind.name, "string")
        if kind.name in _WIDENED:
            plain = found if isinstance(found, dict) else {"type": found}
            return {**plain, "weftType": str(kind)}
        return found


def _fits(value: Any, kind: Any) -> bool:
    """Whether a default may stand beside a type."""
    if kind == "boolean":
        return isinstance(value, bool)
    if kind in ("int", "long"):
        return isinstance(value, int) and not isinstance(value, bool)
    if kind in ("float", "double"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(kind, dict) and kind.get("type") == "enum":
        return value in kind["symbols"]
    return kind == "string" and isinstance(value, str)


def _avro_name(name: str) -> str:
    """The nearest name that Avro takes.

    >>> _avro_name("order-items"), _avro_name("2nd")
    ('order_items', '_2nd')
    """
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    return word if _NAME.match(word) else f"_{word}"
