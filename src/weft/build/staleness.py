"""Until when a published port keeps its promise of freshness."""

from datetime import datetime, timedelta

from weft.base.counted import counted
from weft.build.made_before import MadeBefore
from weft.build.steps import Step
from weft.spec.time_units import SECONDS_BY_UNIT


def stale_at(step: Step, before: MadeBefore) -> datetime | None:
    """When the newest row of a port will be older than its contract allows; None where it promises no such thing.

    From then on the check is due again even if nothing else changed, so that a port whose data stopped moving is
    told by the next build instead of staying "up to date". A promise that only warns is told once, when it is made.
    """
    if step.port is None or step.port.contract is None:
        return None
    found = []
    for level in step.port.contract.service_levels:
        limit = length_of(level.value, level.unit)
        for element in (level.element or "").split(","):
            rule = f"{element.strip().rpartition('.')[2]}.{level.property}"
            finding = before.ages.get((str(step.port.name), rule))
            if limit is None or finding is None or finding.measured is None or finding.status == "warned":
                continue
            found.append(finding.at + limit - timedelta(seconds=finding.measured))
    return min(found, default=None)


def length_of(value: object, unit: str | None) -> timedelta | None:
    """A value and its unit as a length of time; None where it is none.

    >>> length_of(2, "d"), length_of("1.5", "hours"), length_of("soon", "h"), length_of(95, "%")
    (datetime.timedelta(days=2), datetime.timedelta(seconds=5400), None, None)
    """
    seconds = SECONDS_BY_UNIT.get((unit or "").strip().casefold())
    try:
        return timedelta(seconds=float(str(value)) * seconds) if seconds else None
    except (ValueError, OverflowError):
        return None


def in_words(length: timedelta) -> str:
    """A length of time in its largest two units.

    >>> in_words(timedelta(days=2, hours=3, minutes=4)), in_words(timedelta(seconds=42))
    ('2 days 3 hours', '42 seconds')
    """
    seconds = int(abs(length.total_seconds()))
    parts: list[str] = []
    for word, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(counted(count, word))
    return " ".join(parts[:2]) or "0 seconds"
