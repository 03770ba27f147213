"""Scalars of YAML 1.2's core schema.

YAML 1.1, which PyYAML follows, turns `NO` into false, `12:30` into 750 and `2026-01-01` into a date; declarations
name countries, times and dates, and the standards' schemas want them as strings.
"""

import re
from typing import Any

_PREFIX = "tag:yaml.org,2002:"
STANDARD_TAGS = {
    _PREFIX + "map": "map",
    _PREFIX + "seq": "seq",
    **{_PREFIX + name: "scalar" for name in ("str", "int", "float", "bool", "null")},
}

_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_FIRST_OF_NUMBER = frozenset("0123456789+-.")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NOT_A_NUMBER = frozenset((".nan", ".NaN", ".NAN"))
_MAX_DIGITS = 1000


class ScalarError(ValueError):
    """A scalar that its tag or size does not allow."""


def scalar_value(text: str, tag: str | None, *, is_plain: bool) -> Any:
    """The value that a scalar means.

    >>> [scalar_value(text, None, is_plain=True) for text in ("NO", "2026-01-01", "12", "1e3", "~", "true", "0o17")]
    ['NO', '2026-01-01', 12, 1000.0, None, True, 15]
    >>> scalar_value("12", None, is_plain=False), scalar_value("12", "tag:yaml.org,2002:str", is_plain=True)
    ('12', '12')

    Raises:
        ScalarError: the text is not what its tag says, or a number is far too long.
    """
    if tag is None:
        return _plain_value(text) if is_plain else text
    name = tag.removeprefix(_PREFIX)
    if name in ("str", "!"):
        return text
    value = _plain_value(text)
    if name == "float" and type(value) is int:
        return float(value)
    if type(value).__name__ == {"int": "int", "float": "float", "bool": "bool", "null": "NoneType"}.get(name):
        return value
    raise ScalarError(f"The value is tagged `!!{name}` and is none.")


def _plain_value(text: str) -> Any:
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if text[0] not in _FIRST_OF_NUMBER:
        return text
    if len(text) > _MAX_DIGITS:
        if _FLOAT.fullmatch(text) or _HEXADECIMAL.fullmatch(text) or _OCTAL.fullmatch(text):
            raise ScalarError(f"The number has {len(text):,} digits.")
        return text
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL.fullmatch(text):
        return int(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return int(text[2:], 16)
    if _INFINITY.fullmatch(text):
        return float("-inf") if text[0] == "-" else float("inf")
    return float("nan") if text in _NOT_A_NUMBER else text
