"""Times of a cron line: five fields, minute to weekday, or a word such as `@daily`; always UTC.

As in cron of old: where both the day of the month and the weekday are restricted, either of them is enough.
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of the month", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MOST_YEARS = 9  # the 29th of February comes after eight years at the latest


@dataclass(frozen=True)
class Cron:
    """A line of cron, taken apart.

    >>> Cron.parse("0 20 * * MON-FRI").after(datetime(2026, 1, 31, 12, tzinfo=UTC)).isoformat()
    '2026-02-02T20:00:00+00:00'
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 is Sunday
    any_day: bool  # the day of the month is not restricted
    any_weekday: bool

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Take a line apart.

        Raises:
            ValueError: it is no line of cron; says which field.
        """
        fields = _WORDS.get(text.strip().casefold(), text).split()
        if len(fields) != len(_FIELDS):
            raise ValueError(f"a line of cron has {len(_FIELDS)} fields, this one {len(fields)}")
        sets = [_numbers(field, *kind) for field, kind in zip(fields, _FIELDS, strict=True)]
        weekdays = frozenset(day % 7 for day in sets[4])
        return cls(sets[0], sets[1], sets[2], sets[3], weekdays, fields[2].startswith("*"), fields[4].startswith("*"))

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment; None where there never is one, as on the 30th of February."""
        found = moment.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
        last = found.year + _MOST_YEARS
        while found.year <= last:
            if found.month not in self.months:
                found = (found.replace(day=1, hour=0, minute=0) + timedelta(days=32)).replace(day=1)
            elif not self._is_day(found):
                found = found.replace(hour=0, minute=0) + timedelta(days=1)
            elif found.hour not in self.hours:
                found = found.replace(minute=0) + timedelta(hours=1)
            elif found.minute not in self.minutes:
                found += timedelta(minutes=1)
            else:
                return found
        return None

    def _is_day(self, moment: datetime) -> bool:
        by_month, by_week = moment.day in self.days, moment.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return by_month and by_week
        return by_month or by_week


def _numbers(field: str, name: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        every = int(step) if slash and step.isdecimal() else 1
        if (slash and not step.isdecimal()) or every == 0:
            raise ValueError(f"the step of the {name} is no number")
        first, dash, last = span.partition("-")
        if span in ("*", "?"):
            begin, end = low, high
        else:
            begin = _number(first, name, low, high)
            end = _number(last, name, low, high) if dash else (high if slash else begin)
        if end < begin:
            raise ValueError(f"the {name} ends before it begins")
        found.update(range(begin, end + 1, every))
    return frozenset(found)


def _number(word: str, name: str, low: int, high: int) -> int:
    named = _MONTHS if name == "month" else _DAYS if name == "weekday" else {}
    number = named.get(word.casefold(), int(word) if word.isdecimal() else None)
    if number is None or not low <= number <= high:
        raise ValueError(f"the {name} is no number from {low} to {high}")
    return number
