"""Time comes from outside: only a clock is ever faked in tests."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime:
        """The present instant, with time zone UTC."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """The present instant, with time zone UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is set.

    >>> FixedClock(datetime(2026, 1, 1, tzinfo=UTC)).now().isoformat()
    '2026-01-01T00:00:00+00:00'
    """

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant that was set."""
        return self.instant
