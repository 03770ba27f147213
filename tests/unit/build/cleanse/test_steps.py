"""Each step on small tables: the rows after it, and what it says that it changed."""

import math
import statistics
import unicodedata

import pytest

from weft.base.problem import Problem, Problems

ODD_TEXTS = [
    "plain",
    " \u00a0 padded \u2003\t",
    "two  \u00a0 words",
    "Cafe\u0301",
    "\ufb01ne \uff21",
    "bell\u0007here",
    "zero\u200bwidth",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "",
    "   ",
    None,
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
]


def values(rows, kind="VARCHAR"):
    """A table `t(i, x)` of Python values, in their order."""
    written = ", ".join(f"({i}, {literal(value, kind)})" for i, value in enumerate(rows))
    return f"SELECT i, x::{kind} AS x FROM (VALUES {written}) AS t(i, x) ORDER BY i"


def literal(value, kind):
    if value is None:
        return f"NULL::{kind}"
    return "'" + str(value).replace("'", "''") + f"'::{kind}"


def is_blank(character):
    return (
        character.isspace()
        or unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp")
        or character in "\u200b\u2060\ufeff"
    )


def trimmed(text, *, form=None, collapse=False):
    """The oracle: character by character, in plain Python."""
    if text is None:
        return None
    text = unicodedata.normalize(form, text) if form else text
    while text and is_blank(text[0]):
        text = text[1:]
    while text and is_blank(text[-1]):
        text = text[:-1]
    if not collapse:
        return text
    out = []
    for character in text:
        if not is_blank(character):
            out.append(character)
        elif out[-1] != " ":
            out.append(" ")
    return "".join(out)


@pytest.mark.parametrize(
    ("options", "oracle"),
    [
        ("", lambda text: trimmed(text)),
        (", normalise: NFC", lambda text: trimmed(text, form="NFC")),
        (", normalise: NFKC, collapse: true", lambda text: trimmed(text, form="NFKC", collapse=True)),
        (", normalise: NFKC, case: upper", lambda text: None if text is None else trimmed(text, form="NFKC").upper()),
        (", empty_as_null: true", lambda text: trimmed(text) or None),
    ],
)
def test_texts_are_trimmed_and_brought_to_a_form(run, options, oracle):
    rows, (report,) = run(values(ODD_TEXTS), f"- trim: {{columns: [X]{options}}}")
    expected = [oracle(text) for text in ODD_TEXTS]
    assert [x for _, x in rows] == expected
    pairs = list(zip(ODD_TEXTS, expected, strict=True))
    assert report.cells == {
        "x": {
            "changed": sum(new is not None and new != old for old, new in pairs),
            "emptied": sum(new is None and old is not None for old, new in pairs),
        }
    }
    assert (report.rows_in, report.rows_out) == (len(ODD_TEXTS), len(ODD_TEXTS))


def test_control_characters_go_and_the_joiner_of_emoji_stays(run):
    rows, _ = run(values(ODD_TEXTS), "- trim: {columns: [x], visible: true}")
    found = [x for _, x in rows]
    assert found[5:8] == ["bellhere", "zerowidth", ODD_TEXTS[7]]
    assert found[11] == ODD_TEXTS[11]


DATES = ["31.12.2025", " 1.2.2026 ", "2026-03-04", "31.02.2026", "soon", "", None, "5.6.26"]


@pytest.mark.parametrize(
    ("on_error", "expected"),
    [
        ("keep", ["2025-12-31", "2026-02-01", "2026-03-04", "31.02.2026", "soon", None, None, "5.6.26"]),
        ("empty", ["2025-12-31", "2026-02-01", "2026-03-04", None, None, None, None, None]),
    ],
)
def test_dates_are_read_in_their_declared_formats_only(run, on_error, expected):
    step = f'- parse: {{columns: [x], type: date, formats: ["%d.%m.%Y", "%Y-%m-%d"], on_error: {on_error}}}'
    rows, (report,) = run(values(DATES), step)
    assert [None if x is None else str(x) for _, x in rows] == expected
    assert report.cells["x"]["not readable"] == 3


def test_a_year_of_two_digits_is_read_by_its_own_format_only(run):
    step = '- parse: {columns: [x], type: date, formats: ["%d.%m.%Y", "%d.%m.%y"], on_error: empty}'
    rows, _ = run(values(["5.6.26", "5.6.2026", "5.6.0026"]), step)
    assert [None if x is None else str(x) for _, x in rows] == ["2026-06-05", "2026-06-05", None]


