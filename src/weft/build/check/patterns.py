r"""`pattern`: a regular expression of ECMA-262, found anywhere in the text as in JSON Schema; `^` and `$` anchor it.

DuckDB's regular expressions (RE2) have no look-around and no back-references. A pattern that needs them is not run,
and says so; it never passes.
"""

import re
from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.engine.quote import text

NEEDS_MORE_THAN_RE2 = "The pattern cannot be run: look-around and back-references are not computed."
_TOKEN = re.compile(r"\\u\{?([0-9A-Fa-f]{4,6})\}?|\\c([A-Za-z])|\\(.)|\(\?(<[=!]|[=!])|\(\?<(?=[A-Za-z_])", re.DOTALL)


class NotRunnable(Exception):
    """The pattern needs what RE2 has not."""


def patterns(value: ColumnValue) -> Iterator[Condition | Unclear]:
    """A text in which the pattern is not found breaks it."""
    pattern = value.column.logical_type_options.get("pattern")
    if pattern is None:
        return
    try:
        yield Condition("pattern", "pattern", no_match(value.as_text, str(pattern)), NEEDS_MORE_THAN_RE2)
    except NotRunnable:
        yield Unclear("pattern", "pattern", NEEDS_MORE_THAN_RE2)


def no_match(expression: str, pattern: str) -> str:
    """SQL that is true where a text is there and the pattern is not found in it.

    Raises:
        NotRunnable: RE2 cannot do it.
    """
    return f"NOT regexp_matches({expression}, {text(re2_pattern(pattern))})"


def re2_pattern(pattern: str) -> str:
    r"""The same pattern in RE2's grammar.

    Raises:
        NotRunnable: it holds look-around or back-references.

    >>> re2_pattern(r"^\u00e9\d+$")
    '^\\x{00e9}\\d+$'
    >>> re2_pattern(r"(?=a)")
    Traceback (most recent call last):
    weft.build.check.patterns.NotRunnable
    """
    return _TOKEN.sub(_translated, pattern)


def _translated(match: re.Match[str]) -> str:
    point, control, escaped, look_around = match.groups()
    if look_around is not None or (escaped is not None and escaped in "123456789k"):
        raise NotRunnable
    if point is not None:
        return f"\\x{{{point}}}"
    if control is not None:
        return f"\\x{{{ord(control) % 32:02x}}}"
    return match[0] if escaped is not None else "(?P<"
