"""How long something is kept, as people write it: 90d, 12h, 8w."""

import re
from datetime import timedelta

from weft.base.problem import Place, Problem

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def duration_of(text: str, place: Place | None = None) -> timedelta:
    """An age of hours, days or weeks.

    Args:
        text: a whole number and its unit.
        place: where it is written.

    Raises:
        Problem: QUARANTINE016.

    >>> duration_of("90d") == duration_of("2160h"), duration_of("2w").days
    (True, 14)
    """
    match = re.fullmatch(r"([0-9]{1,6})\s*([hdw])", text.strip())
    if match is None:
        raise Problem("QUARANTINE016", "This is not an age.", place, found=f'"{text}"', expected="90d, 12h or 8w")
    return int(match.group(1)) * _UNITS[match.group(2)]
