r"""Codes of one shape: `ORD-0001` in every row is `^ORD-\d{4}$`.

Letters stand in a pattern only where every value has them; digits and letters that differ become classes. The shape is
taken from a sample, and promised only where every row keeps it.
"""

import re
from itertools import groupby

from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess

_FEWEST_VALUES = 10  # different ones; fewer are a list rather than a shape
_LONGEST = 64
_CLASSES = (("d", r"\d"), ("A", "[A-Z]"), ("a", "[a-z]"))
_PLAIN = "-_/:,@%"  # marks that mean themselves in a pattern
_HEX = re.compile("[0-9a-f]+|[0-9A-F]+")


def shape_pattern(column: ColumnProfile, *, may_quote: bool) -> str | None:
    """The pattern that all sampled texts of a column follow; None where they have no common shape.

    Args:
        column: a text column.
        may_quote: whether letters that all values share may stand in the pattern; False for personal data.
    """
    values = column.sample
    if not column.is_text or column.filled < ENOUGH_ROWS or len(values) < _FEWEST_VALUES or column.blank:
        return None
    if (column.longest or 0) > _LONGEST or not any(any(c.isdigit() for c in value) for value in values):
        return None
    return common_pattern(values, may_quote=may_quote)


def common_pattern(values: tuple[str, ...], *, may_quote: bool = True) -> str | None:
    r"""The pattern of texts that agree in shape.

    >>> common_pattern(("ORD-0001", "ORD-0417")), common_pattern(("INV1", "INV27"))
    ('^ORD-\\d{4}$', '^INV\\d+$')
    >>> common_pattern(("3f2a", "00bd", "1d09")), common_pattern(("a b", "12-3")), common_pattern(("AB1", "CD2"))
    ('^[0-9a-f]{4}$', None, '^[A-Z]{2}\\d$')
    """
    if len({len(value) for value in values}) == 1 and (hexadecimal := _hexadecimal(values)):
        return hexadecimal
    runs = [_runs(value) for value in values]
    if len({tuple(kind for kind, _ in run) for run in runs}) != 1:
        return None
    parts = []
    for position, (kind, _) in enumerate(runs[0]):
        texts = {run[position][1] for run in runs}
        part = _part(kind, texts, may_quote)
        if part is None:
            return None
        parts.append(part)
    pattern = "".join(parts)
    return f"^{pattern}$" if "\\d" in pattern else None


def _hexadecimal(values: tuple[str, ...]) -> str | None:
    if not all(_HEX.fullmatch(value) for value in values):
        return None
    length = len(values[0])
    letters = {c for value in values for c in value if c.isalpha()}
    at_positions = [{value[i].isalpha() for value in values} for i in range(length)]
    if not any(len(kinds) > 1 for kinds in at_positions):
        return None  # letters here and digits there: a code rather than a number to the base of sixteen
    return f"^[0-9{'A-F' if letters <= set('ABCDEF') else 'a-f'}]{{{length}}}$"


def _runs(value: str) -> list[tuple[str, str]]:
    return [(kind, "".join(part)) for kind, part in groupby(value, key=_kind)]


def _kind(character: str) -> str:
    if character in "0123456789":
        return "d"
    if "A" <= character <= "Z":
        return "A"
    return "a" if "a" <= character <= "z" else character


def _part(kind: str, texts: set[str], may_quote: bool) -> str | None:
    classes = dict(_CLASSES)
    lengths = {len(text) for text in texts}
    if kind not in classes:
        if kind == " " or not kind.isascii() or len(lengths) != 1:
            return None  # words, no code
        return (kind if kind in _PLAIN else re.escape(kind)) * lengths.pop()
    if kind != "d" and len(texts) == 1 and may_quote:
        return next(iter(texts))
    if len(lengths) == 1:
        length = lengths.pop()
        return classes[kind] if length == 1 else f"{classes[kind]}{{{length}}}"
    return f"{classes[kind]}+" if kind == "d" else None


def pattern_guess(column: ColumnProfile, pattern: str, wrong: int) -> Guess:
    """Promised where every value follows it; told with the count of the others where they are few."""
    if wrong:
        evidence = f"{wrong} of {column.filled} values have another shape"
        return Guess("pattern", pattern, evidence, round(1 - wrong / column.filled, 2), column.name, is_written=False)
    evidence = f"all {column.filled} values have this shape, about {column.distinct} different ones"
    confidence = round(min(0.95, 0.7 + 0.05 * len(str(column.distinct))), 2)
    return Guess("pattern", pattern, evidence, confidence, column.name)
