"""New rows beside published ones: what new rows alone do not decide is measured on the whole."""

import pytest

COLUMNS = """
    - {name: n, logicalType: integer, physicalType: INTEGER}
    - {name: word, logicalType: string}
"""
WARNS = ", severity: warning"


def table(*rows: tuple[int | None, str | None]) -> str:
    values = ", ".join(f"({n or 'NULL'}::INTEGER, {repr(word) if word else 'NULL'}::VARCHAR)" for n, word in rows)
    return f"SELECT * FROM (VALUES {values}) t(n, word)"


# Each of these would be said to be kept, or to be broken, if only the new rows were looked at.
@pytest.mark.parametrize(
    ("rule", "new", "published", "status", "measured"),
    [
        # 2 of 4 published rows have no word, 0 of 1 new ones
        ("metric: nullValues, mustBeLessThan: 40, unit: percent", [(5, "e")], "aa..", "failed", 40.0),
        ("metric: nullValues, mustBeLessThan: 41, unit: percent", [(5, "e")], "aa..", "passed", 40.0),
        ("metric: nullValues, mustBeLessThan: 50, unit: percent", [(5, None)], "aaaa", "passed", 20.0),
        ("metric: nullValues, mustBeLessThan: 3", [(5, None)], "aa..", "failed", 3),
        ("metric: nullValues, mustBe: 0" + WARNS, [(5, "e")], "aa..", "warned", 2),
        ("metric: missingValues, mustBeLessThan: 3", [(5, None)], "aa..", "failed", 3),
        ("metric: missingValues, mustBeLessOrEqualTo: 40, unit: percent", [(5, "e")], "aa..", "passed", 40.0),
        (
            "metric: invalidValues, mustBeLessThan: 30, unit: percent, arguments: {validValues: [a]}",
            [(5, "e")],
            "aaaa",
            "passed",
            20.0,
        ),
        ("metric: invalidValues, mustBe: 0, arguments: {validValues: [e]}" + WARNS, [(5, "e")], "aa", "warned", 2),
        (
            "metric: invalidValues, mustBe: 0, arguments: {validValues: [e], filter: n < 9}",
            [(5, "e")],
            "aa",
            "failed",
            2,
        ),
        ("metric: duplicateValues, mustBe: 0", [(5, "a")], "ab", "failed", 1),
        ("metric: duplicateValues, mustBeLessThan: 3" + WARNS, [(5, "a")], "aaa", "warned", 3),
        ("metric: duplicateValues, mustBeLessThan: 50, unit: percent", [(5, "a")], "abc", "passed", 25.0),
        ("metric: duplicateValues, mustBe: 0, arguments: {properties: [n, word]}", [(1, "a")], "ab", "failed", 1),
        ("metric: rowCount, mustBe: 3", [(5, "e")], "ab", "passed", 3),
        ("metric: rowCount, mustBe: 1, arguments: {filter: n = 1}", [(5, "e")], "ab", "passed", 1),
        ("type: sql, query: 'SELECT count(DISTINCT word) FROM ${table}', mustBe: 3", [(5, "e")], "ab", "passed", 3),
    ],
)
def test_the_whole_table_decides(check, rule, new, published, status, measured):
    promise = COLUMNS.replace("logicalType: string}", f"logicalType: string, quality: [{{name: rule, {rule}}}]}}")
    there = [(number, None if letter == "." else letter) for number, letter in enumerate(published, start=1)]
    found = check(table(*new), promise, published=table(*there))
    assert found.said("rule")[:2] == (status, measured)


@pytest.mark.parametrize(("key", "rule"), [("primaryKey", "primaryKey"), ("unique", "n.unique")])
def test_a_new_row_that_repeats_a_published_key_is_held_back(check, key, rule):
    promise = COLUMNS.replace("INTEGER}", f"INTEGER, {key}: true}}")
    found = check(table((1, "b"), (2, "c")), promise, published=table((1, "a")))
    assert (found.finding(rule).status, found.held, found.published) == ("failed", [(1, "b", [rule])], [(2, "c")])


def test_a_new_row_may_refer_to_a_published_row_of_its_own_table(check):
    promise = COLUMNS.replace("INTEGER}", "INTEGER, relationships: [{to: orders.n}]}")
    assert check(table((1, "b")), promise, published=table((1, "a"))).said("n.relationship")[0] == "passed"
    refers = "from: orders.word, to: orders.n"
    kept = check(
        "SELECT 5::INTEGER AS n, '1' AS word",
        COLUMNS,
        relationships=f"[{{{refers}}}]",
        published="SELECT 1::INTEGER AS n, '1' AS word",
    )
    assert kept.said("word.relationship")[0] == "passed"


def test_a_warned_reference_counts_published_rows_too(check):
    custom = "customProperties: [{property: severity, value: warning}]"
    promise = COLUMNS.replace("INTEGER}", f"INTEGER, relationships: [{{to: things.id, {custom}}}]}}")
    found = check(
        table((1, "b")), promise, published=table((7, "a"), (1, "a")), references={"things": "SELECT 1::INTEGER AS id"}
    )
    assert found.said("n.relationship") == ("warned", 1, 1, False)


def test_rows_published_earlier_that_break_a_filtered_rule_now_stop_the_publication(check):
    rule = "{name: rule, metric: nullValues, mustBe: 0, arguments: {filter: n < 9}}"
    promise = COLUMNS.replace("logicalType: string}", f"logicalType: string, quality: [{rule}]}}")
    found = check(table((5, "e")), promise, published=table((1, None)))
    assert (found.audit.refused, found.finding("rule").message) == (True, "Rows published earlier that break it: 1.")


def test_a_promise_of_single_rows_looks_at_the_new_rows_only(check):
    promise = COLUMNS.replace("logicalType: string}", "logicalType: string, required: true}")
    assert check(table((5, "e")), promise, published=table((1, None))).said("word.required") == ("passed", 0, 0, False)