NUMBERS = ["1.234,50", "1234,5", "1.2", "12.34.567", "-3", "+0,125", "1e3", "", None, "99999999999999", "7,50"]


def test_decimals_are_read_with_their_marks_and_never_rounded(run):
    step = '- parse: {columns: [x], type: "decimal(12,2)", decimal_mark: ",", group_mark: ".", on_error: empty}'
    rows, (report,) = run(values(NUMBERS), step)
    found = [None if x is None else float(x) for _, x in rows]
    assert found == [1234.5, 1234.5, None, None, -3, None, None, None, None, None, 7.5]
    assert report.cells == {"x": {"read": 4, "emptied": 6, "not readable": 5}}


def test_whole_numbers_and_booleans_by_word(run):
    rows, _ = run(values(["7", "7.0", "7.5", "x"]), "- parse: {columns: [x], type: integer, on_error: empty}")
    assert [x for _, x in rows] == [7, 7, None, None]
    step = "- parse: {columns: [x], type: boolean, true_words: [Ja, 'y'], false_words: [nein], on_error: empty}"
    rows, (report,) = run(values(["JA", " nein", "Y", "vielleicht", None]), step)
    assert [x for _, x in rows] == [True, False, True, None, None]
    assert report.cells["x"]["not readable"] == 1


def test_a_cell_that_cannot_be_read_stops_the_build_where_that_is_declared(run):
    with pytest.raises(Problem) as caught:
        run(values(DATES), '- parse: {columns: [x], type: date, formats: ["%d.%m.%Y"], on_error: fail}')
    assert (caught.value.code, caught.value.found) == ("CLEANSE006", "4 cells")
    assert "soon" not in str(caught.value)


@pytest.mark.parametrize(
    ("start", "target", "value", "expected"),
    [
        ("ft", "m", 10, 3.048),
        ("mi", "km", 26, 41.842944),
        ("degC", "degF", 100, 212),
        ("degF", "degC", -4, -20),
        ("degC", "K", -273.15, 0),
        ("lb", "kg", 1, 0.45359237),
        ("nT", "uT", 48000, 48),
        ("mGal", "m/s2", 1, 1e-5),
        ("kWh", "MJ", 1, 3.6),
        ("nmi", "m", 1, 1852),
    ],
)
def test_units_are_converted_by_their_definitions(run, start, target, value, expected):
    rows, (report,) = run(f"SELECT {value}::DOUBLE AS x", f"- convert: {{columns: [x], from: {start}, to: {target}}}")
    assert rows[0][0] == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert report.cells == {"x": {"changed": 1}}


@pytest.mark.parametrize(
    ("on_error", "expected"),
    [
        ("keep", [(1.0, "m"), (0.9144, "m"), (5.0, "stone"), (6.0, None), (None, "m")]),
        ("empty", [(1.0, "m"), (0.9144, "m"), (None, "stone"), (None, None), (None, "m")]),
    ],
)
def test_each_row_is_converted_from_its_own_unit(run, on_error, expected):
    table = "SELECT * FROM (VALUES (1, 'm'), (3, ' ft'), (5, 'stone'), (6, NULL), (NULL, 'km')) AS t(x, u)"
    rows, (report,) = run(
        table, f"- convert: {{columns: [x], unit_column: u, to: m, decimals: 9, on_error: {on_error}}}"
    )
    assert rows == expected
    assert report.cells["x"]["of unknown unit"] == 2


def test_rates_of_currencies_are_declared_as_factors(run):
    step = "- convert: {columns: [x], unit_column: u, to: EUR, factors: {EUR: 1, USD: 0.92, JPY: 0.0061}, decimals: 2}"
    rows, _ = run("SELECT * FROM (VALUES (100, 'USD'), (9.99, 'EUR'), (5000, 'JPY')) AS t(x, u)", step)
    assert rows == [(92.0, "EUR"), (9.99, "EUR"), (30.5, "EUR")]


PEOPLE = """
    SELECT * FROM (VALUES
        (1, ' Ann@x.org', 'Ann',    NULL,  DATE '2026-01-01', 'shop'),
        (2, 'bob@x.org',  'Bob',    '111', DATE '2026-01-01', 'crm'),
        (3, 'ann@X.org ', 'Ann B.', '222', DATE '2026-03-01', 'web'),
        (4, NULL,         'Cid',    '333', DATE '2026-01-01', 'crm'),
        (5, NULL,         'Cid',    '333', DATE '2026-01-01', 'crm'),
        (6, 'ANN@x.org',  'A.',     '222', DATE '2026-02-01', 'crm')
    ) AS t(id, email, name, phone, seen, source)
"""


