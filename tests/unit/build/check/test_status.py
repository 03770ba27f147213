"""Not run, not applicable and passed are three things: what was not computed cannot be said to have passed."""

import pytest

from weft.base.problem import Place
from weft.build.check.finding import Finding, counted_by_status

COLUMNS = """
    - {name: n, logicalType: integer, unique: true}
    - {name: word, logicalType: string}
"""
NO_ROWS = "SELECT 1::BIGINT AS n, 'a' AS word WHERE false"
NO_VALUES = "SELECT NULL::BIGINT AS n, NULL::VARCHAR AS word"
ONE = "SELECT 1::BIGINT AS n, 'a' AS word"


@pytest.mark.parametrize(
    ("status", "measured", "message", "refuses", "what"),
    [
        ("passed", None, None, False, "nothing was measured"),
        ("failed", None, None, True, "nothing was measured"),
        ("warned", None, None, False, "nothing was measured"),
        ("not_run", None, None, False, "nothing says why"),
        ("not_applicable", None, None, False, "nothing says why"),
        ("not_applicable", None, "No rows.", True, "stops the publication"),
        ("passed", 0, None, True, "stops the publication"),
    ],
)
def test_no_finding_claims_what_was_not_computed(status, measured, message, refuses, what):
    with pytest.raises(ValueError, match=what):
        Finding("r", "k", "error", status, Place("c.yaml"), measured=measured, message=message, refuses=refuses)


def test_findings_are_counted_by_their_status():
    place = Place("c.yaml")
    found = (
        Finding("a", "k", "error", "not_applicable", place, message="No rows."),
        Finding("b", "k", "error", "passed", place, measured=0),
        Finding("c", "k", "error", "passed", place, measured=0),
    )
    assert counted_by_status(found) == {"passed": 2, "not_applicable": 1}


@pytest.mark.parametrize(
    ("rows", "rule", "status"),
    [
        (NO_ROWS, "metric: nullValues, mustBe: 0", "passed"),  # a count of no rows is zero
        (NO_ROWS, "metric: nullValues, mustBe: 0, unit: percent", "not_applicable"),
        (NO_ROWS, "metric: missingValues, mustBeGreaterThan: 50, unit: percent", "not_applicable"),
        (NO_ROWS, "metric: invalidValues, mustBe: 0, unit: percent, arguments: {pattern: a}", "not_applicable"),
        (NO_ROWS, "metric: duplicateValues, mustBe: 0, unit: percent", "not_applicable"),
        (NO_ROWS, "metric: duplicateValues, mustBe: 0", "not_applicable"),
        (NO_ROWS, "metric: rowCount, mustBe: 0", "passed"),
        (NO_ROWS, "type: sql, query: 'SELECT avg(n) FROM ${table}', mustBe: 1", "not_applicable"),
        (NO_VALUES, "metric: duplicateValues, mustBe: 0", "not_applicable"),
        (NO_VALUES, "type: sql, query: 'SELECT avg(n) FROM ${table}', mustBe: 1", "not_run"),
        (ONE, "metric: nullValues, mustBe: 0, unit: percent", "passed"),
        (ONE, "metric: nullValues, mustBe: 0, unit: percent, arguments: {filter: n > 1}", "not_applicable"),
        (ONE, "metric: duplicateValues, mustBe: 0", "passed"),
        (ONE, "metric: duplicateValues, mustBe: 0, arguments: {filter: n > 1}", "not_applicable"),
    ],
)
def test_where_nothing_could_be_compared_a_rule_is_not_applicable(check, rows, rule, status):
    promise = COLUMNS.replace("logicalType: string}", f"logicalType: string, quality: [{{name: rule, {rule}}}]}}")
    found = check(rows, promise)
    assert found.finding("rule").status == status
    assert found.audit.refused == (status == "not_run")


@pytest.mark.parametrize(
    ("rows", "reference", "status"),
    [
        (NO_ROWS, "SELECT 1 AS id", "not_applicable"),
        (NO_VALUES, "SELECT 1 AS id", "not_applicable"),
        (ONE, "SELECT 1 AS id", "passed"),
        (ONE, "SELECT 2 AS id", "failed"),
        (ONE, None, "not_run"),
        (NO_ROWS, None, "not_run"),
    ],
)
def test_a_reference_without_a_value_refers_to_nothing(check, rows, reference, status):
    promise = COLUMNS.replace("unique: true", "relationships: [{to: things.id}]")
    assert check(rows, promise, references={"things": reference}).finding("n.relationship").status == status


def test_a_key_is_passed_where_one_row_has_it_and_not_where_none_has(check):
    assert check(ONE, COLUMNS).said("n.unique") == ("passed", 0, 0, False)
    assert check(NO_VALUES, COLUMNS).finding("n.unique").status == "not_applicable"
    assert check(NO_VALUES, COLUMNS, published=ONE).said("n.unique") == ("passed", 0, 0, False)


@pytest.mark.parametrize(
    ("promised", "status"), [("", "not_applicable"), (", quality: [{metric: rowCount, mustBe: 1}]", "not_run")]
)
def test_a_measure_is_no_column_of_the_rows(check, promised, status):
    measure = f"    - {{name: revenue, semanticType: measure, logicalType: number, transformLogic: SUM(n){promised}}}\n"
    found = check(ONE, COLUMNS + measure)
    assert (found.finding("columns").status, found.finding("revenue.measure").status) == ("passed", status)
    assert not found.audit.refused
