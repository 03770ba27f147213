"""Limits of numbers, with care: the smallest and largest value of today are no promise for tomorrow.

A bound is given by meaning only: a measure that is never negative, a share of at most a hundred, a month up to twelve.
"""

from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess
from weft.build.infer.names import KEY_ENDINGS, words

_BY_WORD: tuple[tuple[frozenset[str], float, float, str], ...] = (
    (frozenset(("percent", "percentage", "pct")), 0, 100, "a percentage"),
    (frozenset(("share", "ratio", "probability", "fraction")), 0, 1, "a share"),
    (frozenset(("latitude", "lat")), -90, 90, "a latitude"),
    (frozenset(("longitude", "lng", "lon", "long")), -180, 180, "a longitude"),
    (frozenset(("month",)), 1, 12, "a month"),
    (frozenset(("weekday",)), 0, 7, "a day of the week"),
    (frozenset(("hour",)), 0, 23, "an hour"),
    (frozenset(("discount",)), 0, 1, "a discount as a share"),
)
_SCALES = ((1, 5), (0, 5), (1, 10), (0, 10), (1, 7), (1, 4))
_SCALE_WORDS = frozenset(("score", "rating", "stars", "grade", "review"))
_CODE_DIGITS = 6
_NO_MEASURE_WORDS = """
lat lng lon latitude longitude zip plz year phone balance delta date birth dob cluster group imo ean isbn
"""
_NO_MEASURE = frozenset(_NO_MEASURE_WORDS.split())


def value_range(column: ColumnProfile) -> Guess | None:
    """The bounds of a number whose name gives them a meaning."""
    if not column.is_number or column.minimum is None or column.maximum is None:
        return None
    said = set(words(column.name))
    for names, low, high, meaning in _BY_WORD:
        if names & said and low <= column.minimum and column.maximum <= high:
            # A share of a single value may as well be a percentage below one.
            evidence = f"its name says {meaning}, and all {column.filled} values lie within"
            return _guess(column, low, high, evidence, 0.9)
    if _SCALE_WORDS & said and column.is_integer:
        for low, high in _SCALES:
            is_whole_scale = column.distinct == high - low + 1
            if (column.minimum, column.maximum) == (low, high) and is_whole_scale:
                evidence = f"its name says a scale, and every step from {low} to {high} is used"
                return _guess(column, low, high, evidence, 0.85)
    return _not_negative(column, said)


def _not_negative(column: ColumnProfile, said: set[str]) -> Guess | None:
    if column.is_integer and (column.is_unique or _is_code(column)):
        return None  # it numbers the rows, or something else
    if (column.minimum or 0) < 0 or column.filled < ENOUGH_ROWS or column.distinct < 2:
        return None
    if _NO_MEASURE & said or KEY_ENDINGS & set(words(column.name)[-2:]):  # `order_id`, and `order_id_l` of pairs
        return None
    if column.is_integer and (column.minimum, column.maximum, column.distinct) == (0, 1, 2):
        evidence = f"a flag: nothing but 0 and 1 in {column.filled} values"
        return _guess(column, 0, 1, evidence, 0.8 if column.filled >= 10 * ENOUGH_ROWS else 0.65)
    confidence = 0.8 if column.filled >= 10 * ENOUGH_ROWS else 0.65
    return _guess(column, 0, None, f"a measure, and none of {column.filled} values is negative", confidence)


def _is_code(column: ColumnProfile) -> bool:
    """Whether all values have the same number of digits, many of them, as numbers of ships and articles have."""
    digits = {len(str(int(bound or 0))) for bound in (column.minimum, column.maximum)}
    return len(digits) == 1 and digits.pop() >= _CODE_DIGITS


def _guess(column: ColumnProfile, low: float, high: float | None, evidence: str, confidence: float) -> Guess:
    bounds = {"minimum": low} | ({} if high is None else {"maximum": high})
    return Guess("range", bounds, evidence, confidence, column.name, is_written=column.filled >= ENOUGH_ROWS)