@pytest.mark.parametrize(
    ("options", "survivor"),
    [
        ("", (1, " Ann@x.org", "Ann", None)),
        (", survivor: newest, by: seen", (3, "ann@X.org ", "Ann B.", "222")),
        (", survivor: oldest, by: seen", (1, " Ann@x.org", "Ann", None)),
        (", survivor: most_complete", (3, "ann@X.org ", "Ann B.", "222")),
        (", survivor: priority, priority: {source: [crm, shop]}", (6, "ANN@x.org", "A.", "222")),
        (", values: {phone: most_frequent, name: longest}", (1, " Ann@x.org", "Ann B.", "222")),
        (", values: {name: newest, phone: first}, by: seen", (1, " Ann@x.org", "Ann B.", "222")),
        (", values: {name: smallest, id: largest}", (6, " Ann@x.org", "A.", None)),
    ],
)
def test_duplicates_become_the_declared_survivor_and_are_counted(run, options, survivor):
    rows, (report,) = run(PEOPLE, f"- deduplicate: {{key: [email], normalised: true{options}}}")
    assert {row[:4] for row in rows} == {
        survivor,
        (2, "bob@x.org", "Bob", "111"),
        (4, None, "Cid", "333"),
        (5, None, "Cid", "333"),
    }
    assert (report.rows_in, report.rows_out, report.rows_merged) == (6, 4, 2)
    assert report.notes == ("2 rows lack a part of the key and stay as they are",)


def test_a_survivor_says_how_many_rows_it_was_and_the_others_keep_their_order(run):
    rows, _ = run(PEOPLE, "- deduplicate: {key: [email], normalised: true, count: merged}")
    assert [(row[0], row[-1]) for row in rows] == [(1, 3), (2, 1), (4, 1), (5, 1)]


@pytest.mark.parametrize("table", ["SELECT 1 AS k WHERE false", "SELECT 1 AS k", "SELECT NULL::INT AS k"])
def test_a_table_without_duplicates_stays(run, engine, table):
    rows, (report,) = run(table, "- deduplicate: {key: [k]}")
    assert rows == engine.rows(table)
    assert report.rows_merged == 0


AMOUNTS = [10.0, 12.0, 11.0, None, 13.0, 9.0, 12.5, 1000.0, -500.0, 11.5]


def robust_z_fences(numbers, limit=3.5):
    middle = statistics.median(numbers)
    spread = statistics.median(abs(n - middle) for n in numbers) / statistics.NormalDist().inv_cdf(0.75)
    return middle - limit * spread, middle + limit * spread


def iqr_fences(numbers, limit=1.5):
    low, _, high = statistics.quantiles(numbers, n=4, method="inclusive")
    return low - limit * (high - low), high + limit * (high - low)


@pytest.mark.parametrize(("method", "fences"), [("robust_z", robust_z_fences), ("iqr", iqr_fences)])
@pytest.mark.parametrize("treatment", ["flag", "empty", "clip"])
def test_outliers_are_those_that_plain_python_finds(run, method, fences, treatment):
    low, high = fences([n for n in AMOUNTS if n is not None])
    step = f"- outliers: {{columns: [x], method: {method}, treatment: {treatment}}}"
    rows, (report,) = run(values(AMOUNTS, "DOUBLE"), step)
    is_out = [n is not None and not low <= n <= high for n in AMOUNTS]
    assert sum(is_out) == 2
    if treatment == "flag":
        assert [row[1:] for row in rows] == list(zip(AMOUNTS, is_out, strict=True))
    elif treatment == "empty":
        assert [x for _, x in rows] == [None if out else n for n, out in zip(AMOUNTS, is_out, strict=True)]
    else:
        expected = [None if n is None else min(max(n, low), high) for n in AMOUNTS]
        assert [x for _, x in rows] == [n if n is None else pytest.approx(n) for n in expected]
    assert report.totals == {{"flag": "flagged", "empty": "emptied", "clip": "changed"}[treatment]: 2}


