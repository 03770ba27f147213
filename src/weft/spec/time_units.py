"""Units of time as contracts write them, and spans such as `90d`."""

import re

SECONDS_BY_UNIT = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 604800.0),
    **dict.fromkeys(("mo", "month", "months"), 2629746.0),  # a twelfth of the mean Gregorian year
    **dict.fromkeys(("q", "quarter", "quarters"), 7889238.0),
    **dict.fromkeys(("y", "yr", "year", "years"), 31556952.0),
}
_SPAN = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$")


def seconds_in(span: str) -> float | None:
    """A span of time in seconds; None where it is none.

    >>> seconds_in("90d"), seconds_in("1 day"), seconds_in("soon")
    (7776000.0, 86400.0, None)
    """
    found = _SPAN.match(span)
    factor = SECONDS_BY_UNIT.get(found[2].casefold()) if found else None
    return float(found[1]) * factor if found and factor else None
