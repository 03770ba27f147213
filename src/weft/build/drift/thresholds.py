"""What is usual, learnt from history: the median of earlier measures and how far they lie from it.

Median and median absolute deviation (MAD) do not mind a few bad days in the history; what nine of ten publications
reached is usual in any case. Until enough publications were
measured a convention stands in, and nothing that chance alone makes of so few rows counts as drift.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

LEARNT_FROM = 8  # measures; of fewer the convention stands in
_DEVIATIONS = 6.0
_NORMAL = 1.4826  # makes the MAD of a normal distribution its standard deviation


@dataclass(frozen=True)
class Convention:
    """What is taken for drift before a port has a history, and what is too little to be told of ever."""

    until_learnt: float
    least: float


@dataclass(frozen=True)
class Expected:
    """The most that counts as usual, and what that was made of."""

    most: float
    basis: str  # learnt | convention | chance
    publications: int  # earlier measures
    median: float | None = None
    mad: float | None = None
    least: float | None = None  # the convention that was at work
    chance: float = 0.0

    def __str__(self) -> str:
        """In words with the numbers."""
        if self.basis == "chance":
            return f"at most {self.most:.3g}, which chance alone may make of so few rows"
        if self.basis == "learnt":
            return f"at most {self.most:.3g} by {self.publications} publications{self._middle()}"
        if self.publications >= LEARNT_FROM:
            learnt = f"{self.publications} publications{self._middle()}"
            return f"at most {self.most:.3g}, the least that is told of; {learnt}"
        return (
            f"at most {self.most:.3g}, the convention until {LEARNT_FROM} publications were measured "
            f"({self.publications} so far)"
        )

    def as_json(self) -> dict[str, Any]:
        """For the ledger and for machines."""
        return {**vars(self), "words": str(self)}

    def _middle(self) -> str:
        return f" (median {self.median:.3g}, MAD {self.mad:.3g})"


def expected(history: Sequence[float], convention: Convention, chance: float = 0.0) -> Expected:
    """The most that is usual for a measure that is never below zero.

    Args:
        history: earlier measures of the same kind.
        convention: that stands in.
        chance: what chance alone may make of so many rows.

    >>> expected([0.02] * 4, Convention(0.25, 0.1)).most
    0.25
    >>> str(expected([0.30, 0.31, 0.30, 0.32, 0.29, 0.30, 0.31, 0.30], Convention(0.25, 0.1)))
    'at most 0.344 by 8 publications (median 0.3, MAD 0.005)'
    """
    middle, spread = median_and_mad(history) if history else (None, None)
    if middle is not None and spread is not None and len(history) >= LEARNT_FROM:
        learnt = max(middle + _DEVIATIONS * _NORMAL * spread, _nine_of_ten(history))
        least = convention.least
        most, basis = (learnt, "learnt") if learnt > least else (least, "convention")
    else:
        most, basis, least = convention.until_learnt, "convention", convention.until_learnt
    if chance > most:
        most, basis = chance, "chance"
    return Expected(most, basis, len(history), middle, spread, least, chance)


def _nine_of_ten(values: Sequence[float]) -> float:
    """What nine of ten values do not exceed: where most are zero, median and MAD say nothing of the rest."""
    return sorted(values)[math.ceil(0.9 * len(values)) - 1]


def usual_deviation(values: Sequence[float]) -> float:
    """How far from the median values may lie."""
    return _DEVIATIONS * _NORMAL * median_and_mad(values)[1]


def median_and_mad(values: Sequence[float]) -> tuple[float, float]:
    """The median, and the median distance from it.

    >>> median_and_mad([1.0, 2.0, 9.0])
    (2.0, 1.0)
    """
    middle = median(values)
    return middle, median(abs(value - middle) for value in values)
