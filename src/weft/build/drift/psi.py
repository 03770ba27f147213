"""The population stability index: the sum over bins of (p - q) ln(p / q).

Source: Siddiqi, "Credit Risk Scorecards", 2006, with the convention that below 0.1 nothing changed and from 0.25 on
much did; Yurdakul, "Statistical Properties of Population Stability Index", 2018, for what chance makes of it.
"""

import math
from collections.abc import Sequence


def shares(counts: Sequence[int]) -> list[float]:
    """Counts as shares; half a value is added to each bin, so that an empty one is no infinite difference.

    >>> shares([3, 0])
    [0.875, 0.125]
    """
    total = sum(counts) + 0.5 * len(counts)
    return [(count + 0.5) / total for count in counts]


def contributions(before: Sequence[int], now: Sequence[int]) -> list[float]:
    """What each bin adds to the index; none is below zero.

    Args:
        before: counts in the bins of a grid.
        now: counts in the same bins.
    """
    return [(p - q) * math.log(p / q) for q, p in zip(shares(before), shares(now), strict=True)]


def psi(before: Sequence[int], now: Sequence[int]) -> float:
    """The index, from 0 where both are the same.

    >>> psi([50, 50], [500, 500]), round(psi([5000, 5000], [7500, 2500]), 3)
    (0.0, 0.275)
    """
    return sum(contributions(before, now))


def psi_by_chance(before: int, now: int, bins: int) -> float:
    """What two samples of one distribution reach once in a thousand times: about (1/n + 1/m) chi-square of bins - 1.

    The quantile is Wilson and Hilferty's.

    >>> round(psi_by_chance(1000, 1000, 20), 3)
    0.088
    """
    if bins < 2 or not before or not now:
        return 0.0
    degrees = bins - 1
    spread = 2 / (9 * degrees)
    return float((1 / before + 1 / now) * degrees * (1 - spread + 3.0902 * math.sqrt(spread)) ** 3)
