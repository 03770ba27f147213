"""The standards write custom properties as a list of `property`/`value` pairs; weft looks them up by name."""

from typing import Any


def custom_properties(value: Any) -> dict[str, Any]:
    """The pairs as a mapping; what is no pair is left to the validation.

    >>> custom_properties([{"property": "quarantineTolerance", "value": "5%"}, "noise"])
    {'quarantineTolerance': '5%'}
    """
    if not isinstance(value, list):
        return {}
    return {
        item["property"]: item.get("value")
        for item in value
        if isinstance(item, dict) and isinstance(item.get("property"), str)
    }


def text_of(value: Any) -> str | None:
    """A text, or a number written where a text is meant; None for anything else.

    >>> text_of("a"), text_of(1.5), text_of(None), text_of(["a"])
    ('a', '1.5', None, None)
    """
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def texts_of(value: Any) -> tuple[str, ...]:
    """The texts of a list.

    >>> texts_of(["a", 1, "b"]), texts_of("a")
    (('a', 'b'), ())
    """
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def purpose_of(description: Any) -> str | None:
    """The purpose of a description object, or the description where it is a plain text, as older files have it."""
    return text_of(description.get("purpose")) if isinstance(description, dict) else text_of(description)
