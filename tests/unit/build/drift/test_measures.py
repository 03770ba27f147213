"""The formulas, held against SciPy where it has them, and against chance."""

import math
import random

import pytest

from weft.build.drift.jensen_shannon import jensen_shannon, jensen_shannon_by_chance
from weft.build.drift.kolmogorov_smirnov import kolmogorov_smirnov, kolmogorov_smirnov_by_chance
from weft.build.drift.null_share import null_share_change_by_chance
from weft.build.drift.psi import contributions, psi, psi_by_chance, shares
from weft.build.drift.sketch import Grid, Sketch
from weft.build.drift.thresholds import Convention, expected, median_and_mad
from weft.build.drift.unseen_categories import gone, unseen

_PAIRS = [
    ([10, 20, 30], [30, 20, 10]),
    ([0, 5, 0, 95], [1, 0, 99, 0]),
    ([1], [7]),
    ([400, 300, 200, 100, 0], [410, 290, 190, 100, 10]),
]


@pytest.mark.parametrize(("before", "now"), _PAIRS)
def test_psi_is_the_two_relative_entropies_together(before, now):
    stats = pytest.importorskip("scipy.stats")
    q, p = shares(before), shares(now)
    assert psi(before, now) == pytest.approx(stats.entropy(p, q) + stats.entropy(q, p))
    assert psi(before, now) == pytest.approx(psi(now, before))
    assert all(part >= 0 for part in contributions(before, now))


@pytest.mark.parametrize(("before", "now"), _PAIRS)
def test_jensen_shannon_is_that_of_scipy(before, now):
    distance = pytest.importorskip("scipy.spatial.distance")
    assert jensen_shannon(before, now) == pytest.approx(distance.jensenshannon(before, now, base=2), abs=1e-9)


def test_kolmogorov_smirnov_over_bins_is_that_of_scipy_over_values_that_are_their_bins():
    stats = pytest.importorskip("scipy.stats")
    chance = random.Random(1)
    first, second = ([chance.choice(range(1, 7)) for _ in range(300)], [chance.choice(range(2, 7)) for _ in range(200)])
    counts = [[values.count(face) for face in range(1, 7)] for values in (first, second)]
    assert kolmogorov_smirnov(*counts) == pytest.approx(stats.ks_2samp(first, second).statistic)


@pytest.mark.parametrize(("rows", "bins"), [(200, 20), (1000, 20), (1000, 5), (5000, 50)])
def test_chance_alone_reaches_what_is_said_of_it_about_once_in_a_thousand_times(rows, bins):
    chance = random.Random(rows * bins)
    limits = (
        psi_by_chance(rows, rows, bins),
        jensen_shannon_by_chance(rows, rows, bins),
        kolmogorov_smirnov_by_chance(rows, rows),
    )
    beyond = [0, 0, 0]
    for _ in range(300):
        counts = []
        for _ in range(2):
            drawn = chance.choices(range(bins), k=rows)
            counted = [0] * bins
            for one in drawn:
                counted[one] += 1
            counts.append(counted)
        measured = (psi(*counts), jensen_shannon(*counts), kolmogorov_smirnov(*counts))
        beyond = [count + (value > limit) for count, value, limit in zip(beyond, measured, limits, strict=True)]
    assert max(beyond) <= 3
    assert psi_by_chance(rows, rows, bins) < 30 * (bins - 1) / rows


def test_the_quantile_of_chance_is_that_of_chi_square():
    stats = pytest.importorskip("scipy.stats")
    for bins in (3, 10, 20, 50):
        assert psi_by_chance(100, 100, bins) == pytest.approx(0.02 * stats.chi2.ppf(0.999, bins - 1), rel=0.03)


@pytest.mark.parametrize("measure", [psi, jensen_shannon, kolmogorov_smirnov])
@pytest.mark.parametrize("counts", [([0, 0], [0, 0]), ([0, 0], [3, 4]), ([5], [9]), ([0], [0])])
def test_nothing_to_compare_is_a_number_all_the_same(measure, counts):
    assert math.isfinite(measure(*counts))


def test_a_share_without_values_may_differ_by_chance():
    assert null_share_change_by_chance(0.5, 10_000, 10_000) == pytest.approx(0.0236, abs=1e-4)
    assert null_share_change_by_chance(0.0, 100, 100) == pytest.approx(0.03)
    assert null_share_change_by_chance(0.0, 0, 100) == 1.0


def test_the_most_that_is_usual_is_learnt_once_there_is_a_history():
    convention = Convention(0.25, 0.1)
    few, calm, wild = [0.3] * 7, [0.01] * 8, [0.3, 0.34, 0.26, 0.3, 0.35, 0.25, 0.31, 0.29]
    assert [expected(history, convention).most for history in ([], few, calm)] == [0.25, 0.25, 0.1]
    assert expected(wild, convention).most == pytest.approx(0.3 + 6 * 1.4826 * 0.025)
    assert expected([*wild, *wild, 40.0], convention).most < 0.7  # one bad day teaches little
    assert [str(expected(history, convention, chance)) for history, chance in ((few, 0), (calm, 0), (few, 0.4))] == [
        "at most 0.25, the convention until 8 publications were measured (7 so far)",
        "at most 0.1, the least that is told of; 8 publications (median 0.01, MAD 0)",
        "at most 0.4, which chance alone may make of so few rows",
    ]
    assert median_and_mad([5.0]) == (5.0, 0)


def _values(**counts):
    return Sketch(Grid("values", tuple(sorted(counts))), (*(counts[name] for name in sorted(counts)), 0))


def test_categories_that_nobody_saw_and_such_that_are_gone_are_counted():
    history = [_values(a=10, b=5), _values(a=10, c=5)]
    assert unseen(history, [_values(a=8, b=1, d=1)]) == (0.1, 1)
    assert unseen(history, [_values(a=8, b=1, c=1)]) == (0.0, 0)
    cut = Sketch(Grid("values", ("a",)), (10, 5))
    assert unseen([cut], [_values(a=8, z=2)]) is None
    always = [_values(a=70, b=20, c=10)] * 3
    assert gone(always, [_values(a=200)]) == (pytest.approx(0.3), 2)
    assert gone(always, [_values(a=20)]) == (0.0, 0)  # of 20 rows it says nothing
    assert gone([*always, _values(a=70, b=30)], [_values(a=200, b=1)]) == (0.0, 0)  # c was missing before
