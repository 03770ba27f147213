"""Good rows are published, broken ones held back with every rule that they broke, and nothing is lost between."""

from decimal import Decimal

import pytest

from weft.base.problem import Problem
from weft.build.check.finding import counted_by_status

ORDERS = """
    - {name: order_id, logicalType: integer, primaryKey: true, required: true}
    - {name: total, logicalType: number, physicalType: "DECIMAL(12,2)", logicalTypeOptions: {minimum: 0}}
    - {name: status, logicalType: string, required: true, enum: [{value: new}, {value: paid}]}
"""


def test_a_row_that_breaks_two_rules_is_held_with_both_names(check):
    found = check(
        "SELECT * FROM (VALUES (1::BIGINT, 9.50::DECIMAL(12,2), 'new'), (2, -3.00, 'lost'), (3, 1.00, NULL))"
        " t(order_id, total, status)",
        ORDERS,
    )
    assert found.published == [(1, Decimal("9.50"), "new")]
    assert found.held == [
        (2, Decimal("-3.00"), "lost", ["total.minimum", "status.enum"]),
        (3, Decimal("1.00"), None, ["status.required"]),
    ]
    assert (found.audit.rows_in, found.audit.rows_published, found.audit.rows_quarantined) == (3, 1, 2)
    assert found.audit.held_by_rule == {"status.required": 1, "total.minimum": 1, "status.enum": 1}


def test_rows_keep_their_order_when_some_are_held(check):
    rows = "SELECT (1000 - i)::BIGINT AS order_id, (CASE WHEN i % 7 = 0 THEN -1 ELSE i END)::DECIMAL(12,2) AS total"
    found = check(f"{rows}, 'new' AS status FROM range(1000) t(i)", ORDERS)
    assert [row[0] for row in found.published] == [1000 - i for i in range(1000) if i % 7]
    assert [row[0] for row in found.held] == [1000 - i for i in range(1000) if i % 7 == 0]


def test_when_nothing_breaks_the_checked_file_is_the_published_file(check):
    found = check("SELECT 1::BIGINT AS order_id, 2::DECIMAL(12,2) AS total, 'new' AS status", ORDERS)
    assert [file.path for file in found.audit.good] == [str(found.folder / "good.parquet")]
    assert sorted(path.name for path in found.folder.iterdir()) == ["good.parquet"]


def test_the_model_is_run_once_even_if_it_gives_other_rows_each_time(check):
    rows = "SELECT i AS order_id, (random() * 100 - 50)::DECIMAL(12,2) AS total, 'new' AS status FROM range(500) t(i)"
    found = check(rows, ORDERS)
    assert len(found.published) + len(found.held) == 500
    assert {row[0] for row in found.published} | {row[0] for row in found.held} == set(range(500))
    assert all(total >= 0 for _, total, _ in found.published)


def test_beyond_the_tolerance_nothing_is_published_and_the_broken_rows_are_there_to_look_at(check):
    rows = "SELECT i AS order_id, (i - 2)::DECIMAL(12,2) AS total, 'new' AS status FROM range(10) t(i)"
    found = check(rows, ORDERS, tolerance="10%")
    assert found.audit.refused
    assert found.audit.refusals == ("2 of 10 rows break the contract; the tolerance is 10 %.",)
    assert (found.audit.rows_published, found.audit.good, len(found.held)) == (0, (), 2)
    assert sorted(path.name for path in found.folder.iterdir()) == ["held.parquet"]


def test_a_tolerance_of_rows_counts_rows(check):
    rows = "SELECT i AS order_id, (i - 2)::DECIMAL(12,2) AS total, 'new' AS status FROM range(10) t(i)"
    assert not check(rows, ORDERS, tolerance="2").audit.refused
    assert check(rows, ORDERS, tolerance="1").audit.refused


def test_a_missing_and_an_extra_column_refuse_and_every_other_rule_says_that_it_did_not_run(check):
    found = check("SELECT 1 AS order_id, 2 AS totl, 'new' AS status", ORDERS)
    assert found.audit.refused
    assert found.finding("columns").message == 'missing: total; not in the contract: totl; Did you mean "totl"?'
    assert {f.status for f in found.audit.findings if f.rule != "columns"} == {"not_run"}
    assert (found.audit.rows_in, found.audit.rows_published) == (1, 0)


