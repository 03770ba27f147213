"""Parts of an ODCS document, put together by readers of other formats."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from weft.spec.sql_type import SqlType

STANDARD = "v3.2.0"
_LOGICAL_BY_NAME = {
    **dict.fromkeys(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"], "integer"),
    **dict.fromkeys(["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"], "integer"),
    **dict.fromkeys(("FLOAT", "DOUBLE", "DECIMAL"), "number"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"), "timestamp"),
    **dict.fromkeys(("TIME", "TIME WITH TIME ZONE"), "time"),
    **dict.fromkeys(("LIST", "ARRAY"), "array"),
    "BOOLEAN": "boolean",
    "DATE": "date",
    "STRUCT": "object",
    "MAP": "map",
    "JSON": "object",
}


def logical_type(kind: SqlType) -> str:
    """The standard's word for a type.

    >>> logical_type(SqlType("DECIMAL", 12, 2)), logical_type(SqlType("UUID"))
    ('number', 'string')
    """
    return _LOGICAL_BY_NAME.get(kind.name, "string")


def typed(kind: SqlType) -> dict[str, Any]:
    """The keys of a column that say its type, nested ones included.

    >>> typed(SqlType("BIGINT"))
    {'logicalType': 'integer', 'physicalType': 'BIGINT'}
    """
    logical = logical_type(kind)
    column: dict[str, Any] = {"logicalType": logical}
    if kind.name in ("STRUCT", "LIST", "ARRAY", "MAP"):
        if kind.name == "ARRAY":
            column["physicalType"] = str(kind)
        return column | children_of({name: typed(child) for name, child in kind.fields}, logical)
    column["physicalType"] = str(kind)
    if logical in ("timestamp", "time") and kind.name.endswith("WITH TIME ZONE"):
        column["logicalTypeOptions"] = {"timezone": True}
    if kind.name == "UUID":
        column["logicalTypeOptions"] = {"format": "uuid"}
    return column


def children_of(children: Mapping[str, dict[str, Any]], logical: str) -> dict[str, Any]:
    """The keys that hold a column's nested columns."""
    if logical == "array":
        return {"items": children["element"]}
    if logical == "map":
        return {"map": {part: children[part] for part in ("key", "value")}}
    return {"properties": [{"name": name, **child} for name, child in children.items()]}


def put(target: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Set the keys that have a value; lists and mappings that are there already grow."""
    for key, value in values.items():
        if value is None or value in ([], {}, ""):
            continue
        former = target.get(key)
        if isinstance(former, dict) and isinstance(value, dict):
            former.update(value)
        elif isinstance(former, list) and isinstance(value, list):
            former.extend(item for item in value if item not in former)
        else:
            target[key] = value
    return target


def custom(target: dict[str, Any], name: str, value: Any) -> None:
    """Keep what the standard has no key for."""
    put(target, customProperties=[{"property": name, "value": value}])


def enum_of(values: Sequence[Any]) -> list[dict[str, Any]]:
    """Allowed values as the standard writes them, each once; true and 1 are two."""
    once = {(type(value), value): value for value in values if isinstance(value, str | int | float | bool)}
    return [{"value": value} for value in once.values()]


def no_rows_rule(name: str, condition: str, description: str | None = None) -> dict[str, Any]:
    """A rule of SQL that no row may break; rows for which the condition is unknown keep it, as in a CHECK."""
    rule = {
        "name": name,
        "type": "sql",
        "query": f"SELECT count(*) FROM ${{table}} WHERE NOT ({condition})",
        "mustBe": 0,
    }
    return put(rule, description=description)


def identifier(text: str) -> str:
    """A text as an id of the standard.

    >>> identifier("Sales / orders v2.1")
    'sales-orders-v2-1'
    """
    return re.sub(r"[^\w-]+", "-", text.strip()).strip("-").lower() or "contract"


def document(name: str, tables: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A contract of tables, valid but for what its owner has yet to say."""
    head: dict[str, Any] = {
        "apiVersion": STANDARD,
        "kind": "DataContract",
        "id": identifier(name),
        "name": name,
        "version": "1.0.0",
        "status": "draft",
    }
    put(head, **more)
    head["schema"] = list(tables)
    return head


def table(name: str, columns: Sequence[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A table of columns."""
    return put({"name": name, "logicalType": "object", "physicalType": "table"}, **more, properties=list(columns))
