"""The Kolmogorov-Smirnov statistic over bins: the largest difference of the shares below a bound; from 0 to 1.

Over the bins of a grid it is at most what it is over the single values.
"""

import math
from collections.abc import Sequence
from itertools import accumulate


def kolmogorov_smirnov(before: Sequence[int], now: Sequence[int]) -> float:
    """The statistic of two counts in the same ordered bins; 0 where one of them counted nothing.

    >>> kolmogorov_smirnov([5, 5, 0], [0, 5, 5])
    0.5
    """
    totals = sum(before), sum(now)
    if not all(totals):
        return 0.0
    pairs = zip(accumulate(before), accumulate(now), strict=True)
    return max(abs(first / totals[0] - second / totals[1]) for first, second in pairs)


def kolmogorov_smirnov_by_chance(before: int, now: int) -> float:
    """What two samples of one distribution reach once in a thousand times: sqrt(-ln(0.001 / 2) / 2) sqrt(1/n + 1/m).

    >>> round(kolmogorov_smirnov_by_chance(1000, 1000), 3)
    0.087
    """
    if not before or not now:
        return 0.0
    return min(1.0, math.sqrt(-math.log(0.0005) / 2) * math.sqrt(1 / before + 1 / now))