@pytest.mark.parametrize("numbers", [[5.0] * 6 + [9.0], [], [3.0], [None, None]])
def test_where_nothing_spreads_nothing_is_judged(run, numbers):
    table = values(numbers, "DOUBLE") if numbers else "SELECT 1 AS i, 1.0::DOUBLE AS x WHERE false"
    rows, (report,) = run(table, "- outliers: {columns: [x], treatment: empty}")
    assert [x for _, x in rows] == numbers
    has_value = any(n is not None for n in numbers)
    assert report.notes == (("x has no spread and was not judged",) if has_value else ())


def test_groups_are_judged_by_themselves_and_an_empty_group_is_one(run):
    table = """
        SELECT g, x FROM (VALUES ('a', 1), ('a', 2), ('a', 3), ('a', 99), ('b', 97), ('b', 98), ('b', 99), (NULL, 5))
        AS t(g, x)
    """
    rows, (report,) = run(table, "- outliers: {columns: [x], by: [g], flag: odd}")
    assert [row for row in rows if row[2]] == [("a", 99, True)]
    assert len(rows) == 8
    assert report.notes == ("x has no spread in 1 group and was not judged there",)


def test_whole_numbers_are_clipped_inside_their_fence_and_what_is_not_finite_is_no_value(run):
    rows, _ = run(
        "SELECT x::BIGINT AS x FROM (VALUES (1), (2), (3), (4), (1000)) AS t(x)",
        "- outliers: {columns: [x], method: iqr, treatment: clip}",
    )
    assert rows == [(1,), (2,), (3,), (4,), (7,)]
    odd = "SELECT x FROM (VALUES (1::DOUBLE), (2), (3), ('NaN'), ('inf'), ('-inf')) AS t(x)"
    rows, _ = run(odd, "- outliers: {columns: [x]}")
    assert [flag for _, flag in rows] == [False, False, False, True, True, True]
    rows, _ = run(odd, "- outliers: {columns: [x], treatment: clip}")
    assert rows[3] == (None,)
    assert all(math.isfinite(x) for (x,) in rows if x is not None)


def test_an_isolation_forest_finds_the_far_row_the_same_on_every_run(run):
    pytest.importorskip("sklearn")
    table = """
        SELECT i AS id, (i % 10) + 0.5 AS x, ((i * 7) % 10) + 0.5 AS y FROM range(200) AS t(i)
        UNION ALL SELECT 1000, 900.0, -900.0 UNION ALL SELECT 1001, NULL, 1.0
    """
    step = "- outliers: {columns: [x, y], method: isolation_forest, contamination: 0.005}"
    rows, (report,) = run(table, step)
    assert [row[0] for row in rows if row[3]] == [1000]
    assert [row[0] for row in rows] == [*range(200), 1000, 1001]
    assert report.notes == ("1 rows lack a value and were not judged",)
    assert run(table, step)[0] == rows


READINGS = """
    SELECT * FROM (VALUES
        (1, 'a', 10.0, 3), (2, 'a', NULL, 1), (3, 'a', 30.0, 2), (4, 'b', NULL, 1), (5, 'b', NULL, 2),
        (6, NULL, 7.0, 1), (7, NULL, NULL, 2), (8, 'a', 30.0, 4), (9, 'a', NULL, 5)
    ) AS t(id, g, x, day)
"""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("method: constant, value: 0", [10, 0, 30, 0, 0, 7, 0, 30, 0]),
        ("method: mean", [10, 19.25, 30, 19.25, 19.25, 7, 19.25, 30, 19.25]),
        ("method: median", [10, 20, 30, 20, 20, 7, 20, 30, 20]),
        ("method: mode", [10, 30, 30, 30, 30, 7, 30, 30, 30]),
        ("method: median, by: [g]", [10, 30, 30, None, None, 7, 7, 30, 30]),
        ("method: mode, by: [g]", [10, 30, 30, None, None, 7, 7, 30, 30]),
        ("method: forward, by: [g], order: [day]", [10, None, 30, None, None, 7, 7, 30, 30]),
    ],
)
def test_empty_cells_are_filled_and_every_one_is_marked(run, options, expected):
    rows, (report,) = run(READINGS, f"- impute: {{columns: [x], {options}}}")
    was_empty = [False, True, False, True, True, False, True, False, True]
    assert [row[0] for row in rows] == list(range(1, 10))
    filled = [None if row[2] is None else float(row[2]) for row in rows]
    if "mean" in options:  # the column is a decimal of one digit behind the mark
        expected = [19.3 if n == 19.25 else n for n in expected]
    assert filled == expected
    assert [row[4] for row in rows] == [e and n is not None for e, n in zip(was_empty, expected, strict=True)]
    assert report.cells == {"x": {"imputed": sum(row[4] for row in rows)}}


