"""Lines of SodaCL and blocks of Soda's contracts mean here what they mean there."""

import textwrap

import pytest

COLUMNS = """
    - {name: id, logicalType: integer, physicalType: INTEGER}
    - {name: name, logicalType: string}
    - {name: amount, logicalType: number, physicalType: DOUBLE}
    - {name: seen_at, logicalType: timestamp, physicalType: TIMESTAMP}
"""
ROWS = """
    SELECT * FROM (VALUES
        (1, 'ab', 1.0, TIMESTAMP '2026-03-01 00:00:00'),
        (2, 'abc', 5.0, TIMESTAMP '2026-02-27 12:00:00'),
        (3, NULL, NULL, NULL),
        (3, 'n/a', 9.0, NULL)
    ) AS t(id, name, amount, seen_at)
"""


def _rule(text: str) -> str:
    body = textwrap.indent(textwrap.dedent(text).strip(), "    ")
    return f"- type: custom\n  name: rule\n  engine: soda\n  implementation: |\n{body}"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("- missing_count(name) = 0", 1),
        ("- missing_count(name) = 0:\n    missing values: [n/a]", 2),
        ("missing_count(name) = 0:\n  missing regex: ^n/", 2),
        ("- invalid_count(name) = 0:\n    valid values: [ab, abc]", 1),
        ("- invalid_count(name) = 0:\n    valid values: [ab, abc]\n    missing values: [n/a]", 0),
        ("- invalid_count(name) = 0:\n    valid regex: ^a", 1),
        ("- invalid_count(name) = 0:\n    invalid values: [n/a]", 1),
        ("- invalid_count(name) = 0:\n    valid min length: 3", 1),
        ("- invalid_count(name) = 0:\n    valid max length: 2", 2),
        ("- invalid_count(name) = 0:\n    valid format: email", 3),
        ("- invalid_count(amount) = 0:\n    valid min: 2\n    valid max: 6", 2),
        ("- invalid_count(amount) = 0:\n    valid max: 6\n    filter: id < 3", 0),
        ("- invalid_percent(name) < 50%:\n    valid values: [ab, abc]", 1),
        ("- duplicate_count(id) = 0", 2),
        ("- duplicate_count(id, name) = 0", 0),
        ("- failed rows:\n    fail condition: amount > 4 and id <> 2", 1),
        ("checks for orders:\n  - missing_count(name) = 0", 1),
        ("type: missing_count\ncolumn: name\nmust_be: 0", 1),
        ("type: no_duplicate_values\ncolumn: id", 2),
        ("type: invalid_count\ncolumn: name\nvalid_values: [ab, abc]\nmust_be_less_than: 2", 1),
    ],
)
def test_a_check_of_rows_holds_the_broken_ones_back(check, text, broken):
    checked = check(ROWS, COLUMNS, quality=_rule(text))
    assert (checked.finding("rule").kind, len(checked.held), len(checked.published)) == ("custom", broken, 4 - broken)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("row_count > 0", ("passed", 4)),
        ("row_count between 5 and 9", ("failed", 4)),
        ("row_count not between 5 and 9", ("passed", 4)),
        ("- row_count = 2:\n    filter: amount > 2", ("passed", 2)),
        ("missing_count(name) < 1:\n  name: nothing is missing", ("failed", 1)),
        ("missing_percent(name) < 30%", ("passed", 25)),
        ("duplicate_count(id) < 3", ("passed", 1)),
        ("type: duplicate_percent\ncolumns: [id]\nmust_be_less_than: 10.0", ("failed", 25)),
        ("avg(amount) between 4 and 6", ("passed", 5)),
        ("min(amount) > 1", ("failed", 1)),
        ("max_length(name) <= 3", ("passed", 3)),
        ("stddev(amount) = 4", ("passed", 4)),
        ("freshness(seen_at) < 1d", ("passed", 43200)),
        ("freshness(seen_at) < 11h30m", ("failed", 43200)),
        ("type: freshness_in_hours\ncolumn: seen_at\nmust_be_less_than: 13", ("passed", 43200)),
        ("- failed rows:\n    fail query: SELECT * FROM orders WHERE amount > 4", ("failed", 2)),
        ("- spread < 9:\n    spread expression: max(amount) - min(amount)", ("passed", 8)),
        ("- big = 2:\n    big query: SELECT count(*) FROM orders WHERE amount > 4", ("passed", 2)),
        ("- row_count:\n    fail: when < 5", ("failed", 4)),
        ("- row_count:\n    warn: when < 5", ("warned", 4)),
        ("- freshness(seen_at):\n    fail: when > 1d", ("passed", 43200)),
    ],
)
def test_a_check_measures_one_value(check, text, expected):
    found = check(ROWS, COLUMNS, quality=_rule(text)).finding("rule")
    assert (found.status, found.measured) == expected


