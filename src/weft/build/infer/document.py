"""The contract of inferred tables as a document of ODCS, for a person to read, correct and keep."""

from collections.abc import Mapping, Sequence
from typing import Any

from weft.build.infer.describe import description
from weft.build.infer.guess import ColumnProfile, Guess, InferredTable

API_VERSION = "v3.2.0"
PERSONAL_DATA, MEANING = "weft:personalData", "weft:meaning"
_LOGICAL_TYPES = {
    "BOOLEAN": "boolean",
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT"), "integer"),
    **dict.fromkeys(("UINTEGER", "UBIGINT"), "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "number"),
    "DATE": "date",
    "TIME": "time",
}


def contract_document(
    tables: Sequence[InferredTable], *, contract_id: str, name: str, servers: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """A draft of a contract.

    Args:
        tables: one schema object each.
        contract_id: its `id`.
        name: for people.
        servers: where the data lies, as ODCS has it.
    """
    document: dict[str, Any] = {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": contract_id,
        "name": name,
        "version": "0.1.0",
        "status": "draft",
        "description": {"purpose": "Say what somebody can do with this data. This draft was inferred from it."},
    }
    if servers:
        document["servers"] = [dict(server) for server in servers]
    document["schema"] = [schema_object(table) for table in tables]
    return document


def schema_object(table: InferredTable, *, keeps_names: bool = True) -> dict[str, Any]:
    """One table.

    Args:
        table: what is guessed of it.
        keeps_names: whether the data keeps its own names (`physicalName`); False where a model renames its columns.
    """
    made: dict[str, Any] = {
        "name": table.name,
        "physicalType": "table",
        "description": f"Say what one row is. {table.rows} rows were looked at.",
        "properties": [_property(table, column, keeps_names) for column in table.columns],
    }
    if table.rows:
        made["quality"] = [{"name": "some_rows", "metric": "rowCount", "mustBeGreaterThan": 0}]
    return made


def logical_type(kind: str) -> str:
    """The standard's word for a DuckDB type.

    >>> [logical_type(kind) for kind in ("DECIMAL(18,2)", "TIMESTAMP_NS", "STRUCT(a INTEGER)[]", "UUID")]
    ['number', 'timestamp', 'array', 'string']
    """
    if kind.endswith("]"):
        return "array"
    for start, word in (("DECIMAL", "number"), ("TIMESTAMP", "timestamp"), ("STRUCT", "object"), ("MAP", "map")):
        if kind.startswith(start):
            return word
    return _LOGICAL_TYPES.get(kind, "string")


def _property(table: InferredTable, column: ColumnProfile, keeps_names: bool) -> dict[str, Any]:
    personal = _first(table.of("personal data", column.name))
    meaning = _first(table.of("meaning", column.name))
    made: dict[str, Any] = {"name": column.name}
    if keeps_names and column.name != column.source_name:
        made["physicalName"] = column.source_name
    made["description"] = description(column, meaning, personal)
    made |= {"logicalType": logical_type(column.type), "physicalType": column.type}
    if column.name in table.key:
        made |= {"primaryKey": True, "primaryKeyPosition": table.key.index(column.name) + 1}
    if table.of("required", column.name):
        made["required"] = True
    if table.of("unique", column.name):
        made["unique"] = True
    if personal is not None:
        made["classification"] = personal.details["classification"]
    if options := _options(table, column):
        made["logicalTypeOptions"] = options
    if closed := _first(table.of("enum", column.name)):
        made["enum"] = [{"value": value} for value in closed.value]
    if leads := table.of("relationship", column.name):
        made["relationships"] = [{"to": guess.value} for guess in leads]
    if custom := _custom(personal, meaning):
        made["customProperties"] = custom
    return made


def _options(table: InferredTable, column: ColumnProfile) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for guess in table.of("range", column.name):
        options |= guess.value
    for word in ("format", "pattern"):
        options.update((word, guess.value) for guess in table.of(word, column.name))
    if column.type == "TIMESTAMP WITH TIME ZONE":
        options["timezone"] = True
    return options


def _custom(personal: Guess | None, meaning: Guess | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if personal is not None:
        noted = {"kind": personal.value, "confidence": personal.confidence, "reason": personal.evidence}
        found.append({"property": PERSONAL_DATA, "value": noted})
    if meaning is not None:
        noted = {"kind": meaning.value, "confidence": meaning.confidence, "reason": meaning.evidence}
        found.append({"property": MEANING, "value": noted})
    return found


def _first(guesses: tuple[Guess, ...]) -> Guess | None:
    return guesses[0] if guesses else None
