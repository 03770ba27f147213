"""Sketches of every kind of column, and nothing of what is personal."""

import json
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from tests.unit.build.drift.conftest import MONDAY, PLACE

from weft.build.drift.measure_drift import measure_drift
from weft.build.drift.sketch import sketches_of
from weft.spec.contract import Column


def _sketch(publication, column):
    found = sketches_of(publication.columns[column])
    return found[-1] if found else None


def test_values_are_counted_in_the_bins_of_the_publication_before(look_at):
    first = look_at([], {"n": [float(n) for n in range(1000)]})
    second = look_at([first], {"n": [float(n) + 30 for n in range(500)]})
    before, now = _sketch(first, "n"), _sketch(second, "n")
    assert before.grid == now.grid
    assert len(before.counts) == 20
    assert (before.total, now.total) == (1000, 500)
    assert all(30 <= count <= 70 for count in before.counts)
    assert now.counts[0] < before.counts[0]


def test_a_grid_that_fits_no_more_gets_another_beside_it(look_at):
    first = look_at([], {"n": [float(n) for n in range(1000)]})
    second = look_at([first], {"n": [float(n) + 5000 for n in range(1000)]})
    third = look_at([first, second], {"n": [float(n) + 5000 for n in range(1000)]})
    assert [len(sketches_of(one.columns["n"])) for one in (first, second, third)] == [1, 2, 2]
    assert sketches_of(second.columns["n"])[0].counts == (*[0] * 19, 1000)
    said = {one.name: one.status for one in measure_drift([first, second], third) if one.column == "n"}
    assert said == dict.fromkeys(("n.psi", "n.jensen_shannon", "n.kolmogorov_smirnov", "n.null_share"), "usual")


_NAN, _INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("values", "type_", "total"),
    [
        ([1, 2, None, 4], None, 3),
        ([None, None], "BIGINT", 0),
        ([7, 7, 7], None, 3),
        ([], "DOUBLE", 0),
        ([1.5, _NAN, _INFINITY, -_INFINITY, None], None, 3),
        ([Decimal("1.10"), Decimal("99999999.99")], None, 2),
        ([10**18, -(10**18)], None, 2),
        ([date(2026, 1, 1), date(1, 1, 1), date(9999, 12, 31), None], None, 3),
        (["2026-01-01 05:00:00", None], "TIMESTAMP", 1),
        (["2026-01-01 05:00:00+02", "infinity"], "TIMESTAMP WITH TIME ZONE", 1),
        (["2026-01-01 05:00:00"], "TIMESTAMP_NS", 1),
        ([time(12, 30), time(23, 59)], None, 2),
        ([True, False, None], None, 2),
        (["a", "", "it's", "a", None], None, 4),
        (["170141183460469231731687303715884105727"], "HUGEINT", 1),
    ],
)
def test_every_kind_of_value_is_counted_twice_the_same(values, type_, total, look_at):
    types = {"x": type_} if type_ else {}
    first = look_at([], {"x": values}, types=types)
    second = look_at([first], {"x": values}, types=types)
    sketches = [_sketch(first, "x"), _sketch(second, "x")]
    if total == 0:
        assert sketches == [None, None]
    elif type_ or not isinstance(values[0], date):
        assert [sketch.total for sketch in sketches] == [total, total]
    json.dumps([first.columns, second.columns], allow_nan=False)  # the ledger keeps it
    assert all(measure.status != "drifted" for measure in measure_drift([first], second))


def test_texts_of_nothing_are_a_category_like_others(look_at):
    first = look_at([], {"x": ["", "", "a"]})
    second = look_at([first], {"x": ["", "a", "b"]})
    assert [s.grid.bounds for s in sketches_of(second.columns["x"])] == [("", "a"), ("", "a", "b")]
    assert [s.counts for s in sketches_of(second.columns["x"])] == [(1, 1, 1), (1, 1, 1, 0)]


def test_times_are_counted_by_their_age(look_at):
    def hours(at):
        return {"at": [at - timedelta(hours=hour) for hour in range(1, 25)]}

    first = look_at([], hours(MONDAY), at=MONDAY)
    later = MONDAY + timedelta(days=400)
    second = look_at([first], hours(later), at=later)
    assert _sketch(first, "at").counts == _sketch(second, "at").counts
    assert [one.columns["at"]["newest_age_seconds"] for one in (first, second)] == [3600.0, 3600.0]


@pytest.mark.parametrize(
    ("declared", "values"),
    [
        (Column("x", PLACE, "string", classification="pii"), ["ann"] * 50),
        (Column("x", PLACE, "number", tags=("personal",)), [1.0, 2.0] * 25),
        (Column("x", PLACE, "timestamp", classification="restricted"), [MONDAY] * 50),
        (Column("x", PLACE, "integer", primary_key_position=1), list(range(50))),
        (Column("x", PLACE, "string", unique=True), ["a", "b"]),
        (Column("x", PLACE, "string"), ["long " * 30] * 50),
        (Column("x", PLACE, "string"), [f"id {n}" for n in range(5000)]),
        (Column("x", PLACE, "integer"), list(range(5000))),
        (Column("x", PLACE, "array"), [["a"], ["b"]]),
    ],
)
def test_personal_values_identifiers_and_long_texts_leave_no_distribution(declared, values, look_at):
    first = look_at([], {"x": values}, declared=(declared,))
    second = look_at([first], {"x": values[: len(values) // 2]}, declared=(declared,))
    for found in (first, second):
        assert not {"distribution", "newest_age_seconds"} & set(found.columns["x"])
    measured = [measure.kind for measure in measure_drift([first], second) if measure.column]
    assert measured == ["null_share"]


def test_a_column_of_another_type_and_a_new_one_are_not_compared(look_at):
    first = look_at([], {"x": [1, 2, 3], "gone": [1, 2, 3]})
    second = look_at([first], {"x": ["1", "2", "3"], "new": [1, 2, 3]})
    said = {measure.name: measure.explanation for measure in measure_drift([first], second) if measure.column}
    assert said == {
        "x.psi": "Its type was BIGINT, and is VARCHAR.",
        "new.psi": "The column was not there before.",
    }
    third = look_at([first, second], {"x": ["1", "2", "9"], "new": [1, 2, 3]})
    assert {m.status for m in measure_drift([first, second], third) if m.column == "new"} == {"usual"}


def test_of_more_than_fifty_categories_the_most_frequent_are_kept(look_at):
    values = [f"c{n:03}" for n in range(120) for _ in range(n + 1)]
    first = look_at([], {"x": values})
    found = _sketch(first, "x")
    assert found.grid.bounds == tuple(f"c{n:03}" for n in range(70, 120))
    assert found.total == len(values)
    second = look_at([first], {"x": [*values, "unheard of"]})
    kinds = {m.kind for m in measure_drift([first], second) if m.column == "x"}
    assert "unseen_categories" not in kinds  # whether it is new cannot be told
