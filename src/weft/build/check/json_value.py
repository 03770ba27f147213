"""What lies in a JSON document, as SQL: members, elements and scalars, `null` taken for no value."""

from weft.engine.quote import text

CONTAINERS = ("object", "array", "map", "vector")
JSON_TYPE = {"object": "OBJECT", "map": "OBJECT", "array": "ARRAY", "vector": "ARRAY"}


def member_path(name: str) -> str:
    r"""The path of a member of an object, whatever its name.

    >>> member_path("city"), member_path('a"b')
    ('$."city"', '$."a\\"b"')
    """
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'$."{quoted}"'


def member(document: str, name: str) -> str:
    """A member of an object."""
    return f"json_extract({document}, {text(member_path(name))})"


def elements(document: str) -> str:
    """The elements of an array as a list of JSON; NULL where it is no array."""
    return f"CASE WHEN json_type({document}) = 'ARRAY' THEN json_extract({document}, '$[*]') END"


def keys(document: str) -> str:
    """The names of an object's members as a list of texts; NULL where it is no object."""
    return f"CASE WHEN json_type({document}) = 'OBJECT' THEN json_keys({document}) END"


def members(document: str) -> str:
    """The values of an object's members as a list of JSON; NULL where it is no object."""
    return f"CASE WHEN json_type({document}) = 'OBJECT' THEN json_extract({document}, '$.*') END"


def scalar(document: str) -> str:
    """A text, number or truth value as text; NULL for `null`."""
    return f"json_extract_string({document}, '$')"


def container(document: str) -> str:
    """An object or array; NULL for `null`."""
    return f"CASE WHEN json_type({document}) <> 'NULL' THEN {document} END"
