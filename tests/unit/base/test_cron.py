"""Times of cron lines, in UTC."""

from datetime import UTC, datetime

import pytest

from weft.base.cron import Cron

START = datetime(2026, 1, 31, 12, 0, 30, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* * * * *", "2026-01-31T12:01"),
        ("0 20 * * *", "2026-01-31T20:00"),
        ("0 12 * * *", "2026-02-01T12:00"),
        ("*/15 9-17 * * 1-5", "2026-02-02T09:00"),
        ("30 4 1 * *", "2026-02-01T04:30"),
        ("0 0 31 * *", "2026-03-31T00:00"),
        ("0 0 29 FEB *", "2028-02-29T00:00"),
        ("0 0 13 * FRI", "2026-02-06T00:00"),  # either of them is enough
        ("0 0 * * 7", "2026-02-01T00:00"),
        ("5,10 0 1 1,7 ?", "2026-07-01T00:05"),
        ("@monthly", "2026-02-01T00:00"),
        ("0 0 30 2 *", None),
    ],
)
def test_the_next_time_of_a_line(line, expected):
    found = Cron.parse(line).after(START)
    assert (found and found.strftime("%Y-%m-%dT%H:%M")) == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("0 20 * *", "a line of cron has 5 fields, this one 4"),
        ("60 * * * *", "the minute is no number from 0 to 59"),
        ("0 0 * JUN-JAN *", "the month ends before it begins"),
        ("*/0 * * * *", "the step of the minute is no number"),
        ("every day", "a line of cron has 5 fields, this one 2"),
    ],
)
def test_what_is_no_line_of_cron_says_why(line, reason):
    with pytest.raises(ValueError, match=reason):
        Cron.parse(line)
