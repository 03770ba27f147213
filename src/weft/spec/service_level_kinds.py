"""The service levels of the standard: how each is written, in which units, and when it can be measured.

The names are those of the data quality of service that ODCS refers to, with their short words, and the longer words
that tools write.
"""

from enum import StrEnum

from weft.spec.time_units import SECONDS_BY_UNIT


class LevelKind(StrEnum):
    """What is measured, and thereby when it can be."""

    AGE = "age"  # of the newest row: at a build
    OLDEST = "oldest row"  # at a build
    SHARE = "share of rows"  # with a value: at a build
    MOMENT = "moment"  # a day that comes: at a build
    INTERVAL = "interval"  # from publication to publication
    SERVICE = "service"  # what only the serving over days, or people, show


_NAMES: dict[LevelKind, str] = {
    LevelKind.AGE: "freshness fr latency ly ageing aging age",
    LevelKind.OLDEST: "retention re",
    LevelKind.SHARE: "completeness cp",
    LevelKind.MOMENT: "generalAvailability ga endOfSupport es endOfLife el",
    LevelKind.INTERVAL: "frequency fy",
    LevelKind.SERVICE: (
        "availability av throughput th errorRate er severity sv notificationTime nt timeToDetect td timeToNotify tn "
        "timeToRepair tr timeOfAvailability ta consistency co duration support timeliness tm volume vl"
    ),
}
_KIND_BY_NAME = {name.casefold(): kind for kind, names in _NAMES.items() for name in names.split()}
TIME = tuple(SECONDS_BY_UNIT)
SHARE = ("percent", "%", "pct")
_DURATIONS = "duration timeToDetect td timeToNotify tn timeToRepair tr notificationTime nt"
_UNITS_BY_NAME: dict[str, tuple[str, ...]] = {
    **{name.casefold(): TIME for kind in ("AGE", "OLDEST", "INTERVAL") for name in _NAMES[LevelKind[kind]].split()},
    **{name.casefold(): TIME for name in _DURATIONS.split()},
    **dict.fromkeys(("availability", "av", "errorrate", "er"), SHARE),
    **dict.fromkeys(("completeness", "cp"), (*SHARE, "rows")),
}
# Full names, for messages: the short words of the standard are understood and not offered.
KNOWN = tuple(sorted((name for names in _NAMES.values() for name in names.split() if len(name) > 2), key=str.casefold))


def kind_of(name: str) -> LevelKind | None:
    """What a service level of that name measures; None where nobody knows it.

    >>> kind_of("Freshness"), kind_of("moons")
    (<LevelKind.AGE: 'age'>, None)
    """
    return _KIND_BY_NAME.get(name.casefold())


def units_of(name: str) -> tuple[str, ...] | None:
    """The units that its figure may have; None where any word will do."""
    return _UNITS_BY_NAME.get(name.casefold())
