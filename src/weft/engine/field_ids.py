"""Columns of a query as the fields of a stored table: their types, their order, their ids."""

from collections.abc import Sequence

from weft.base.data_files import Field
from weft.engine.quote import identifier, subquery


def select_as_fields(query: str, fields: Sequence[Field]) -> str:
    """A query that gives exactly these fields, cast to their types.

    >>> print(select_as_fields("FROM t", [Field("id", "BIGINT", 1)]))
    SELECT CAST("id" AS BIGINT) AS "id" FROM (FROM t
    )
    """
    columns = ", ".join(f"CAST({identifier(f.name)} AS {f.type}) AS {identifier(f.name)}" for f in fields)
    return f"SELECT {columns} FROM {subquery(query)}"


def field_ids_option(fields: Sequence[Field]) -> str:
    """The value of DuckDB's option FIELD_IDS, nested fields included.

    >>> field_ids_option([Field("id", "BIGINT", 1), Field("tags", "VARCHAR[]", 2, (Field("element", "VARCHAR", 3),))])
    '{"id": 1, "tags": {__duckdb_field_id: 2, "element": 3}}'
    """
    return "{" + ", ".join(f"{identifier(field.name)}: {_field_id(field)}" for field in fields) + "}"


def _field_id(field: Field) -> str:
    if not field.children:
        return str(field.field_id)
    children = ", ".join(f"{identifier(child.name)}: {_field_id(child)}" for child in field.children)
    return f"{{__duckdb_field_id: {field.field_id}, {children}}}"
