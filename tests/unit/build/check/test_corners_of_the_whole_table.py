"""What only some tables show: no file to write, rows held beside a filter, and published rows that change an answer."""

import pytest

COLUMNS = """
    - {name: n, logicalType: integer, physicalType: INTEGER}
    - {name: word, logicalType: string}
"""


def table(*rows: str) -> str:
    return f"SELECT n::INTEGER AS n, word::VARCHAR AS word FROM (VALUES {', '.join(rows)}) t(n, word)"


def with_rule(rule: str) -> str:
    return COLUMNS.replace("logicalType: string}", f"logicalType: string, quality: [{{name: rule, {rule}}}]}}")


def test_rows_that_share_a_key_are_all_counted_where_nothing_is_written(check):
    promise = COLUMNS.replace("INTEGER}", "INTEGER, unique: true}")
    found = check(table("(1, 'a')", "(1, 'b')", "(2, 'c')"), promise, write=False)
    assert (found.finding("n.unique").held_rows, found.audit.rows_quarantined, found.audit.rows_published) == (2, 2, 1)


def test_a_warned_reference_to_the_same_table_holds_no_row_back(check):
    custom = "customProperties: [{property: severity, value: warning}]"
    promise = COLUMNS.replace("INTEGER}", f"INTEGER, relationships: [{{to: orders.word, {custom}}}]}}")
    found = check("SELECT 7::INTEGER AS n, '8' AS word", promise)
    assert found.said("n.relationship") == ("warned", 1, 1, False)
    assert (found.published, found.held) == ([(7, "8")], [])


def test_repeats_among_published_rows_count_against_a_limit_that_new_rows_keep(check):
    promise = with_rule("metric: duplicateValues, mustBeLessThan: 2")
    found = check(table("(5, 'e')"), promise, published=table("(1, 'a')", "(2, 'a')", "(3, 'a')"))
    assert found.said("rule") == ("failed", 2, 0, True)


def test_a_share_of_rows_that_are_all_held_is_a_share_of_nothing(check):
    rule = "metric: nullValues, mustBeLessThan: 50, unit: percent, arguments: {filter: n < 3}"
    promise = with_rule(rule).replace("INTEGER}", "INTEGER, logicalTypeOptions: {minimum: 3}}")
    found = check(table("(1, 'a')", "(5, 'b')"), promise)
    assert (found.published, found.said("rule")[0]) == ([(5, "b")], "not_applicable")


@pytest.mark.parametrize(
    ("published", "status", "refuses"), [("(1, NULL)", "not_run", True), (None, "not_applicable", False)]
)
def test_a_query_without_a_value_is_excused_only_where_no_row_is_published(check, published, status, refuses):
    promise = with_rule("type: sql, query: 'SELECT min(length(word)) FROM ${table}', mustBeGreaterThan: 0")
    there = table(published) if published else f"{table('(1, NULL)')} WHERE false"
    found = check(f"{table('(1, NULL)')} WHERE false", promise, published=there)
    assert (found.said("rule")[0], found.finding("rule").refuses) == (status, refuses)


def test_a_rule_that_fails_on_published_rows_only_is_not_run(check):
    promise = with_rule("metric: nullValues, mustBe: 0, arguments: {filter: word::INTEGER > 3}")
    found = check(table("(5, '5')"), promise, published=table("(1, 'x')"))
    assert found.said("rule") == ("not_run", None, None, True)


@pytest.mark.parametrize("value", ["inf", "-inf", "nan"])
def test_a_query_that_gives_no_finite_number_is_not_run(check, value):
    promise = with_rule(f"type: sql, query: \"SELECT '{value}'::DOUBLE\", mustNotBe: 0")
    assert check(table("(1, 'a')"), promise).said("rule") == ("not_run", None, None, True)
