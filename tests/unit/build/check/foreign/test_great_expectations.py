"""Expectations mean here what they mean there."""

import pytest

COLUMNS = """
    - {name: id, logicalType: integer, physicalType: INTEGER}
    - {name: name, logicalType: string}
    - {name: amount, logicalType: number, physicalType: DOUBLE}
    - {name: day, logicalType: date}
"""
ROWS = """
    SELECT * FROM (VALUES
        (1, 'ab', 1.0, DATE '2026-01-01'),
        (2, 'abc', 5.0, DATE '2026-01-02'),
        (3, NULL, NULL, DATE '2026-01-03'),
        (3, 'x1', 9.0, NULL)
    ) AS t(id, name, amount, day)
"""


def _rule(*lines: str) -> str:
    body = "\n".join(f"    {line}" for line in lines)
    return f"- type: custom\n  name: rule\n  engine: great-expectations\n  implementation: |\n{body}"


def _one(kind: str, **arguments: object) -> str:
    return _rule(f"type: {kind}", "kwargs:", *(f"  {name}: {value}" for name, value in arguments.items()))


@pytest.mark.parametrize(
    ("kind", "arguments", "broken"),
    [
        ("expect_column_values_to_not_be_null", {"column": "name"}, 1),
        ("expect_column_values_to_be_null", {"column": "name"}, 3),
        ("expect_column_values_to_be_in_set", {"column": "name", "value_set": "[ab, abc]"}, 1),
        ("expect_column_values_to_not_be_in_set", {"column": "name", "value_set": "[ab, abc]"}, 2),
        ("expect_column_values_to_be_between", {"column": "amount", "min_value": 1, "max_value": 9}, 0),
        ("expect_column_values_to_be_between", {"column": "amount", "minValue": 1, "strictMin": "true"}, 1),
        ("expect_column_values_to_be_between", {"column": "day", "max_value": "2026-01-02"}, 1),
        ("expect_column_value_lengths_to_be_between", {"column": "name", "min_value": 3}, 2),
        ("expect_column_value_lengths_to_equal", {"column": "name", "value": 2}, 1),
        ("expect_column_values_to_match_regex", {"column": "name", "regex": "'^a'"}, 1),
        ("expect_column_values_to_not_match_regex", {"column": "name", "regex": "'[0-9]'"}, 1),
        ("expect_column_values_to_match_regex_list", {"column": "name", "regex_list": "['1', 'c']"}, 1),
        ("expect_column_values_to_not_match_regex_list", {"column": "name", "regex_list": "['1', 'c']"}, 2),
        ("expect_column_values_to_match_like_pattern", {"column": "name", "like_pattern": "'a%'"}, 1),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_a": "amount", "column_b": "id"}, 2),
        (
            "expect_column_pair_values_a_to_be_greater_than_b",
            {"column_a": "amount", "column_b": "id", "or_equal": "true", "ignore_row_if": "either_value_is_missing"},
            0,
        ),
        ("expect_column_pair_values_to_be_equal", {"column_a": "amount", "column_b": "id"}, 3),
        (
            "expect_column_values_to_not_be_null",
            {"column": "name", "row_condition": "'id > 2 and amount > 3'", "condition_parser": "pandas"},
            0,
        ),
        (
            "expect_column_values_to_not_be_null",
            {"column": "name", "row_condition": "'col(\"amount\").isNull()'", "condition_parser": "great_expectations"},
            1,
        ),
    ],
)
def test_an_expectation_about_rows_holds_the_broken_ones_back(check, kind, arguments, broken):
    checked = check(ROWS, COLUMNS, quality=_one(kind, **arguments))
    found = checked.finding("rule")
    assert (found.kind, found.status, found.broken_rows) == ("custom", "failed" if broken else "passed", broken)
    assert (len(checked.published), len(checked.held)) == (4 - broken, broken)


def test_most_is_a_share_of_the_rows_with_a_value(check):
    rule = _one("expect_column_values_to_be_in_set", column="name", value_set="[ab, abc]", mostly=0.6)
    found = check(ROWS, COLUMNS, quality=rule).finding("rule")
    assert (found.status, found.unit, round(found.measured, 3), found.threshold) == (
        "passed",
        "percent",
        33.333,
        "must be at most 40 percent",
    )


