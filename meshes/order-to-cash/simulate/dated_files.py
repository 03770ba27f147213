"""Rows that are kept until the day of their file is over."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date


class DatedFiles:
    """Keeps rows by day or month and hands each finished period to a writer, in order.

    So memory holds the days that an order can still reach, however many orders there are.
    """

    def __init__(self, write: Callable[[date, list[dict[str, object]]], None], *, by_month: bool = False) -> None:
        self._write = write
        self._by_month = by_month
        self._rows_by_period: dict[date, list[dict[str, object]]] = defaultdict(list)
        self.rows = 0

    def add(self, day: date, row: dict[str, object]) -> None:
        """Keep a row for the file of its day."""
        self._rows_by_period[self._period(day)].append(row)
        self.rows += 1

    def write_before(self, day: date) -> None:
        """Write all files of periods before the one of this day."""
        for period in sorted(period for period in self._rows_by_period if period < self._period(day)):
            self._write(period, self._rows_by_period.pop(period))

    def _period(self, day: date) -> date:
        return day.replace(day=1) if self._by_month else day
