"""The fields of a struct column as columns, from its type."""

from functools import lru_cache

from weft.graph.origins import computed
from weft.graph.sql.relation import BoundColumn


def struct_fields(column: BoundColumn) -> tuple[BoundColumn, ...]:
    """One column a field; none where the column is no struct or its type is not known.

    >>> [field.name for field in struct_fields(BoundColumn("p", {}, "STRUCT(x INTEGER, y STRUCT(z DATE))"))]
    ['x', 'y']
    """
    if column.type is None:
        return ()
    origins = computed(column.origins)
    return tuple(BoundColumn(name, origins, type_) for name, type_ in _fields(column.type))


def element_type(list_type: str | None) -> str | None:
    """Type of the elements of a list type.

    >>> element_type("STRUCT(x INTEGER)[]")
    'STRUCT(x INTEGER)'
    """
    return list_type[: list_type.rindex("[")] if list_type and list_type.endswith("]") else None


@lru_cache(maxsize=1024)
def _fields(type_text: str) -> tuple[tuple[str, str], ...]:
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        data_type = exp.DataType.build(type_text, dialect="duckdb")
    except (SqlglotError, ValueError):
        return ()
    if not data_type.is_type(exp.DType.STRUCT):
        return ()
    return tuple(
        (field.name, field.args["kind"].sql("duckdb"))
        for field in data_type.expressions
        if isinstance(field, exp.ColumnDef)
    )
