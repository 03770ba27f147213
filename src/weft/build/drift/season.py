"""Which earlier publications a publication may be compared with: those of the same hour, weekday or month.

How often a port is published says which season matters: several times a day, the hour of the week; daily, the weekday;
monthly, the month. All by UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from weft.build.drift.publication import Publication

FEWEST = 3  # comparable publications; of fewer nothing is usual
_MOST = 30  # comparable publications; what was usual long ago is not usual now
_LATELY = 40  # publications
_SHORTEST_SECONDS = 60.0  # who builds again within a minute tries something
_IRREGULAR, _REGULAR = 0.3, 0.6  # six of ten gaps lie within a third of the usual one, else no season is assumed
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HOUR, _DAY, _MONTH = "hour of the week", "weekday", "month"


@dataclass(frozen=True)
class Comparable:
    """The publications that a publication is like in time."""

    publications: tuple[Publication, ...]  # oldest first
    words: str  # what they are: on a Monday, of any time
    is_enough: bool
    is_seasonal: bool = True  # False: there is no season, or too little history to know it


def usual_gap(history: Sequence[Publication]) -> float | None:
    """Seconds from one publication to the next; None where they come at no regular times, or there are too few."""
    gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(history[-_LATELY:])]
    if len(gaps) < FEWEST:
        return None
    usual = median(gaps)
    near = sum(abs(gap - usual) <= _IRREGULAR * usual for gap in gaps)
    return usual if near >= _REGULAR * len(gaps) and usual >= _SHORTEST_SECONDS else None


def season_of(history: Sequence[Publication]) -> str | None:
    """What the time between publications makes the season: an hour of the week, a weekday, a month, or none."""
    usual = usual_gap(history)
    if usual is None:
        return None
    days = usual / 86400
    if days < 0.8:
        return _HOUR if history[-1].at - history[0].at >= timedelta(days=1) else None
    if days < 4:
        return _DAY
    return _MONTH if days > 20 else None


def comparable(history: Sequence[Publication], at: datetime) -> Comparable:
    """The newest of the same season as an instant; of all where there is no season, or too few of a long one."""
    found = _comparable(history, at)
    return replace(found, publications=found.publications[-_MOST:])


def _comparable(history: Sequence[Publication], at: datetime) -> Comparable:
    season = season_of(history)
    everything = Comparable(tuple(history), "of any time", len(history) >= FEWEST, is_seasonal=False)
    if season is None:
        return everything
    if season == _DAY:
        same = [one for one in history if one.at.weekday() == at.weekday()]
        return Comparable(tuple(same), f"on a {_DAYS[at.weekday()]}", len(same) >= FEWEST)
    if season == _MONTH:
        same = [one for one in history if one.at.month == at.month]
        return Comparable(tuple(same), f"in {at:%B}", is_enough=True) if len(same) >= FEWEST else everything
    hour = f"at {at:%H}h UTC"
    of_hour = [one for one in history if one.at.hour == at.hour]
    same = [one for one in of_hour if one.at.weekday() == at.weekday()]
    if len(same) >= FEWEST and _spans_weeks(same):
        return Comparable(tuple(same), f"on a {_DAYS[at.weekday()]} {hour}", is_enough=True)
    return Comparable(tuple(of_hour), hour, len(of_hour) >= FEWEST)


def _spans_weeks(publications: Sequence[Publication]) -> bool:
    return publications[-1].at - publications[0].at >= timedelta(days=7)
