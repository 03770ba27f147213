"""Options of Protobuf's fields that are promises: `buf.validate` (protovalidate), as far as it is plain."""

from typing import Any

from weft.spec.formats.draft import enum_of, put

_PREFIX = "(buf.validate.field)"
_TEXTS = {"min_len": "minLength", "max_len": "maxLength", "pattern": "pattern"}
_FORMATS = ("email", "hostname", "ipv4", "ipv6", "uri", "uuid")
_LIMITS = {"gt": "exclusiveMinimum", "gte": "minimum", "lt": "exclusiveMaximum", "lte": "maximum"}
_ITEMS = {"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems"}


def deprecated(option: Any) -> bool | None:
    """Whether the option says that its field is."""
    return True if option.value is True or str(option.value) == "true" else None


def promises_of_options(option: Any, column: dict[str, Any]) -> bool:
    """Put what an option promises into its column; False where it promises nothing that a contract has words for."""
    if not option.name.startswith(_PREFIX):
        return False
    pairs = list(_pairs(option.name.removeprefix(_PREFIX).removeprefix("."), option.value))
    understood = [_promise(path, value, column) for path, value in pairs]  # each is put in, whatever the others are
    return bool(understood) and all(understood)


def _pairs(path: str, value: Any) -> list[tuple[str, Any]]:
    """The settings of a literal, each with its whole path: `int64.gt`."""
    elements = getattr(value, "elements", None)
    if elements is None:
        return [(path, value)]
    found = []
    for one in elements:
        if hasattr(one, "name"):
            found += _pairs(f"{path}.{one.name}" if path else one.name, one.value)
    return found


def _promise(path: str, value: Any, column: dict[str, Any]) -> bool:
    kind, _, rule = path.rpartition(".")
    if path == "required" and value is True:
        column["required"] = True
        return True
    logical = column["logicalType"]
    if logical == "string" and kind == "string":
        if rule in _TEXTS:
            put(column, logicalTypeOptions={_TEXTS[rule]: value})
            return True
        if rule in _FORMATS and value is True:
            put(column, logicalTypeOptions={"format": rule})
            return True
    if logical in ("integer", "number") and rule in _LIMITS and isinstance(value, int | float):
        put(column, logicalTypeOptions={_LIMITS[rule]: value})
        return True
    if logical == "array" and kind == "repeated" and rule in _ITEMS:
        put(column, logicalTypeOptions={_ITEMS[rule]: value})
        return True
    if rule == "in" and isinstance(value, list):
        put(column, enum=enum_of(value))
        return True
    return False
