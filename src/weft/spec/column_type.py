"""The DuckDB type of a contract's column: its `physicalType` where that is one, else its `logicalType`."""

from weft.spec.contract import Column
from weft.spec.sql_type import MAX_PRECISION, SqlType, parse_type

_BY_LOGICAL_TYPE = {
    "string": "VARCHAR",
    "date": "DATE",
    "time": "TIME",
    "boolean": "BOOLEAN",
}
# The standard's names of widths. Iceberg keeps 32 and 64 bits, signed: narrower ones are stored in the next that
# holds all their values, wider ones as decimals.
_BY_INTEGER_FORMAT = {
    "i8": "INTEGER",
    "i16": "INTEGER",
    "i32": "INTEGER",
    "i64": "BIGINT",
    "i128": f"DECIMAL({MAX_PRECISION},0)",
    "u8": "INTEGER",
    "u16": "INTEGER",
    "u32": "BIGINT",
    "u64": "DECIMAL(20,0)",
    "u128": f"DECIMAL({MAX_PRECISION},0)",
}
_BY_VECTOR_ELEMENT = {"float64": "DOUBLE", "int8": "TINYINT", "uint8": "UTINYINT", "binary": "BOOLEAN"}


def duckdb_type(column: Column) -> str:
    """The type that the stored column has, as DuckDB writes it.

    A column that declares neither type, or only words of another tool, is text.

    >>> from weft.base.problem import Place
    >>> duckdb_type(Column("total", Place("c.yaml"), "number", physical_type="decimal(12, 2)"))
    'DECIMAL(12,2)'
    >>> duckdb_type(Column("paid_at", Place("c.yaml"), "timestamp", {"timezone": True}))
    'TIMESTAMP WITH TIME ZONE'
    >>> duckdb_type(Column("n", Place("c.yaml"), "integer")), duckdb_type(Column("x", Place("c.yaml")))
    ('BIGINT', 'VARCHAR')
    """
    return str(column_type(column))


def column_type(column: Column) -> SqlType:
    """The same as a type that can be compared."""
    if column.physical_type is not None:
        physical = parse_type(column.physical_type)
        if physical is not None:
            return physical
    return _logical_type(column)


def columns_of(columns: tuple[Column, ...]) -> dict[str, str]:
    """Stored names and DuckDB types of columns, in order."""
    return {column.stored_name: duckdb_type(column) for column in columns}


def _logical_type(column: Column) -> SqlType:
    options = column.logical_type_options
    match column.logical_type:
        case "integer":
            return _named(_BY_INTEGER_FORMAT.get(str(options.get("format")), "BIGINT"))
        case "number":
            return _number(column)
        case "timestamp":
            return SqlType("TIMESTAMP WITH TIME ZONE" if options.get("timezone") is True else "TIMESTAMP")
        case "object":
            if column.properties:
                return SqlType("STRUCT", fields=tuple((p.stored_name, column_type(p)) for p in column.properties))
            return SqlType("JSON")  # an object of unknown shape
        case "array":
            element = column_type(column.items) if column.items else SqlType("VARCHAR")
            return SqlType("LIST", fields=(("element", element),))
        case "map":
            by_name = {p.name: column_type(p) for p in column.properties}
            text = SqlType("VARCHAR")
            return SqlType("MAP", fields=(("key", by_name.get("key", text)), ("value", by_name.get("value", text))))
        case "vector":
            element = SqlType(_BY_VECTOR_ELEMENT.get(str(options.get("elementType")), "FLOAT"))
            size = options.get("dimensions")
            if isinstance(size, int) and size > 0:
                return SqlType("ARRAY", fields=(("element", element),), size=size)
            return SqlType("LIST", fields=(("element", element),))
    return SqlType(_BY_LOGICAL_TYPE.get(column.logical_type or "string", "VARCHAR"))


def _number(column: Column) -> SqlType:
    # `precision` and `scale` are no options of the standard: they are read from there and from customProperties.
    given = {**column.custom, **column.logical_type_options}
    precision, scale = given.get("precision"), given.get("scale", 0)
    if isinstance(precision, int) and isinstance(scale, int) and 0 <= scale <= precision <= MAX_PRECISION:
        return SqlType("DECIMAL", precision, scale)
    return SqlType("FLOAT" if given.get("format") == "f32" else "DOUBLE")


def _named(text: str) -> SqlType:
    found = parse_type(text)
    assert found is not None, text  # one of the constants above
    return found
