"""Library metrics, SQL rules, counts and service levels, with every operator, unit and severity."""

import pytest

from weft.build.check.threshold import Limit
from weft.spec.contract import Operator, Threshold

PLAIN = """
    - {name: n, logicalType: integer, physicalType: INTEGER}
    - {name: word, logicalType: string}
"""
ROWS = "SELECT * FROM (VALUES (1, 'a'), (2, ''), (3, NULL), (4, 'N/A'), (NULL, 'b')) t(n, word)"


def of_column(rule: str) -> str:
    return PLAIN.replace("logicalType: string}", f"logicalType: string, quality: [{{name: rule, {rule}}}]}}")


@pytest.mark.parametrize(
    ("rule", "said", "held"),
    [
        ("metric: nullValues, mustBe: 0", ("failed", 1, 1, False), [3]),
        ("metric: nullValues, mustBeLessThan: 2", ("passed", 1, 1, False), []),
        ("metric: nullValues, mustBeLessThan: 1, unit: percent", ("failed", 20.0, 1, True), []),
        ("metric: nullValues, mustBeLessThan: 1", ("failed", 1, 1, False), [3]),
        ("metric: missingValues, mustBe: 0", ("failed", 2, 2, False), [2, 3]),
        ("metric: missingValues, mustBe: 0, arguments: {missingValues: ['', N/A]}", ("failed", 2, 2, False), [2, 4]),
        ("metric: missingValues, mustBeLessOrEqualTo: 40, unit: percent", ("passed", 40.0, 2, False), []),
        ("metric: invalidValues, mustBe: 0, arguments: {validValues: [a, b, '']}", ("failed", 1, 1, False), [4]),
        ("metric: invalidValues, mustBe: 0, arguments: {pattern: '^[a-z]?$'}", ("failed", 1, 1, False), [4]),
        (
            "metric: invalidValues, mustBeLessThan: 30, unit: percent, arguments: {validValues: [a, b, '']}",
            ("passed", 20.0, 1, False),
            [4],
        ),
        (
            "metric: invalidValues, mustBeLessThan: 20, unit: percent, arguments: {validValues: [a, b, '']}",
            ("failed", 20.0, 1, True),
            [4],
        ),
        (
            "metric: invalidValues, mustBe: 0, severity: warning, arguments: {validValues: [a]}",
            ("warned", 3, 3, False),
            [],
        ),
        (
            "metric: invalidValues, mustBe: 0, arguments: {validValues: [a]},"
            " customProperties: [{property: quarantine, value: false}]",
            ("failed", 3, 3, True),
            [],
        ),
        (
            "metric: nullValues, mustBeLessThan: 90, unit: percent,"
            " customProperties: [{property: quarantine, value: true}]",
            ("passed", 20.0, 1, False),
            [3],
        ),
        ("metric: nullValues, mustBe: 0, arguments: {filter: n < 3}", ("passed", 0, 0, False), []),
        (
            "metric: missingValues, mustBeLessThan: 60, unit: percent, arguments: {filter: n < 3}",
            ("passed", 50.0, 1, False),
            [],
        ),
        ("metric: invalidValues, mustBe: 0", ("not_run", None, None, True), []),
        ("metric: invalidValues, arguments: {validValues: [a]}", ("not_run", None, None, True), []),
        ("metric: sillyValues, mustBe: 0", ("not_run", None, None, True), []),
        ("metric: nullValues, mustBe: 0, arguments: {nulls: 1}", ("not_run", None, None, True), []),
        ("metric: nullValues, mustBe: 0, arguments: {filter: nothing < 3}", ("not_run", None, None, True), []),
    ],
)
def test_a_metric_measures_and_holds_back_as_its_limit_says(check, rule, said, held):
    found = check(ROWS, of_column(rule), tolerance="100%")
    assert (*found.said("rule")[:3], found.finding("rule").refuses) == said
    assert [row[0] for row in found.held] == held


def test_what_is_only_measured_is_measured_on_what_is_published(check):
    promise = PLAIN.replace("physicalType: INTEGER}", "physicalType: INTEGER, required: true}").replace(
        "logicalType: string}",
        "logicalType: string, quality: [{name: some, metric: missingValues, mustBeLessThan: 90, unit: percent}]}",
    )
    rows = "SELECT * FROM (VALUES (1, 'a'), (2, NULL), (NULL, NULL), (NULL, 'b')) t(n, word)"
    assert check(rows, promise).said("some") == ("passed", 50.0, 1, False)


