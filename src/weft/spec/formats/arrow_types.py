"""Types of columns as Arrow writes them, both ways."""

from typing import Any

from weft.spec.sql_type import MAX_PRECISION, SqlType

_NAMES = {
    "bool": "BOOLEAN",
    "int8": "TINYINT",
    "int16": "SMALLINT",
    "int32": "INTEGER",
    "int64": "BIGINT",
    "uint8": "UTINYINT",
    "uint16": "USMALLINT",
    "uint32": "UINTEGER",
    "uint64": "UBIGINT",
    "halffloat": "FLOAT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "VARCHAR",
    "large_string": "VARCHAR",
    "string_view": "VARCHAR",
    "binary": "BLOB",
    "large_binary": "BLOB",
    "binary_view": "BLOB",
    "date32[day]": "DATE",
    "date64[ms]": "DATE",
}
_INEXACT = {"halffloat", "date64[ms]"}


def type_of_arrow(kind: Any) -> tuple[SqlType | None, bool]:
    """The type of a scalar, None where weft has none, and whether it is exactly the same."""
    import pyarrow as pa

    name = str(kind)
    if name in _NAMES:
        return SqlType(_NAMES[name]), name not in _INEXACT
    if isinstance(kind, pa.UuidType):
        return SqlType("UUID"), True
    if isinstance(kind, pa.BaseExtensionType):
        is_json = "json" in kind.extension_name
        return (SqlType("JSON"), True) if is_json else (type_of_arrow(kind.storage_type)[0], False)
    if pa.types.is_dictionary(kind):
        return type_of_arrow(kind.value_type)
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            return SqlType("TIMESTAMP WITH TIME ZONE"), kind.unit != "ns"
        return SqlType("TIMESTAMP_NS" if kind.unit == "ns" else "TIMESTAMP"), True
    if pa.types.is_time(kind):
        return SqlType("TIME"), kind.unit != "ns"
    if pa.types.is_decimal(kind):
        if kind.precision <= MAX_PRECISION and 0 <= kind.scale <= kind.precision:
            return SqlType("DECIMAL", kind.precision, kind.scale), True
        return SqlType("DOUBLE"), False
    if pa.types.is_fixed_size_binary(kind):
        return SqlType("BLOB"), False
    if pa.types.is_duration(kind) or "interval" in name:
        return SqlType("INTERVAL"), False
    return None, False


def arrow_of_type(kind: SqlType) -> tuple[Any, bool]:
    """The Arrow type of a scalar, and whether it is exactly the same."""
    import pyarrow as pa

    exact = {
        "BOOLEAN": pa.bool_(),
        "TINYINT": pa.int8(),
        "SMALLINT": pa.int16(),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
        "UTINYINT": pa.uint8(),
        "USMALLINT": pa.uint16(),
        "UINTEGER": pa.uint32(),
        "UBIGINT": pa.uint64(),
        "FLOAT": pa.float32(),
        "DOUBLE": pa.float64(),
        "VARCHAR": pa.string(),
        "BLOB": pa.binary(),
        "DATE": pa.date32(),
        "TIME": pa.time64("us"),
        "TIMESTAMP": pa.timestamp("us"),
        "TIMESTAMP_NS": pa.timestamp("ns"),
        "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", tz="UTC"),
        "UUID": pa.uuid(),
    }
    if kind.name == "DECIMAL":
        return pa.decimal128(kind.precision, kind.scale), True
    if kind.name == "HUGEINT":
        return pa.decimal128(MAX_PRECISION, 0), False
    found = exact.get(kind.name)
    return (found, True) if found is not None else (pa.string(), False)
