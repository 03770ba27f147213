"""What is usual on a Monday is not what is usual on a Sunday."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.unit.build.drift.conftest import MONDAY, daily

from weft.build.drift.measure_drift import measure_drift
from weft.build.drift.publication import Publication
from weft.build.drift.season import comparable, season_of, usual_gap


def _orders(chance, at, *, rows=400, shift=0.0, kinds="abcd", hours_late=0, empty=0.1):
    """Orders of a day: twice as many on Mondays, few and dear ones at the weekend."""
    busy, dear = {0: 2.0, 5: 0.5, 6: 0.5}.get(at.weekday(), 1.0), 20 if at.weekday() >= 5 else 0
    count = int(chance.gauss(rows * busy, rows * busy * 0.03))
    return {
        "total": [chance.gauss(100 + shift + dear, 20) for _ in range(count)],
        "kind": [chance.choices(kinds, [5, 3, 2, 1, 1][: len(kinds)])[0] for _ in range(count)],
        "pieces": [chance.randint(1, 6) if chance.random() > empty else None for _ in range(count)],
        "gift": [chance.random() < 0.2 for _ in range(count)],
        "ordered_at": [at - timedelta(hours=hours_late, seconds=chance.randint(600, 86400)) for _ in range(count)],
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thirty_days_with_weeks_in_them_raise_no_alarm(seed, look_at):
    line = daily(seed, 30, look_at, _orders)
    alarms = [
        (day, measure.explanation)
        for day in range(1, 30)
        for measure in measure_drift(line[:day], line[day])
        if measure.status == "drifted"
    ]
    assert alarms == []


_TOTAL = {"total.psi", "total.kolmogorov_smirnov"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, set()),
        ({"shift": 25.0}, _TOTAL),
        ({"kinds": "abcde"}, {"kind.psi", "kind.unseen_categories"}),
        ({"kinds": "abc"}, {"kind.psi", "kind.gone_categories"}),
        ({"rows": 800}, {"volume"}),
        ({"rows": 120}, {"volume"}),
        ({"hours_late": 40}, {"ordered_at.newest_row", "ordered_at.psi"}),
        ({"empty": 0.4}, {"pieces.null_share"}),
    ],
)
def test_each_kind_of_drift_is_told_on_the_day_it_comes(change, told, look_at):
    line = daily(7, 30, look_at, _orders)
    at = MONDAY + timedelta(days=30)  # a Wednesday
    now = look_at(line, _orders(random.Random(11), at, **change), at=at)
    found = {measure.name for measure in measure_drift(line, now) if measure.status == "drifted"}
    assert told <= found
    assert {name.split(".")[0] for name in found} == {name.split(".")[0] for name in told}


def _rows(day, rows, hour=6):
    return Publication(MONDAY + timedelta(days=day, hours=hour - 6), day, rows, {})


def test_twice_the_rows_are_usual_on_a_monday_and_not_on_a_tuesday():
    line = [_rows(day, 2000 if day % 7 == 0 else 1000) for day in range(28)]
    by_day = {}
    for day in (28, 29):
        measures = measure_drift(line, _rows(day, 2000))
        by_day[day] = next((one.status, one.message) for one in measures if one.kind == "volume")
    assert by_day == {
        28: ("usual", "2,000 rows, usual are 1,000 to 3,000 (median 2,000)"),
        29: ("drifted", "2,000 rows, usual are 500 to 1,500 (median 1,000)"),
    }


def test_with_too_little_history_nothing_is_judged():
    first = measure_drift([], _rows(0, 10))
    second = measure_drift([_rows(0, 10)], _rows(1, 10))
    assert {(one.kind, one.status, one.message) for one in first} == {
        (kind, "not_applicable", "There is no earlier publication.") for kind in ("volume", "delay")
    }
    assert [(one.kind, one.message) for one in second] == [
        ("volume", "Of 3 comparable publications (of any time) there are 1."),
        ("delay", "Of 3 comparable publications (of any time) there are 0."),
    ]


def test_a_table_that_only_grows_is_measured_by_what_is_added():
    line = [_rows(day, 1000 * day) for day in range(10)]
    said = {}
    for rows in (10_000, 12_500, 8_000):
        found = next(one for one in measure_drift(line, _rows(10, rows)) if one.kind == "volume")
        said[rows] = found.status if found.status != "not_applicable" else found.message
    weekly = [_rows(7 * week, 1000 * week) for week in range(10)]
    by_rows = {
        rows: next(one.status for one in measure_drift(weekly, _rows(70, rows)) if one.kind == "volume")
        for rows in (10_000, 12_500, 8_000)
    }
    assert set(said.values()) == {"Of 3 comparable publications (on a Thursday) there are 1."}
    assert by_rows == {10_000: "usual", 12_500: "drifted", 8_000: "drifted"}


@pytest.mark.parametrize(
    ("gap_hours", "count", "season", "words"),
    [
        (24, 20, "weekday", "on a Sunday"),
        (1, 600, "hour of the week", "on a Friday at 06h UTC"),
        (1, 90, "hour of the week", "at 00h UTC"),
        (168, 10, None, "of any time"),
        (730, 40, "month", "in June"),
        (24, 3, None, "of any time"),
    ],
)
def test_how_often_a_port_is_published_says_what_its_season_is(gap_hours, count, season, words):
    line = [replace(_rows(0, 1), at=MONDAY + timedelta(hours=gap_hours * index)) for index in range(count)]
    assert season_of(line) == season
    like = comparable(line, MONDAY + timedelta(hours=gap_hours * count))
    assert like.words == words


def test_publications_at_no_regular_times_have_no_season_and_no_delay():
    chance = random.Random(3)
    hours = sorted(chance.uniform(0, 2000) for _ in range(40))
    line = [replace(_rows(0, 100), at=MONDAY + timedelta(hours=hour)) for hour in hours]
    now = replace(line[-1], at=line[-1].at + timedelta(days=30))
    found = next(one for one in measure_drift(line, now) if one.kind == "delay")
    assert (usual_gap(line), season_of(line), found.status) == (None, None, "not_applicable")
    assert found.message == "It is published at no regular times."


def test_a_publication_that_comes_late_is_told_and_one_that_comes_early_is_not():
    line = [_rows(7 * week, 100) for week in range(9)]
    by_day = {
        day: next(one.status for one in measure_drift(line, _rows(day, 100)) if one.kind == "delay")
        for day in (57, 63, 68)
    }
    assert by_day == {57: "usual", 63: "usual", 68: "drifted"}