def test_a_check_that_warns_before_it_fails_gives_two_findings(check):
    rule = _rule("- row_count:\n    warn: when < 10\n    fail: when < 3")
    found = check(ROWS, COLUMNS, quality=rule).audit.findings
    assert {(f.rule, f.status, f.threshold) for f in found if f.kind == "custom"} == {
        ("rule: error", "passed", "must be at least 3"),
        ("rule: warning", "warned", "must be at least 10"),
    }


def test_a_reference_looks_up_rows_of_another_table(check):
    rule = _rule("values in (id) must exist in customers (customer_id)")
    known = {"customers": "SELECT unnest([1, 2]) AS customer_id"}
    checked = check(ROWS, COLUMNS, quality=rule, references=known)
    assert (checked.finding("rule").status, len(checked.held)) == ("failed", 2)
    unknown = check(ROWS, COLUMNS, quality=rule).finding("rule")
    assert (unknown.status, unknown.refuses, unknown.message) == ("not_run", False, '"customers" is not known here.')


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- schema:\n    fail: {when required column missing: [id]}", "Checks of the schema are not run"),
        ("anomaly detection for row_count", "Detection of anomalies"),
        ("change for row_count > 5", "A change over time"),
        ("checks for customers:\n  - row_count > 0", '"checks for customers", which is not the table'),
        ("row_count", "no threshold"),
        ("cardinality(id) > 3", "The metric cardinality of Soda"),
        ("- invalid_count(name) = 0:\n    valid format: phone number", 'The format "phone number"'),
        ("- invalid_count(name) = 0", "which values are valid"),
        ("- missing_count(name) = 0:\n    group by: id", "Its setting group by"),
        ("- missing_count(name) = 0:\n    filter: id in (select 1)", "reads more than its own row"),
        ("- row_count > ${least}", "Its threshold"),
        ("- row_count > 3:\n    filter: day = '${day}'", "holds a template"),
        ("missing_count(nobody) = 0", '"nobody" is no column'),
        ("freshness(name) < 1d", "has no age"),
    ],
)
def test_what_is_not_computed_says_so_and_refuses_nothing(check, text, reason):
    checked = check(ROWS, COLUMNS, quality=_rule(text))
    (found,) = (finding for finding in checked.audit.findings if finding.kind == "custom")
    assert (found.status, found.refuses, len(checked.published)) == ("not_run", False, 4)
    assert (
        reason in found.message or reason.replace('"checks for customers"', 'checks for "customers"') in found.message
    )


def test_lines_that_are_not_computed_take_no_other_with_them(check):
    rule = _rule("- row_count > 0\n- distribution(name) > 0.05\n- missing_count(id) = 0")
    found = check(ROWS, COLUMNS, quality=rule).audit.findings
    assert {f.rule: f.status for f in found if f.kind == "custom"} == {
        "rule: row_count > 0": "passed",
        "rule: distribution(name) > 0.05": "not_run",
        "rule: missing_count(id) = 0": "passed",
    }