def test_rows_within_the_limit_of_their_own_rule_do_not_count_against_the_tolerance(check):
    rule = "metric: invalidValues, mustBeLessThan: 50, unit: percent, arguments: {validValues: [a, b, '']}"
    found = check(ROWS, of_column(rule), tolerance="0")
    assert (found.audit.refused, found.audit.rows_quarantined) == (False, 1)


@pytest.mark.parametrize(
    ("rule", "status", "measured", "refuses"),
    [
        ("metric: rowCount, mustBe: 5", "passed", 5, False),
        ("metric: rowCount, mustBeGreaterThan: 5", "failed", 5, True),
        ("metric: rowCount, mustBeBetween: [1, 5]", "passed", 5, False),
        ("metric: rowCount, mustBeGreaterThan: 5, severity: warning", "warned", 5, False),
        ("metric: rowCount, mustBeGreaterThan: 5, unit: percent", "not_run", None, True),
        ("type: sql, query: 'SELECT max(n) FROM ${table}', mustBe: 4", "passed", 4, False),
        ("type: sql, query: 'SELECT max(n) FROM {object} -- ;', mustBe: 4", "passed", 4, False),
        ("type: sql, query: 'SELECT max(n) FROM orders', mustBeLessThan: 4", "failed", 4, True),
        ("type: sql, query: 'WITH x AS (FROM ${table}) SELECT avg(n) FROM x', mustBe: 2.5", "passed", 2.5, False),
        ("type: sql, query: 'SELECT count(*) < 10 FROM orders'", "passed", 1, False),
        ("type: sql, query: 'SELECT count(*) > 10 FROM orders'", "failed", 0, True),
        ("type: sql, query: 'SELECT count(*) FROM orders'", "not_run", 5, True),
        ("type: sql, query: 'SELECT n FROM orders', mustBe: 0", "not_run", None, True),
        ("type: sql, query: 'SELECT nothing FROM orders', mustBe: 0", "not_run", None, True),
        ("type: sql, query: 'SELECT max(word) FROM orders', mustBe: 0", "not_run", None, True),
        ("type: sql, query: 'SELECT NULL FROM orders LIMIT 1', mustBe: 0", "not_run", None, True),
        ("type: sql, query: 'SELECT count(*) FROM ${table} WHERE ${column} = 1', mustBe: 0", "not_run", None, True),
        ("type: sql, query: 'SELECT max(word) FROM orders', mustBe: b", "passed", 1, False),
        ("type: sql, query: 'SELECT max(word) FROM orders', mustNotBe: b", "failed", 0, True),
        ("type: sql, query: 'SELECT count(*) > 10 FROM orders', mustBe: false", "passed", 1, False),
        ("type: sql, query: 'SELECT count(*) < 10 FROM orders', mustBe: false", "failed", 0, True),
        ("type: sql, query: 'SELECT count(*) FROM orders', mustBe: b", "not_run", None, True),
        ("type: sql, query: 'SELECT DATE $$2026-01-31$$', mustBe: '2026-01-31'", "passed", 1, False),
        ("type: sql, query: 'SELECT count(*) < 10 FROM orders', mustBeLessThan: many", "not_run", None, True),
        ("type: sql, query: 'SELECT 3', mustBeBetween: [1]", "not_run", None, True),
        ("type: sql, query: 'SELECT 3', mustBe: 3, unit: parcels", "passed", 3, False),
        ("metric: rowCount, mustBe: many", "not_run", None, True),
        ("metric: rowCount, mustBe: 5, unit: parcels", "not_run", None, True),
        ("metric: rowCount, mustBe: 5, unit: row", "passed", 5, False),
        ("type: text, description: Somebody looked at it.", "not_run", None, False),
        ("type: custom, engine: soda, implementation: 'x'", "not_run", None, False),
    ],
)
def test_a_value_of_the_whole_table_is_compared_and_refuses(check, rule, status, measured, refuses):
    found = check(ROWS, PLAIN, quality=f"- {{name: rule, {rule}}}")
    finding = found.finding("rule")
    assert (finding.status, finding.measured, finding.refuses) == (status, measured, refuses)
    assert found.audit.refused == refuses


def test_a_rule_of_a_column_is_told_its_name(check):
    rule = "type: sql, query: 'SELECT count(*) FROM ${object} WHERE {property} = $$b$$', mustBe: 1"
    assert check(ROWS, of_column(rule)).said("rule") == ("passed", 1, None, False)


