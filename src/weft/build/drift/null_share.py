"""How much the share of rows without a value changed."""

import math


def null_share_change(before: float, now: float) -> float:
    """The difference of two shares, from 0 to 1."""
    return abs(now - before)


def null_share_change_by_chance(share: float, before: int, now: int) -> float:
    """What two samples of one share differ by once in a thousand times; of a share near 0 or 1, at least a few rows.

    Args:
        share: of both together.
        before: rows.
        now: rows.
    """
    if not before or not now:
        return 1.0
    return 3.2905 * math.sqrt(share * (1 - share) * (1 / before + 1 / now)) + 3 / now
