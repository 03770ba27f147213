"""Every service level leaves a finding: measured where rows or the clock show it, else with a reason."""

import pytest

COLUMNS = "- {name: at, logicalType: timestamp}\n- {name: day, logicalType: date}\n- {name: word, logicalType: string}"
ROWS = """
    SELECT * FROM (VALUES
        (TIMESTAMP '2026-02-27 12:00:00', DATE '2025-03-01', NULL),
        (TIMESTAMP '2026-02-28 12:00:00', DATE '2026-03-01', 'a')
    ) AS t("at", "day", word)
"""
DAY = 86400.0


@pytest.mark.parametrize(
    ("level", "told"),
    [
        ("property: ageing, value: 2, unit: days, element: at", {"at.ageing": ("passed", DAY)}),
        ("property: retention, value: 3, unit: y, element: orders.day", {"day.retention": ("passed", 365.5 * DAY)}),
        ("property: retention, value: 1, unit: mo, element: day", {"day.retention": ("warned", 365.5 * DAY)}),
        (
            "property: retention, value: 1, unit: mo, element: day, "
            "customProperties: [{property: severity, value: error}]",
            {"day.retention": ("failed", 365.5 * DAY)},
        ),
        (
            "property: latency, value: 36, unit: h, element: 'orders.at, orders.day'",
            {"at.latency": ("passed", DAY), "day.latency": ("passed", DAY / 2)},
        ),
        ("property: completeness, value: 40, unit: '%', element: word", {"word.completeness": ("passed", 50.0)}),
        ("property: endOfLife, value: '2026-03-02T12:00:00Z'", {"endOfLife": ("passed", DAY)}),
        ("property: endOfSupport, value: 2026-02-28", {"endOfSupport": ("warned", -1.5 * DAY)}),
        ("property: generalAvailability, value: '2026-03-01T13:00:00+01:00'", {"generalAvailability": ("passed", 0.0)}),
        ("property: ga, value: '2026-03-03T12:00:00Z', element: orders", {"ga": ("warned", -2 * DAY)}),
    ],
)
def test_what_rows_and_the_clock_show_is_measured(check, level, told):
    found = check(ROWS, COLUMNS, more=f"slaProperties: [{{{level}}}]")
    levels = [f for f in found.audit.findings if f.kind in ("freshness", "retention", "completeness", "moment")]
    assert {f.rule: (f.status, f.measured) for f in levels} == told


@pytest.mark.parametrize(
    ("level", "rule", "reason"),
    [
        ("property: availability, value: 99.9, unit: percent", "availability", "while the port is served"),
        ("property: throughput, value: 100", "throughput", "while the port is served"),
        ("property: errorRate, value: 1, unit: percent", "errorRate", "while the port is served"),
        ("property: severity, value: 1", "severity", "while the port is served"),
        ("property: timeToRepair, value: 4, unit: h", "timeToRepair", "while the port is served"),
        ("property: timeOfAvailability, value: 09:00-08:00, element: at", "at.timeOfAvailability", "while the port"),
        ("property: frequency, value: 1, unit: d, element: at", "at.frequency", "from publication to publication"),
        ("property: moons, value: 1", "moons", "No service level of that name is known"),
        ("property: endOfLife, value: never", "endOfLife", "no date and no time"),
        ("property: retention, value: 3, unit: y", "retention", "names no element"),
        ("property: freshness, value: 3, unit: h, element: orders", "freshness", "the whole table"),
    ],
)
def test_what_no_build_shows_is_told_as_not_run_and_refuses_nothing(check, level, rule, reason):
    found = check(ROWS, COLUMNS, more=f"slaProperties: [{{{level}}}]").finding(rule)
    assert (found.status, found.refuses, reason in found.message) == ("not_run", False, True)


def test_two_levels_of_one_name_are_told_apart(check):
    more = (
        "slaProperties: [{property: av, value: 99, driver: regulatory}, {property: av, value: 90, driver: analytics}]"
    )
    rules = [f.rule for f in check(ROWS, COLUMNS, more=more).audit.findings if f.kind == "av"]
    assert rules == ["av", "av 2"]


def test_an_element_of_another_table_is_no_matter_of_this_one(check):
    more = (
        "  - name: items\n    properties: [{name: at, logicalType: timestamp}]\n"
        "slaProperties:\n"
        "  - {property: freshness, value: 1, unit: h, element: items.at}\n"
        "  - {property: availability, value: 99, element: items}\n"
        "  - {property: latency, value: 2, unit: d, element: 'items.at, orders.at'}"
    )
    levels = [f for f in check(ROWS, COLUMNS, more=more).audit.findings if f.kind not in ("structure", "type")]
    assert [(f.rule, f.status) for f in levels if f.rule != "columns"] == [("at.latency", "passed")]