@pytest.mark.parametrize(
    ("kind", "arguments", "expected"),
    [
        ("expect_table_row_count_to_be_between", {"minValue": 4, "maxValue": 9}, ("passed", 4)),
        ("expect_table_row_count_to_equal", {"value": 5}, ("failed", 4)),
        ("expect_column_min_to_be_between", {"column": "amount", "min_value": 1, "strict_min": "true"}, ("failed", 1)),
        ("expect_column_max_to_be_between", {"column": "amount", "max_value": 9}, ("passed", 9)),
        ("expect_column_max_to_be_between", {"column": "day", "max_value": "2026-01-02"}, ("failed", 0)),
        ("expect_column_mean_to_be_between", {"column": "amount", "min_value": 5, "max_value": 5}, ("passed", 5)),
        ("expect_column_sum_to_be_between", {"column": "amount", "max_value": 14}, ("failed", 15)),
        ("expect_column_stdev_to_be_between", {"column": "amount", "min_value": 4, "max_value": 4}, ("passed", 4)),
        ("expect_column_median_to_be_between", {"column": "amount", "min_value": 5}, ("passed", 5)),
        ("expect_column_unique_value_count_to_be_between", {"column": "id", "min_value": 4}, ("failed", 3)),
        (
            "expect_column_proportion_of_non_null_values_to_be_between",
            {"column": "day", "min_value": 0.75},
            ("passed", 0.75),
        ),
        ("expect_column_distinct_values_to_be_in_set", {"column": "id", "value_set": "[1, 2, 3, 4]"}, ("passed", 1)),
        ("expect_column_distinct_values_to_equal_set", {"column": "id", "value_set": "[1, 2, 3, 4]"}, ("failed", 0)),
        ("expect_column_distinct_values_to_contain_set", {"column": "name", "value_set": "[ab]"}, ("passed", 1)),
        ("expect_column_to_exist", {"column": "name"}, ("passed", 1)),
        ("expect_column_to_exist", {"column": "names"}, ("failed", 0)),
        ("expect_table_column_count_to_equal", {"value": 4}, ("passed", 4)),
        ("expect_table_columns_to_match_set", {"column_set": "[id, name]", "exact_match": "false"}, ("passed", 1)),
        ("expect_table_columns_to_match_set", {"column_set": "[id, name]"}, ("failed", 0)),
    ],
)
def test_an_expectation_about_the_table_measures_one_value(check, kind, arguments, expected):
    found = check(ROWS, COLUMNS, quality=_one(kind, **arguments)).finding("rule")
    assert (found.status, found.measured) == expected


@pytest.mark.parametrize(
    ("ignore", "rows", "repeats"),
    [
        ("any_value_is_missing", "(1, 'a'), (1, 'a'), (2, NULL), (2, NULL)", 1),
        ("all_values_are_missing", "(1, 'a'), (2, NULL), (2, NULL), (NULL, NULL), (NULL, NULL)", 1),
        ("never", "(1, 'a'), (NULL, NULL), (NULL, NULL), (NULL, NULL)", 2),
    ],
)
def test_a_compound_key_treats_missing_values_as_it_says(check, ignore, rows, repeats):
    columns = "- {name: id, logicalType: integer, physicalType: INTEGER}\n- {name: name, logicalType: string}"
    rule = _one("expect_compound_columns_to_be_unique", column_list="[id, name]", ignore_row_if=ignore)
    found = check(f"SELECT * FROM (VALUES {rows}) AS t(id, name)", columns, quality=rule).finding("rule")
    assert found.broken_rows == repeats


def test_a_suite_gives_a_finding_for_each_expectation(check):
    suite = _rule(
        "expectations:",
        "  - type: expect_column_values_to_be_unique",
        "    kwargs: {column: id}",
        "  - type: expect_column_values_to_not_be_null",
        "    kwargs: {column: day}",
        "    severity: warning",
        "    meta: {notes: for people}",
        "  - type: expect_column_kl_divergence_to_be_less_than",
        "    kwargs: {column: id}",
    )
    checked = check(ROWS, COLUMNS, quality=suite)
    told = {f.rule: (f.status, f.severity, f.broken_rows) for f in checked.audit.findings if f.rule.startswith("rule")}
    assert told == {
        "rule: expect_column_values_to_be_unique": ("failed", "error", 2),
        "rule: expect_column_values_to_not_be_null": ("passed", "warning", 0),  # of the rows that are left
        "rule: expect_column_kl_divergence_to_be_less_than": ("not_run", "error", None),
    }


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (_rule("type: expect_column_kl_divergence_to_be_less_than"), "expect_column_kl_divergence_to_be_less_than"),
        (_one("expect_column_values_to_be_in_set", column="nobody", value_set="[a]"), '"nobody" is no column'),
        (_one("expect_column_values_to_be_in_set", column="id", value_set="[a]"), "none of type INTEGER"),
        (_one("expect_column_values_to_match_regex", column="name", regex="'(?=a)'"), "look-around"),
        (_one("expect_column_values_to_be_between", column="id"), "neither min_value nor max_value"),
        (_one("expect_column_values_to_be_between", column="id", max_value="{$PARAMETER: top}"), "max_value is filled"),
        (_one("expect_column_values_to_not_be_null", column="id", allow="true"), "argument allow"),
        (
            _one("expect_column_values_to_not_be_null", column="id", row_condition="'__import__(\"os\")'"),
            "Its condition on rows",
        ),
        (_rule("[unclosed"), "neither YAML nor JSON"),
    ],
)
def test_what_is_not_computed_says_so_and_refuses_nothing(check, rule, reason):
    checked = check(ROWS, COLUMNS, quality=rule)
    found = checked.finding("rule")
    assert (found.status, found.refuses, reason in found.message) == ("not_run", False, True), found.message
    assert len(checked.published) == 4
