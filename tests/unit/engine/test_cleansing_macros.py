"""The functions of cleansing in SQL: there when a statement names one, in a locked session too."""

import statistics

import pytest

from weft.base.problem import Problem
from weft.base.units import UNITS, conversion
from weft.engine.duckdb_engine import DuckDBEngine


@pytest.fixture
def engine():
    with DuckDBEngine(threads=1) as session:
        yield session


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("weft_trim(chr(160) || 'a  b' || chr(8203))", "a  b"),
        ("weft_collapse(' a \t b ')", "a b"),
        ("weft_title('anNA  maria')", "Anna  Maria"),
        ("weft_nfc('e' || chr(769))", "\u00e9"),
        ("weft_nfkc(chr(64257) || 'x')", "fix"),
        ("weft_match_key('  \u00c9LAN  vital ')", "elan vital"),
        ("weft_match_key('  ')", None),
        ("CAST(weft_date('1.2.2026', ['%Y-%m-%d', '%d.%m.%Y']) AS VARCHAR)", "2026-02-01"),
        ("CAST(weft_timestamp('2026-02-01 10:30', ['%Y-%m-%d %H:%M']) AS VARCHAR)", "2026-02-01 10:30:00"),
        ("weft_number('1.234.567,8', ',', '.')", "1234567.8"),
        ("weft_number('1,234', decimal_mark := '.')", None),
        ("weft_number('1''234.5', group_mark := '''')", "1234.5"),
        ("weft_boolean('JA', ['ja'], ['nein'])", True),
        ("weft_convert(1, 'ft', 'in')", pytest.approx(12)),
        ("weft_try_convert(1, 'ft', 'kg')", None),
        ("weft_try_convert(1, 'nonsense', 'kg')", None),
        ("weft_convert(NULL, 'ft', 'm')", None),
        ("weft_trim(NULL)", None),
    ],
)
@pytest.mark.parametrize("is_locked", [False, True])
def test_a_value_is_cleaned(engine, call, expected, is_locked):
    if is_locked:
        engine.lock_down([])
    assert engine.rows(f"SELECT {call}") == [(expected,)]


def test_a_unit_that_does_not_fit_fails_without_any_value_in_the_message(engine):
    with pytest.raises(Problem) as caught:
        engine.rows("SELECT weft_convert(x, u, 'm') FROM (VALUES (4711.0, 'secret unit')) AS t(x, u)")
    assert "4711" not in str(caught.value)
    assert "secret unit" not in str(caught.value)


@pytest.mark.parametrize("grouped", [False, True])
def test_the_robust_z_is_that_of_plain_python(engine, grouped):
    numbers = [1.0, 2.0, 4.0, 8.0, 100.0]
    written = ", ".join(f"({n!r}::DOUBLE, {i % 2})" for i, n in enumerate(numbers))
    arguments = "x, g" if grouped else "x"
    found = engine.rows(f"SELECT weft_robust_z({arguments}) FROM (VALUES {written}) AS t(x, g) ORDER BY x")
    expected = []
    for i, n in enumerate(numbers):
        group = numbers[i % 2 :: 2] if grouped else numbers
        middle = statistics.median(group)
        spread = statistics.median(abs(m - middle) for m in group)
        expected.append(pytest.approx((n - middle) / spread * statistics.NormalDist().inv_cdf(0.75)))
    assert [z for (z,) in found] == expected


def test_views_and_descriptions_know_the_functions_too(engine):
    engine.add_view("cleaned", "SELECT WEFT_NFKC('x') AS a, weft_convert(1, 'm', 'km') AS b")
    assert engine.describe("FROM cleaned") == {"a": "VARCHAR", "b": "DOUBLE"}


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_a_unit_converted_there_and_back_is_what_it_was(unit):
    other = next(name for name in UNITS if UNITS[name].dimension == UNITS[unit].dimension)
    add, factor, take = conversion(UNITS[unit], UNITS[other])
    back_add, back_factor, back_take = conversion(UNITS[other], UNITS[unit])
    there = (12.5 + add) * factor - take
    assert (there + back_add) * back_factor - back_take == pytest.approx(12.5)


def test_units_of_different_dimensions_have_no_conversion():
    with pytest.raises(ValueError, match="mass is no length"):
        conversion(UNITS["kg"], UNITS["m"])
