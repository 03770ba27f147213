"""Every metric with every operator, in rows and percent, with and without a filter, against a count made in Python."""

import operator
import re
from collections.abc import Callable
from typing import Any

import pytest

Row = tuple[int, str | None, int | None]
ROWS: list[Row] = [
    (1, "ab", 10),
    (2, "ab", 10),
    (3, "", 20),
    (4, None, 20),
    (5, "N/A", None),
    (6, "zz9", 30),
    (7, None, None),
    (8, "ab", 10),
    (9, "cd", 99),
]
TABLES = {
    "mixed": ROWS,
    "clean": [(1, "ab", 1), (2, "cd", 2), (3, "ef", 3)],
    "one": [(1, None, None)],
    "none": [],
}
COLUMNS = """
    - {name: id, logicalType: integer, physicalType: INTEGER}
    - {name: word, logicalType: string}
    - {name: n, logicalType: integer, physicalType: INTEGER}
"""
FILTERS: dict[str | None, Callable[[Row], bool]] = {
    None: lambda row: True,
    "id > 2": lambda row: row[0] > 2,
    "word = 'ab' OR n < 25": lambda row: row[1] == "ab" or (row[2] is not None and row[2] < 25),
}
OPERATORS: dict[str, Callable[[float, Any], bool]] = {
    "mustBe": operator.eq,
    "mustNotBe": operator.ne,
    "mustBeGreaterThan": operator.gt,
    "mustBeGreaterOrEqualTo": operator.ge,
    "mustBeLessThan": operator.lt,
    "mustBeLessOrEqualTo": operator.le,
    "mustBeBetween": lambda value, ends: ends[0] <= value <= ends[1],
    "mustNotBeBetween": lambda value, ends: not ends[0] <= value <= ends[1],
}


def repeats(rows: list[Row], *columns: int) -> int:
    """Rows beyond the first of each key; a key with a part missing is none."""
    keys = [tuple(row[column] for column in columns) for row in rows]
    whole = [key for key in keys if None not in key]
    return len(whole) - len(set(whole))


def has_key(rows: list[Row], *columns: int) -> bool:
    return any(None not in tuple(row[column] for column in columns) for row in rows)


# metric with arguments -> the count of rows, and whether there is anything to count
METRICS: dict[str, tuple[Callable[[list[Row]], int], Callable[[list[Row]], bool]]] = {
    "metric: nullValues": (lambda rows: sum(row[1] is None for row in rows), lambda rows: True),
    "metric: missingValues": (lambda rows: sum(row[1] in (None, "") for row in rows), lambda rows: True),
    "metric: missingValues, missingValues: ['', N/A]": (
        lambda rows: sum(row[1] in ("", "N/A") for row in rows),
        lambda rows: True,
    ),
    "metric: invalidValues, validValues: [ab, cd, ef]": (
        lambda rows: sum(row[1] is not None and row[1] not in ("ab", "cd", "ef") for row in rows),
        lambda rows: True,
    ),
    "metric: invalidValues, pattern: '^[a-z]*$'": (
        lambda rows: sum(row[1] is not None and not re.fullmatch("[a-z]*", row[1]) for row in rows),
        lambda rows: True,
    ),
    "metric: invalidValues, pattern: '^[a-z]*$', validValues: ['', ab, cd, ef, N/A]": (
        lambda rows: sum(
            row[1] is not None and (row[1] not in ("", "ab", "cd", "ef", "N/A") or not re.fullmatch("[a-z]*", row[1]))
            for row in rows
        ),
        lambda rows: True,
    ),
    "metric: duplicateValues": (lambda rows: repeats(rows, 1), lambda rows: has_key(rows, 1)),
    "metric: duplicateValues, properties: [word, n]": (
        lambda rows: repeats(rows, 1, 2),
        lambda rows: has_key(rows, 1, 2),
    ),
    "metric: rowCount": (len, lambda rows: True),
}


def rules_of(metric: str, condition: str | None, rows: list[Row]) -> list[tuple[str, str, tuple[str, float | None]]]:
    """Name, text and expected status and value of a rule of every operator, unit and a bound below, at and above."""
    name, _, arguments = metric.partition(", ")
    given = ", ".join(part for part in (arguments, f'filter: "{condition}"' if condition else "") if part)
    spoken_of = [row for row in rows if FILTERS[condition](row)]
    count, has_any = METRICS[metric]
    found = []
    for unit in ("rows", "percent") if "rowCount" not in metric else ("rows",):
        value: float | None = float(count(spoken_of)) if has_any(spoken_of) else None
        if unit == "percent":
            value = None if value is None or not spoken_of else 100.0 * value / len(spoken_of)
        for sign, compare in OPERATORS.items():
            for distance in (-5, 0, 5):
                bound = (value or 0.0) + distance
                ends = [bound - 2, bound + 2] if "Between" in sign else bound
                kept = value is not None and compare(value, ends)
                status = "not_applicable" if value is None else "passed" if kept else "failed"
                rule = f"{name}, unit: {unit}, {sign}: {ends}, arguments: {{{given}}}"
                found.append((f"{unit} {sign} {distance}", rule, (status, value)))
    return found


def sql_of(rows: list[Row]) -> str:
    def literal(value: Any) -> str:
        return "NULL" if value is None else repr(value)

    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows or [(0, None, None)])
    nothing = "" if rows else " WHERE false"
    columns = "id::INTEGER AS id, word::VARCHAR AS word, n::INTEGER AS n"
    return f"SELECT {columns} FROM (VALUES {values}) t(id, word, n){nothing}"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("condition", FILTERS)
@pytest.mark.parametrize("metric", METRICS)
def test_a_metric_measures_what_python_counts(check, metric, condition, table):
    rows = TABLES[table]
    rules = rules_of(metric, condition, rows)
    never_held = "customProperties: [{property: quarantine, value: false}]"
    listed = [f"{{name: {name}, {rule}, {never_held}}}" for name, rule, _ in rules]
    promise = COLUMNS.replace("name: word, ", f"name: word, quality: [{', '.join(listed)}], ")
    found = check(sql_of(rows), promise)
    told = {name: (found.finding(name).status, found.finding(name).measured) for name, _, _ in rules}
    assert told == {
        name: (status, None if value is None else pytest.approx(value, abs=0.001)) for name, _, (status, value) in rules
    }
    assert found.audit.refused == any(status == "failed" for _, _, (status, _) in rules)


@pytest.mark.parametrize("metric", [metric for metric in METRICS if "rowCount" not in metric])
@pytest.mark.parametrize("sign", OPERATORS)
def test_a_rule_that_holds_rows_back_measures_the_same(check, metric, sign):
    rules = [rule for rule in rules_of(metric, None, ROWS) if rule[0].startswith(f"rows {sign} ")]
    for name, rule, expected in rules:
        promise = COLUMNS.replace("name: word, ", f"name: word, quality: [{{name: {name}, {rule}}}], ")
        found = check(sql_of(ROWS), promise)
        assert (found.finding(name).status, found.finding(name).measured) == expected
        assert found.audit.rows_in == (len(ROWS) if found.audit.refused else len(found.published) + len(found.held))
