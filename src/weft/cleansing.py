"""Functions that clean values, for Ibis models: the same that SQL models call by their names with `weft_` before them.

Nothing is computed in Python. Each function stands for one of the engine's and becomes part of the model's SQL.

    from weft.cleansing import convert, parse_date

    def model(raw):
        return raw.select("id", day=parse_date(raw.day, ["%d.%m.%Y"]), depth=convert(raw.depth, "ft", "m"))
"""

from collections.abc import Callable, Sequence
from typing import Any

import ibis
import ibis.expr.types as ir

_TEXTS = "array<string>"


def trim(value: ir.StringValue) -> ir.StringValue:
    """Without blanks of any of Unicode's kinds around it."""
    return _call("weft_trim", value)


def collapse(value: ir.StringValue) -> ir.StringValue:
    """Trimmed, and every run of blanks within it one space."""
    return _call("weft_collapse", value)


def visible(value: ir.StringValue) -> ir.StringValue:
    """Without control and zero-width characters."""
    return _call("weft_visible", value)


def nfc(value: ir.StringValue) -> ir.StringValue:
    """In Unicode's normal form C: letters and their accents composed."""
    return _call("weft_nfc", value)


def nfkc(value: ir.StringValue) -> ir.StringValue:
    """In Unicode's normal form KC: also ligatures, full-width letters and superscripts as plain ones."""
    return _call("weft_nfkc", value)


def match_key(value: ir.StringValue) -> ir.StringValue:
    """As `deduplicate` compares it: without case, accents and surplus blanks; NULL where nothing is left."""
    return _call("weft_match_key", value)


def parse_date(value: ir.StringValue, formats: Sequence[str]) -> ir.DateValue:
    """A date in one of the formats, tried in their order; NULL where none fits."""
    return _call("weft_date", value, list(formats), types=("string", _TEXTS), returns="date")


def parse_timestamp(value: ir.StringValue, formats: Sequence[str]) -> ir.TimestampValue:
    """A timestamp in one of the formats, tried in their order; NULL where none fits."""
    return _call("weft_timestamp", value, list(formats), types=("string", _TEXTS), returns="timestamp")


def number_text(value: ir.StringValue, decimal_mark: str = ".", group_mark: str = "") -> ir.StringValue:
    """A number as a text that every cast reads; NULL where it is none by these marks."""
    return _call("weft_number", value, decimal_mark, group_mark, types=("string",) * 3)


def parse_boolean(value: ir.StringValue, true_words: Sequence[str], false_words: Sequence[str]) -> ir.BooleanValue:
    """True or false by words, whatever their case; NULL for any other."""
    types = ("string", _TEXTS, _TEXTS)
    return _call("weft_boolean", value, list(true_words), list(false_words), types=types, returns="boolean")


def convert(value: ir.NumericValue, start: "str | ir.StringValue", target: str) -> ir.FloatingValue:
    """A number in another unit; the query fails where a unit is not known or measures something else."""
    return _call("weft_convert", value, start, target, types=("float64", "string", "string"), returns="float64")


def try_convert(value: ir.NumericValue, start: "str | ir.StringValue", target: str) -> ir.FloatingValue:
    """The same with NULL where it cannot be converted."""
    return _call("weft_try_convert", value, start, target, types=("float64", "string", "string"), returns="float64")


def _call(name: str, *values: object, types: tuple[str, ...] = ("string",), returns: str = "string") -> Any:
    function = ibis.udf.scalar.builtin(_BY_ARGUMENTS[len(types)], name=name, signature=(types, returns))
    return function(*values)


# Ibis counts the arguments of a function that it never calls.
_BY_ARGUMENTS: dict[int, Callable[..., None]] = {
    1: lambda first: None,
    2: lambda first, second: None,
    3: lambda first, second, third: None,
}