def test_marks_can_be_one_list_that_further_steps_continue(run):
    rows, _ = run(
        "SELECT * FROM (VALUES (1, NULL::INT, NULL::TEXT), (2, 5, 'b'), (3, NULL, 'b')) AS t(id, x, y)",
        """
        - impute: {columns: [x], method: constant, value: 0, mark: list}
        - impute: {columns: [y], method: mode, mark: list}
        """,
    )
    assert rows == [(1, 0, "b", ["x", "y"]), (2, 5, "b", []), (3, 0, "b", ["x"])]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("- trim: {columns: [nickname]}", "CLEANSE003"),
        ("- trim: {columns: [id]}", "CLEANSE004"),
        ("- impute: {columns: [name], method: mean}", "CLEANSE004"),
        ("- impute: {columns: [id], method: constant, value: many}", "CLEANSE004"),
        ("- outliers: {columns: [id], flag: name}", "CLEANSE005"),
    ],
)
def test_a_step_that_does_not_fit_its_columns_is_a_problem(run, steps, code):
    with pytest.raises((Problem, Problems)) as caught:
        run("SELECT 1 AS id, 'x' AS name", steps)
    problems = getattr(caught.value, "problems", (caught.value,))
    assert [problem.code for problem in problems] == [code]


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        ("- trimm: {columns: [a]}", "CLEANSE001"),
        ("- {trim: {columns: [a]}, impute: {}}", "CLEANSE001"),
        ("- trim: {}", "MESH002"),
        ("- trim: {columns: [a], squeeze: true}", "MESH001"),
        ("- parse: {columns: [a], type: date}", "CLEANSE002"),
        ("- parse: {columns: [a], type: integer, formats: ['%Y']}", "CLEANSE002"),
        ("- parse: {columns: [a], type: double, decimal_mark: '.', group_mark: '.'}", "CLEANSE002"),
        ("- parse: {columns: [a], type: 'decimal(5,7)'}", "MESH004"),
        ("- parse: {columns: [a], type: boolean, true_words: [j], false_words: [J]}", "CLEANSE002"),
        ("- convert: {columns: [a], to: m}", "CLEANSE002"),
        ("- convert: {columns: [a], from: kg, to: m}", "CLEANSE002"),
        ("- convert: {columns: [a], from: fathom, to: m}", "CLEANSE002"),
        ("- convert: {columns: [a], from: ft, to: m, on_error: empty}", "CLEANSE002"),
        ("- deduplicate: {key: [a], survivor: newest}", "CLEANSE002"),
        ("- deduplicate: {key: [a], by: b}", "CLEANSE002"),
        ("- deduplicate: {key: [a], values: {A: longest}}", "CLEANSE002"),
        ("- outliers: {columns: [a], method: isolation_forest, treatment: clip}", "CLEANSE002"),
        ("- outliers: {columns: [a], contamination: 0.1}", "CLEANSE002"),
        ("- outliers: {columns: [a], treatment: clip, flag: b}", "CLEANSE002"),
        ("- outliers: {columns: [a], threshold: -1}", "MESH003"),
        ("- impute: {columns: [a], method: constant}", "CLEANSE002"),
        ("- impute: {columns: [a], method: mean, value: 1}", "CLEANSE002"),
        ("- impute: {columns: [a], method: forward}", "CLEANSE002"),
    ],
)
def test_options_that_contradict_each_other_are_told_when_the_mesh_is_read(declare, steps, code):
    with pytest.raises(Problem) as caught:
        declare(steps)
    assert caught.value.code == code
    assert caught.value.where.line >= 4


def test_names_of_columns_like_those_that_steps_use_inside_do_no_harm(run):
    table = 'SELECT 1 AS k, 2.0 AS low0, 3.0 AS "weft n", 4.0 AS f, 5.0 AS r, NULL::INT AS fill'
    rows, _ = run(
        table,
        """
        - deduplicate: {key: [k]}
        - outliers: {columns: [low0, r], by: [k, f]}
        - impute: {columns: [fill], method: mode, by: ["weft n", f]}
        - impute: {columns: [fill], method: constant, value: 1, mark: list}
        """,
    )
    assert rows == [(1, 2, 3, 4, 5, 1, False, False, False, ["fill"])]
