"""The Jensen-Shannon distance: the square root of the mean divergence from the middle, in bits; from 0 to 1.

Source: Lin, "Divergence Measures Based on the Shannon Entropy", 1991.
"""

import math
from collections.abc import Sequence

from weft.build.drift.psi import psi_by_chance


def jensen_shannon(before: Sequence[int], now: Sequence[int]) -> float:
    """The distance of two counts in the bins of one grid; 0 where one of them counted nothing.

    >>> jensen_shannon([1, 1], [5, 5]), jensen_shannon([7, 0], [0, 7])
    (0.0, 1.0)
    """
    if not sum(before) or not sum(now):
        return 0.0
    divergence = 0.0
    for first, second in zip(before, now, strict=True):
        p, q = first / sum(before), second / sum(now)
        middle = (p + q) / 2
        divergence += sum(0.5 * share * math.log2(share / middle) for share in (p, q) if share)
    return math.sqrt(max(divergence, 0.0))


def jensen_shannon_by_chance(before: int, now: int, bins: int) -> float:
    """What two samples of one distribution reach once in a thousand times: near zero PSI is 8 divergences (in nats)."""
    return min(1.0, math.sqrt(psi_by_chance(before, now, bins) / 8 / math.log(2)))
