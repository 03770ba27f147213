"""Generic data tests of dbt mean here what they mean there."""

import textwrap

import pytest

COLUMNS = """
    - {name: id, logicalType: integer, physicalType: INTEGER}
    - {name: name, logicalType: string}
    - {name: amount, logicalType: number, physicalType: DOUBLE}
"""
ROWS = "SELECT * FROM (VALUES (1, 'ab', 1.0), (2, 'abc', 5.0), (3, NULL, NULL), (3, '', 9.0)) AS t(id, name, amount)"


def _rule(text: str) -> str:
    body = textwrap.indent(textwrap.dedent(text).strip(), "    ")
    return f"- type: custom\n  name: rule\n  engine: dbt\n  implementation: |\n{body}"


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("not_null: {column_name: name}", 1),
        ("test: not_null\ncolumn_name: name", 1),
        ("unique: {column_name: id}", 2),
        ("accepted_values: {column_name: name, values: [ab, abc]}", 1),
        ("accepted_values:\n  arguments: {column_name: name, values: [ab, abc, '']}", 0),
        ("dbt_utils.not_accepted_values: {column_name: name, values: [ab]}", 1),
        ("dbt_utils.accepted_range: {column_name: amount, min_value: 5}", 1),
        ("dbt_utils.accepted_range: {column_name: amount, min_value: 5, inclusive: false}", 2),
        ("dbt_utils.expression_is_true: {expression: amount > id}", 1),
        ("dbt_utils.expression_is_true: {column_name: amount, expression: '> 1'}", 1),
        ("dbt_utils.unique_combination_of_columns: {combination_of_columns: [id, name]}", 0),
        ("dbt_utils.not_empty_string: {column_name: name}", 1),
        ("not_null: {column_name: name, config: {where: id < 3}}", 0),
    ],
)
def test_a_test_of_rows_holds_the_broken_ones_back(check, text, broken):
    checked = check(ROWS, COLUMNS, quality=_rule(text))
    assert (checked.finding("rule").kind, len(checked.held), len(checked.published)) == ("custom", broken, 4 - broken)


def test_a_combination_takes_missing_values_for_equal_as_sql_groups_them(check):
    rule = _rule("dbt_utils.unique_combination_of_columns: {combination_of_columns: [id, name]}")
    rows = "SELECT * FROM (VALUES (1, NULL, 1.0), (1, NULL, 2.0), (2, 'a', 1.0)) AS t(id, name, amount)"
    assert len(check(rows, COLUMNS, quality=rule).held) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not_null: {column_name: name, config: {severity: warn}}", ("warned", 1)),
        ("not_null: {column_name: name, config: {error_if: '> 1'}}", ("passed", 1)),
        ("unique: {column_name: id, config: {error_if: '>1'}}", ("passed", 1)),
        ("dbt_utils.not_null_proportion: {column_name: amount, at_least: 0.8}", ("failed", 0.75)),
        ("dbt_utils.not_constant: {column_name: amount}", ("passed", 1)),
        ("dbt_utils.at_least_one: {column_name: amount}", ("passed", 1)),
    ],
)
def test_severity_and_limits_are_those_of_the_configuration(check, text, expected):
    found = check(ROWS, COLUMNS, quality=_rule(text)).finding("rule")
    assert (found.status, found.measured) == expected


def test_a_test_that_warns_before_it_fails_gives_two_findings(check):
    rule = _rule("not_null: {column_name: name, config: {warn_if: '>0', error_if: '>10'}}")
    found = check(ROWS, COLUMNS, quality=rule).audit.findings
    assert {(f.rule, f.status, f.threshold) for f in found if f.kind == "custom"} == {
        ("rule", "passed", "must be at most 10"),
        ("rule: warning", "warned", "must be at most 0"),
    }


def test_a_relationship_looks_up_rows_of_another_table(check):
    rule = _rule("relationships: {column_name: id, to: ref('customers'), field: customer_id}")
    known = {"customers": "SELECT unnest([1, 2]) AS customer_id"}
    checked = check(ROWS, COLUMNS, quality=rule, references=known)
    assert (checked.finding("rule").status, len(checked.held)) == ("failed", 2)


def test_several_tests_stand_below_data_tests(check):
    rule = _rule("data_tests: [unique, not_null]").replace("name: rule", "name: rule")
    column = "- name: id\n  logicalType: integer\n  physicalType: INTEGER\n  quality:\n"
    column += textwrap.indent(rule, "    ")
    found = check("SELECT unnest([1, 1, NULL]) AS id", column).audit.findings
    assert {f.rule: f.broken_rows for f in found if f.kind == "custom"} == {"rule: unique": 1, "rule: not_null": 1}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("our_macro: {column_name: id}", "our_macro is a macro of dbt"),
        ("not_null: {column_name: nobody}", '"nobody" is no column'),
        ("not_null", "names no column"),
        ("dbt_utils.expression_is_true: {expression: \"amount > {{ var('low') }}\"}", "holds a template"),
        ("not_null: {column_name: id, config: {fail_calc: sum(n)}}", "Its setting fail_calc"),
        ("not_null: {column_name: id, config: {enabled: false}}", "switched off"),
        ("relationships: {column_name: id, to: customers, field: id}", "does not say by"),
        ("accepted_values: {column_name: id, values: [a]}", "none of type INTEGER"),
        ("dbt_utils.accepted_range: {column_name: id, min_value: 1, group_by: [a]}", "Its argument group_by"),
    ],
)
def test_what_is_not_computed_says_so_and_refuses_nothing(check, text, reason):
    checked = check(ROWS, COLUMNS, quality=_rule(text))
    found = checked.finding("rule")
    assert (found.status, found.refuses, len(checked.published)) == ("not_run", False, 4)
    assert reason in found.message
