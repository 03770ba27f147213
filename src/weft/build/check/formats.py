"""`format` of texts: e-mail, URI, UUID, host names, IP addresses, base64, dates, and JDK patterns of stored dates.

The expressions are those of practice rather than of every corner of the RFCs: they refuse what no mail server, resolver
or browser would take, and let through what some would.
"""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.build.check.jdk_format import strptime_pattern
from weft.engine.quote import text

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_H = "[0-9A-Fa-f]{1,4}"
_IPV6 = "|".join(
    (
        rf"(?:{_H}:){{7}}{_H}",
        rf"(?:{_H}:){{1,7}}:",
        rf":(?::{_H}){{1,7}}",
        "::",
        *(rf"(?:{_H}:){{1,{left}}}(?::{_H}){{1,{7 - left}}}" for left in range(1, 7)),
        rf"(?:{_H}:){{6}}{_IPV4}",  # the last two groups may be written as IPv4
        rf"(?:{_H}:){{1,5}}:{_IPV4}",
        rf":(?::{_H}){{0,5}}:{_IPV4}",
        *(rf"(?:{_H}:){{1,{left}}}(?::{_H}){{1,{5 - left}}}:{_IPV4}" for left in range(1, 5)),
    )
)
_DAY = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

PATTERN_BY_FORMAT = {
    "email": rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$",
    "uuid": r"^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    "hostname": rf"^{_HOST}$",
    "ipv4": rf"^{_IPV4}$",
    "ipv6": rf"^(?:{_IPV6})$",
    "byte": r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
    "date": rf"^{_DAY}$",
    "date-time": rf"^{_DAY}[Tt ]{_CLOCK}$",
    "time": rf"^{_CLOCK}$",
}
_TYPE_BY_FORMAT = {"date": "DATE", "date-time": "TIMESTAMP WITH TIME ZONE"}
_PROMISE_NOTHING = ("password", "binary")  # words for people and encoders


def formats(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A text that is not of the format breaks it; what is stored as a date or number has none to break."""
    declared = value.column.logical_type_options.get("format")
    logical = value.column.logical_type
    if not isinstance(declared, str) or logical in ("integer", "number"):
        return
    if not value.is_text:
        reason = f"A column of type {value.type} has no format to break."
        yield Unclear("format", "format", reason, applies=False)
    elif logical in ("date", "timestamp", "time"):
        yield _date_pattern(value, declared)
    elif declared in PATTERN_BY_FORMAT:
        yield Condition("format", "format", _is_not_of(value.as_text, declared))
    elif declared in _PROMISE_NOTHING:
        yield Unclear("format", "format", f'The format "{declared}" promises nothing of the text.', applies=False)
    else:
        known = ", ".join(PATTERN_BY_FORMAT)
        yield Unclear("format", "format", f'The format "{declared}" is not known; known are {known}.', blocks=False)


def _is_not_of(expression: str, declared: str) -> str:
    broken = f"NOT regexp_matches({expression}, {text(PATTERN_BY_FORMAT[declared])})"
    kind = _TYPE_BY_FORMAT.get(declared)  # the 31st of February has the shape of a day
    return f"({broken} OR ({expression} IS NOT NULL AND TRY_CAST({expression} AS {kind}) IS NULL))" if kind else broken


def _date_pattern(value: ColumnValue, declared: str) -> Condition | Unclear:
    pattern = strptime_pattern(declared)
    if pattern is None:
        return Unclear("format", "format", f'The date pattern "{declared}" holds letters that are not known.')
    parsed = f"try_strptime({value.as_text}, {text(pattern)})"
    return Condition("format", "format", f"({value.expression} IS NOT NULL AND {parsed} IS NULL)")
