"""A value goes into its promised type unchanged, or its row is held with the value that was made."""

from datetime import date
from decimal import Decimal

import pytest


@pytest.mark.parametrize(
    ("promised", "made", "keep", "broken"),
    [
        ("DECIMAL(12,2)", "VARCHAR", ["'9.5'", "'1e2'", "' 7 '"], ["'x'", "''", "'1.005'", "'1,5'"]),
        ("DECIMAL(30,2)", "VARCHAR", ["'12345678901234567890.12'"], ["'12345678901234567890.125'"]),
        ("INTEGER", "VARCHAR", ["'5'", "'-3'", "'2.0'"], ["'1.5'", "'3000000000'", "'five'"]),
        ("DATE", "VARCHAR", ["'2026-01-31'"], ["'2026-02-30'", "'31.01.2026'", "'2026-01-31 10:00:00'"]),
        ("DECIMAL(12,2)", "DOUBLE", ["9.5", "0.1"], ["0.005", "'nan'", "1e20"]),
        ("BIGINT", "DOUBLE", ["3.0", "-2"], ["3.5", "1e30", "'inf'"]),
        ("BIGINT", "HUGEINT", ["9223372036854775807"], ["9223372036854775808"]),
        ("INTEGER", "BIGINT", ["2147483647"], ["2147483648"]),
        ("INTEGER", "DECIMAL(12,2)", ["3.00"], ["3.50"]),
        ("INTEGER", "DECIMAL(10,0)", ["2147483647"], ["9999999999"]),
        ("INTEGER", "DECIMAL(9,0)", ["999999999"], []),
        ("DECIMAL(5,2)", "DECIMAL(12,2)", ["999.99"], ["1000.00"]),
        ("DECIMAL(5,2)", "DECIMAL(12,4)", ["1.2500"], ["1.2345"]),
        ("DATE", "TIMESTAMP", ["'2026-01-31'"], ["'2026-01-31 00:00:01'"]),
        ("BOOLEAN", "VARCHAR", ["'true'", "'f'"], ["'maybe'"]),
        ("DOUBLE", "BIGINT", ["9007199254740992"], ["9007199254740993"]),
        ("TIMESTAMP", "DATE", ["'2026-01-31'"], []),
        ("DOUBLE", "FLOAT", ["0.1", "'nan'"], []),
        ("VARCHAR", "INTEGER", ["5"], []),
        ("INTEGER[]", "VARCHAR[]", ["['1']", "[]"], ["['x']"]),
    ],
)
def test_a_value_that_the_type_cannot_hold_is_held_back(check, promised, made, keep, broken):
    values = [*keep, *broken, "NULL"]
    rows = ", ".join(f"({number}, ({value})::{made})" for number, value in enumerate(values))
    logical = "array" if promised.endswith("[]") else "string"
    found = check(
        f"SELECT * FROM (VALUES {rows}) t(n, v)",
        f"""
        - {{name: n, logicalType: integer, physicalType: INTEGER}}
        - {{name: v, logicalType: {logical}, physicalType: "{promised}"}}
        """,
    )
    assert [values[row[0]] for row in found.held] == broken
    assert {rule for row in found.held for rule in row[2]} <= {"v.type"}
    assert found.said("v.type")[1:] == (len(broken), len(broken), False)
    assert len(found.published) == len(keep) + 1


def test_what_a_value_is_rounded_to_is_nobodys_key_and_breaks_no_other_rule(check):
    found = check(
        "SELECT * FROM (VALUES (1.0::DOUBLE), (1.4), (8.0), (9.4)) t(id)",
        """
        - name: id
          logicalType: integer
          physicalType: INTEGER
          primaryKey: true
          logicalTypeOptions: {maximum: 8}
          relationships: [{to: things.id}]
        """,
        references={"things": "SELECT 1 AS id UNION ALL SELECT 8"},
    )
    assert found.published == [(1,), (8,)]
    assert found.held == [(1.4, ["id.type"]), (9.4, ["id.type"])]


@pytest.mark.parametrize("made", ["VARCHAR", "DOUBLE", "DECIMAL(20,3)"])
def test_rows_that_are_made_of_another_type_are_added_to_published_ones(check, made):
    rule = "{name: few, metric: invalidValues, mustBeLessThan: 2, arguments: {validValues: [1.5]}}"
    found = check(
        f"SELECT '1.5'::{made} AS total",
        f"- {{name: total, logicalType: number, physicalType: 'DECIMAL(18,2)', unique: true, quality: [{rule}]}}",
        published="SELECT 2.25::DECIMAL(18,2) AS total",
    )
    assert found.said("few") == ("passed", 1, 1, False)
    assert found.said("total.unique")[0] == "passed"


@pytest.mark.parametrize(
    ("made", "physical", "condition", "measured"),
    [
        ("INTEGER", "VARCHAR", "n < '5'", 1),  # as texts 10 comes before 5
        ("VARCHAR", "INTEGER", "n > 9", 1),  # a text that is no number is none of these
        ("DOUBLE", "INTEGER", "n % 2 = 0", 1),
        ("TINYINT", "INTEGER", "n * 100 > 900", 1),  # which a TINYINT cannot hold
    ],
)
def test_a_filter_speaks_of_the_promised_types(check, made, physical, condition, measured):
    values = ["10", "7"] + (["x"] if made == "VARCHAR" else [])
    rows = " UNION ALL ".join(f"SELECT '{value}'::{made} AS n" for value in values)
    logical = "string" if physical == "VARCHAR" else "integer"
    rule = f'{{name: some, metric: invalidValues, mustBe: 0, arguments: {{pattern: "^7", filter: "{condition}"}}}}'
    found = check(
        rows,
        f"- {{name: n, logicalType: {logical}, physicalType: {physical}, quality: [{rule}]}}",
        published=f"SELECT 3::{physical} AS n WHERE false",
    )
    assert found.said("some") == ("failed", measured, measured, False)


def test_the_quarantine_keeps_the_value_as_it_was_made(check):
    found = check(
        "SELECT * FROM (VALUES ('31.01.2026'), ('2026-01-31')) t(day)",
        "- {name: day, logicalType: date, required: true}",
    )
    assert found.published == [(date(2026, 1, 31),)]
    assert found.held == [("31.01.2026", ["day.type"])]  # it is there, so `required` is kept


def test_rules_judge_the_value_of_the_promised_type(check):
    found = check(
        "SELECT * FROM (VALUES ('9.50'), ('-1'), ('10')) t(total)",
        """- {name: total, logicalType: number, physicalType: "DECIMAL(12,2)", logicalTypeOptions: {minimum: 2}}""",
    )
    assert found.published == [(Decimal("9.50"),), (Decimal("10.00"),)]
    assert found.held == [("-1", ["total.minimum"])]


def test_a_type_that_cannot_become_the_promised_one_holds_every_row_back(check):
    found = check("SELECT {'a': 1} AS v", "- {name: v, logicalType: integer, physicalType: INTEGER}", tolerance="5%")
    assert found.audit.refused
    assert found.finding("v.type").status in ("failed", "not_run")
