r"""`pattern`: a regular expression of ECMA-262, found anywhere in the text as in JSON Schema; `^` and `$` anchor it.

DuckDB's regular expressions (RE2) have no look-around and no back-references. A pattern that needs them is not run,
and says so; it never passes. What both write and mean differently is written out: `\s` knows the spaces of Unicode,
`.` is no end of a line, `[]` is nothing and `[^]` anything.
"""

import re
from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition, Unclear
from weft.engine.quote import text

NEEDS_MORE_THAN_RE2 = "The pattern cannot be run: look-around and back-references are not computed."
_TOKEN = re.compile(
    r"\\u\{?(?P<point>[0-9A-Fa-f]{4,6})\}?|\\c(?P<control>[A-Za-z])|\\(?P<escaped>.)"
    r"|\(\?(?P<look_around><[=!]|[=!])|(?P<group>\(\?<(?=[A-Za-z_]))"
    r"|(?P<named_class>\[:\^?\w+:\])|(?P<all_or_none>\[\^?\])|(?P<bracket>[\[\]])|(?P<dot>\.)",
    re.DOTALL,
)
_MORE_SPACES = r"\v\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}"  # than RE2's \s
_NO_SPACES = (
    r"\x{0}-\x{8}\x{e}-\x{1f}\x{21}-\x{9f}\x{a1}-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027}\x{202a}-\x{202e}"
    r"\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{fefe}\x{ff00}-\x{10ffff}"
)
_IN_CLASS = {"s": rf"{_MORE_SPACES}\s", "S": _NO_SPACES, "b": r"\x{08}"}
_OUTSIDE = {"s": rf"[{_MORE_SPACES}\s]", "S": rf"[^{_MORE_SPACES}\s]"}
_DOT, _ANYTHING, _NOTHING = r"[^\n\r\x{2028}\x{2029}]", r"[\x{0}-\x{10ffff}]", r"[^\x{0}-\x{10ffff}]"
_DOT_IS_ALL = re.compile(r"\(\?[a-zA-Z]*s")  # a flag of RE2, which says itself what the dot is


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
    dot = "." if _DOT_IS_ALL.search(pattern) else _DOT
    is_in_class, parts, position = False, [], 0
    for match in _TOKEN.finditer(pattern):
        parts += [pattern[position : match.start()], _translated(match, is_in_class, dot)]
        position = match.end()
        if match["bracket"]:
            is_in_class = match["bracket"] == "[" or (is_in_class and match["bracket"] != "]")
    return "".join([*parts, pattern[position:]])


def _translated(match: re.Match[str], is_in_class: bool, dot: str) -> str:
    escaped = match["escaped"]
    if escaped is not None:
        if escaped in "123456789k":
            raise NotRunnable
        return (_IN_CLASS if is_in_class else _OUTSIDE).get(escaped, match[0])
    if match["point"] is not None:
        return f"\\x{{{match['point']}}}"
    if match["control"] is not None:
        return f"\\x{{{ord(match['control']) % 32:02x}}}"
    if is_in_class:
        return match[0]
    if match["look_around"]:
        raise NotRunnable
    if match["group"]:
        return "(?P<"
    if match["all_or_none"]:
        return _ANYTHING if "^" in match[0] else _NOTHING
    return dot if match["dot"] else match[0]