def test_sql_and_counts_see_the_published_rows_only_and_those_that_stay_beside_them(check):
    promise = PLAIN.replace("INTEGER}", "INTEGER, required: true}")
    quality = """
        - {name: count, metric: rowCount, mustBe: 6}
        - {name: sum, type: sql, query: "SELECT sum(n) FROM ${table}", mustBe: 110}
    """
    found = check(ROWS, promise, quality=quality, published="SELECT * FROM (VALUES (50, 'x'), (50, 'y')) t(n, word)")
    assert (found.said("count"), found.said("sum")) == (("passed", 6, None, False), ("passed", 110, None, False))


def test_a_share_of_no_rows_is_not_applicable_and_stops_nothing(check):
    quality = '- {name: share, type: sql, query: "SELECT 100.0 * count(n) / count(*) FROM ${table}", mustBe: 100}'
    found = check("SELECT 1 AS n, 'a' AS word WHERE false", PLAIN, quality=quality)
    assert found.said("share") == ("not_applicable", None, None, False)


DATED = "- {name: at, logicalType: timestamp}\n- {name: word, logicalType: string}"
NEWEST = (
    "SELECT * FROM (VALUES (TIMESTAMP '2026-02-27 12:00:00', NULL), (TIMESTAMP '2026-02-28 12:00:00', 'a'))"
    ' t("at", word)'
)


@pytest.mark.parametrize(
    ("level", "rule", "status", "measured", "refuses"),
    [
        ("property: freshness, value: 1, unit: d, element: orders.at", "at.freshness", "passed", 86400.0, False),
        ("property: latency, value: 23, unit: hours, element: at", "at.latency", "failed", 86400.0, True),
        (
            "property: ly, value: 1, unit: h, element: at, customProperties: [{property: severity, value: warning}]",
            "at.ly",
            "warned",
            86400.0,
            False,
        ),
        ("property: freshness, value: 1, unit: moons, element: at", "at.freshness", "not_run", None, True),
        ("property: freshness, value: 1, unit: d, element: word", "word.freshness", "not_run", None, True),
        ("property: freshness, value: 1, unit: d", "freshness", "not_run", None, False),
        ("property: completeness, value: 50, unit: percent, element: word", "word.completeness", "passed", 50.0, False),
        ("property: completeness, value: 50.1%, element: word", "word.completeness", "failed", 50.0, True),
        ("property: completeness, value: 0.6, element: word", "word.completeness", "failed", 50.0, True),
    ],
)
def test_service_levels_of_rows_are_measured(check, level, rule, status, measured, refuses):
    found = check(NEWEST, DATED, more=f"slaProperties: [{{{level}}}]")
    finding = found.finding(rule)
    assert (finding.status, finding.measured, finding.refuses) == (status, measured, refuses)


def test_nothing_is_fresh_where_there_is_nothing(check):
    level = "slaProperties: [{property: freshness, value: 1, unit: d, element: at}]"
    found = check(f"{NEWEST} WHERE false", DATED, more=level)
    assert found.audit.refused
    assert found.finding("at.freshness").message == "No row has a value in the column that shows the age."


@pytest.mark.parametrize(
    ("operator", "bounds", "allowed", "refused"),
    [
        (Operator.MUST_BE, (5,), [5, 5.0000000001], [4, 6]),
        (Operator.MUST_NOT_BE, (5,), [4], [5]),
        (Operator.MUST_BE_GREATER_THAN, (5,), [5.1], [5]),
        (Operator.MUST_BE_GREATER_OR_EQUAL_TO, (5,), [5], [4.9]),
        (Operator.MUST_BE_LESS_THAN, (5,), [4.9], [5]),
        (Operator.MUST_BE_LESS_OR_EQUAL_TO, (5,), [5], [5.1]),
        (Operator.MUST_BE_BETWEEN, (1, 5), [1, 5], [0, 6]),
        (Operator.MUST_NOT_BE_BETWEEN, (1, 5), [0, 6], [1, 3, 5]),
    ],
)
def test_every_operator_compares_as_the_standard_says(operator, bounds, allowed, refused):
    limit = Limit((Threshold(operator, bounds),))
    assert [limit.allows(value) for value in (*allowed, *refused)] == [True] * len(allowed) + [False] * len(refused)


def test_two_rules_of_one_name_are_told_apart(check):
    found = check(
        ROWS,
        of_column("metric: rowCount, mustBe: 5").replace("name: rule, ", ""),
        quality="- {name: word.type, metric: rowCount, mustBe: 5}",
    )
    names = [finding.rule for finding in found.audit.findings]
    assert len(names) == len(set(names))
    assert {"word.type", "word.type 2"} <= set(names)
