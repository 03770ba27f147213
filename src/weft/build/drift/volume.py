"""Whether a publication has as many rows as those of its season; of a table that only grows, as many new ones."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from weft.build.drift.measure import VOLUME, Measure, judged, not_applicable
from weft.build.drift.publication import Publication
from weft.build.drift.season import FEWEST, comparable
from weft.build.drift.thresholds import LEARNT_FROM, Expected, median_and_mad, usual_deviation

_UNTIL_LEARNT, _LEAST = 0.5, 0.2  # of the usual rows
_FEWEST_TO_GROW, _LATELY = 5, 60  # publications


def volume(history: Sequence[Publication], now: Publication) -> Measure:
    """How far the rows lie from the median of comparable publications, as a share of it.

    Args:
        history: earlier publications, oldest first.
        now: the publication.
    """
    grows = is_growing(history[-_LATELY:])
    like = comparable(history[1:] if grows else history, now.at)
    if not like.is_enough:
        count = len(like.publications)
        return not_applicable(VOLUME, None, f"Of {FEWEST} comparable publications ({like.words}) there are {count}.")
    before = dict(zip((id(one) for one in history[1:]), history, strict=False))
    rows = [one.rows - before[id(one)].rows if grows else one.rows for one in like.publications]
    found = now.rows - history[-1].rows if grows else now.rows
    middle, spread = median_and_mad(rows)
    base = max(abs(middle), 1.0)
    is_learnt = len(rows) >= LEARNT_FROM
    least = _LEAST if is_learnt else _UNTIL_LEARNT
    learnt, chance = usual_deviation(rows) / base, 3.29 * math.sqrt(base) / base
    most = max(learnt, least, chance)
    basis = "chance" if most == chance else "learnt" if most == learnt else "convention"
    expected = Expected(most, basis, len(rows), middle / base, spread / base, least, chance)
    what = "new rows" if grows else "rows"
    low, high = max(0.0, middle - most * base), middle + most * base
    message = f"{found:,} {what}, usual are {low:,.0f} to {high:,.0f} (median {median(rows):,.0f})"
    details = {"rows": found, "median": middle, "mad": spread, "low": low, "high": high, "is_growth": grows}
    return judged(VOLUME, None, abs(found - middle) / base, expected, _against(len(rows), like.words), details, message)


def is_growing(history: Sequence[Publication]) -> bool:
    """Whether each publication held the rows of the one before and more."""
    steps = [after.rows - before.rows for before, after in pairwise(history)]
    return len(history) >= _FEWEST_TO_GROW and min(steps) >= 0 and max(steps) > 0


def _against(count: int, words: str) -> str:
    return f"{count} publications {words}"
