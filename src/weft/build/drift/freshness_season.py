"""Whether a publication comes when it usually does, and whether its newest row is as young as usual.

Only what is late or old counts: earlier and younger than usual is nothing to worry about.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from weft.build.drift.measure import DELAY, NEWEST, Measure, judged, not_applicable
from weft.build.drift.publication import Publication
from weft.build.drift.season import FEWEST, comparable, usual_gap
from weft.build.drift.sketch import age_words
from weft.build.drift.thresholds import LEARNT_FROM, Expected, median_and_mad, usual_deviation

_SHARE = 0.5  # of what is usual, that a delay or an age may lie above it in any case


def delay(history: Sequence[Publication], now: Publication) -> Measure:
    """The time since the publication before, against that of comparable publications."""
    if len(history) > FEWEST and usual_gap(history) is None:
        return not_applicable(DELAY, None, "It is published at no regular times.")
    like = comparable(history[1:], now.at)
    if not like.is_enough:
        return not_applicable(DELAY, None, _too_few(len(like.publications), like.words))
    before = dict(zip((id(one) for one in history[1:]), history, strict=False))
    gaps = [(one.at - before[id(one)].at).total_seconds() for one in like.publications]
    found = (now.at - history[-1].at).total_seconds()
    return _late(DELAY, None, found, gaps, _SHARE * median(gaps), like.words)


def newest_row(history: Sequence[Publication], now: Publication, column: str) -> Measure | None:
    """The age of the newest value of a time column at the publication; None where the column shows none."""
    found = _age(now, column)
    if found is None:
        return None
    like = comparable(history, now.at)
    ages = [age for one in like.publications if (age := _age(one, column)) is not None]
    if not like.is_enough or len(ages) < FEWEST:
        return not_applicable(NEWEST, column, _too_few(len(ages), like.words))
    gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(history)]
    least = _SHARE * max(abs(median(ages)), median(gaps))
    return _late(NEWEST, column, found, ages, least, like.words)


def _late(kind: str, column: str | None, found: float, usual: Sequence[float], least: float, words: str) -> Measure:
    middle, spread = median_and_mad(usual)
    learnt = usual_deviation(usual) if len(usual) >= LEARNT_FROM else 0.0
    basis = "learnt" if learnt > least else "convention"
    expected = Expected(middle + max(learnt, least), basis, len(usual), middle, spread, middle + least)
    details = {"median_seconds": middle, "mad_seconds": spread}
    message = f"usual is {age_words(middle)}, this is {age_words(found)}"
    return judged(kind, column, found, expected, f"{len(usual)} publications {words}", details, message)


def _age(publication: Publication, column: str) -> float | None:
    age = publication.columns.get(column, {}).get("newest_age_seconds")
    return None if age is None else float(age)


def _too_few(count: int, words: str) -> str:
    return f"Of {FEWEST} comparable publications ({words}) there are {count}."