def test_columns_may_come_in_any_order_and_case(check):
    found = check("SELECT 'new' AS STATUS, 1::BIGINT AS Order_Id, 2::DECIMAL(12,2) AS total", ORDERS)
    assert found.published == [(1, Decimal("2.00"), "new")]


def test_an_empty_candidate_keeps_all_row_promises(check):
    found = check("SELECT 1::BIGINT AS order_id, 2::DECIMAL(12,2) AS total, 'new' AS status WHERE false", ORDERS)
    assert (found.audit.rows_in, found.audit.rows_published, found.audit.refused) == (0, 0, False)
    assert counted_by_status(found.audit.findings) == {"passed": len(found.audit.findings) - 1, "not_applicable": 1}
    assert found.finding("primaryKey").message == "No row has a value in every column of the key."


def test_a_check_without_writing_finds_the_same(check):
    rows = "SELECT * FROM (VALUES (1::BIGINT, -1::DECIMAL(12,2), 'new'), (1, 2, 'x')) t(order_id, total, status)"
    written, counted = check(rows, ORDERS), check(rows, ORDERS, write=False)
    assert counted.audit.findings == written.audit.findings
    assert (counted.audit.rows_in, counted.audit.rows_quarantined) == (2, 2)
    assert counted.audit.good == counted.audit.quarantined == ()


def test_a_failing_model_is_a_problem_and_leaves_no_file(check, tmp_path):
    with pytest.raises(Problem, match="ENGINE001"):
        check("SELECT 1::BIGINT AS order_id, error('no') ::DECIMAL(12,2) AS total, 'new' AS status", ORDERS)
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_rule_that_cannot_be_computed_refuses_and_leaves_the_others_their_findings(check):
    found = check(
        "SELECT 'a' AS code, -1 AS n",
        r"""
        - {name: code, logicalType: string, logicalTypeOptions: {pattern: "^(?=a)a$"}}
        - {name: n, logicalType: integer, physicalType: INTEGER, logicalTypeOptions: {minimum: 0}}
        """,
    )
    assert found.said("code.pattern") == ("not_run", None, None, True)
    assert found.said("n.minimum") == ("failed", 1, 1, False)
    assert found.audit.refused
    assert "look-around" in found.audit.refusals[0]


def test_a_pattern_that_only_the_engine_finds_wrong_does_not_pass(check):
    found = check("SELECT 'a' AS code", '- {name: code, logicalType: string, logicalTypeOptions: {pattern: "a{2,1}"}}')
    assert found.said("code.pattern") == ("not_run", None, None, True)


def test_columns_named_like_our_own_do_no_harm(check):
    found = check(
        "SELECT * FROM (VALUES (1, -1, 1), (2, 1, 1), (2, 3, 1)) t(rn, rule, k0)",
        """
        - {name: rn, logicalType: integer, physicalType: INTEGER, unique: true}
        - {name: rule, logicalType: integer, physicalType: INTEGER, logicalTypeOptions: {minimum: 0}}
        - {name: k0, logicalType: integer, physicalType: INTEGER, relationships: [{to: other.rn}]}
        """,
        references={"other": "SELECT 1 AS rn"},
    )
    assert found.published == []
    assert found.held == [(1, -1, 1, ["rule.minimum"]), (2, 1, 1, ["rn.unique"]), (2, 3, 1, ["rn.unique"])]


def test_an_engine_that_was_stopped_stops_the_audit_and_blames_no_rule(check, engine, monkeypatch):
    real = engine.rows

    def stopped(sql, parameters=()):
        if "weft broken rows" in sql:
            raise Problem("ENGINE004", "The query was stopped before it ended.")
        return real(sql, parameters)

    monkeypatch.setattr(engine, "rows", stopped)
    with pytest.raises(Problem, match="ENGINE004"):
        check("SELECT 1::BIGINT AS order_id, 2::DECIMAL(12,2) AS total, 'new' AS status", ORDERS)


def test_a_key_that_cannot_be_looked_up_refuses_and_is_not_called_kept(check, engine, monkeypatch):
    real = engine.add_table

    def failing(name, sql):
        if name == "weft suspected keys":
            raise Problem("ENGINE001", "The query failed on a value of the data.")
        return real(name, sql)

    monkeypatch.setattr(engine, "add_table", failing)
    found = check("SELECT 1::BIGINT AS order_id, 2::DECIMAL(12,2) AS total, 'new' AS status", ORDERS)
    assert found.said("primaryKey") == ("not_run", None, None, True)
    assert found.audit.refused
