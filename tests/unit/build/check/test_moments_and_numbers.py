"""Dates, timestamps and times in every way in which they are stored, and numbers at the edge of what a type holds."""

import pytest


def broken_by(check, value: str, column: str) -> list[str]:
    found = check(f"SELECT {value} AS c", f"- {{name: c, {column}}}")
    unrun = [f.rule for f in found.audit.findings if f.status == "not_run"]
    return unrun + [rule for row in found.held for rule in row[-1]]


DAY = "logicalType: date, {}logicalTypeOptions: {{{}}}"
TEXT = "physicalType: VARCHAR, "


@pytest.mark.parametrize(
    ("value", "stored", "options", "broken"),
    [
        ("DATE '2026-01-31'", "", "minimum: '2026-01-31', maximum: '2026-01-31'", []),
        ("DATE '2026-01-31'", "", "exclusiveMinimum: '2026-01-31'", ["c.exclusiveMinimum"]),
        ("DATE '2026-01-31'", "", "exclusiveMaximum: '2026-01-31'", ["c.exclusiveMaximum"]),
        ("DATE '2026-01-31'", "", "minimum: '2026-01-31', exclusiveMinimum: true", ["c.minimum"]),  # as before 3.1
        ("DATE '2026-01-31'", "", "minimum: '2026-01-31', exclusiveMinimum: false", []),
        ("DATE '2026-01-31'", "", "minimum: yesterday", ["c.minimum"]),  # not run
        ("'2026-01-31'", TEXT, "minimum: '2026-02-01'", ["c.minimum"]),
        ("'31.01.2026'", TEXT, "format: dd.MM.yyyy, minimum: '2026-02-01'", ["c.minimum"]),
        ("'31.01.2026'", TEXT, "format: dd.MM.yyyy, minimum: '2026-01-31'", []),
        ("'31.02.2026'", TEXT, "format: dd.MM.yyyy", ["c.format"]),
        ("'2026-01-31'", TEXT, "format: dd.MM.yyyy", ["c.format"]),
        ("'2026-02-30'", TEXT, "minimum: '2026-01-01'", ["c.logicalType"]),
        ("'soon'", TEXT, "maximum: '2026-01-01'", ["c.logicalType"]),
    ],
)
def test_dates_are_compared_whatever_they_are_stored_as(check, value, stored, options, broken):
    assert broken_by(check, value, DAY.format(stored, options)) == broken


INSTANT = "logicalType: timestamp, {}logicalTypeOptions: {{{}}}"
BERLIN = "defaultTimezone: Europe/Berlin, "


@pytest.mark.parametrize(
    ("value", "stored", "options", "broken"),
    [
        ("TIMESTAMP '2026-01-31 12:00:00'", "", "minimum: '2026-01-31T12:00:00'", []),
        ("TIMESTAMP '2026-01-31 12:00:00'", "", "exclusiveMinimum: '2026-01-31T12:00:00'", ["c.exclusiveMinimum"]),
        ("TIMESTAMP '2026-01-31 12:00:00'", "", "minimum: '2026-01-31'", []),
        ("TIMESTAMP '2026-01-31 12:00:00'", "", "minimum: '2026-01-31T13:00:00+01:00'", []),  # meant in UTC
        ("TIMESTAMP '2026-01-31 12:00:00'", "", BERLIN + "minimum: '2026-01-31T11:30:00Z'", ["c.minimum"]),
        ("TIMESTAMP '2026-01-31 12:00:00'", "", BERLIN + "minimum: '2026-01-31T11:00:00Z'", []),
        ("TIMESTAMPTZ '2026-01-31 12:00:00+00'", "", "timezone: true, minimum: '2026-01-31T12:30:00'", ["c.minimum"]),
        ("TIMESTAMPTZ '2026-01-31 12:00:00+00'", "", BERLIN + "timezone: true, minimum: '2026-01-31T13:00:00'", []),
        (
            "TIMESTAMPTZ '2026-07-31 11:59:59+00'",
            "",
            BERLIN + "timezone: true, minimum: '2026-07-31T14:00:00'",  # in summer, two hours ahead
            ["c.minimum"],
        ),
        ("'2026-01-31T12:00:00+02:00'", TEXT, "maximum: '2026-01-31T10:00:00Z'", []),
        ("'2026-01-31T12:00:00+02:00'", TEXT, "exclusiveMaximum: '2026-01-31T10:00:00Z'", ["c.exclusiveMaximum"]),
        ("'2026-01-31T12:00:00'", TEXT, BERLIN + "maximum: '2026-01-31T11:00:00Z'", []),
        ("'2026-01-31T12:00:00'", TEXT, "maximum: '2026-01-31T11:00:00Z'", ["c.maximum"]),
        ("'2026-01-31T12:00:00.123+0200'", TEXT, '''format: "yyyy-MM-dd'T'HH:mm:ss.SSSZ"''', []),
        ("'2026-01-31T12:00:00Z'", TEXT, "timezone: true", []),
        ("'2026-01-31T12:00:00'", TEXT, "timezone: true", ["c.timezone"]),
        ("'2026-01-31'", TEXT, "timezone: true", ["c.timezone"]),  # -31 is a day, no offset
        ("'2026-01-31T12:00:00+01'", TEXT, "timezone: false", ["c.timezone"]),
        ("TIMESTAMP '2026-01-31 12:00:00'", "physicalType: TIMESTAMP, ", "timezone: true", ["c.timezone"]),  # not run
        ("TIMESTAMP '2026-01-31 12:00:00'", "", "defaultTimezone: Mars/Olympus, minimum: '2026-01-31'", []),
        (
            "TIMESTAMPTZ '2026-01-31 12:00:00+00'",
            "",
            "timezone: true, defaultTimezone: Mars/Olympus, minimum: '2026-01-31'",
            ["c.minimum"],  # not run
        ),
    ],
)
def test_timestamps_are_compared_in_their_time_zone(check, value, stored, options, broken):
    assert broken_by(check, value, INSTANT.format(stored, options)) == broken


@pytest.mark.parametrize(
    ("value", "column", "broken"),
    [
        ("TIME '10:00:00'", "minimum: '10:00', maximum: '10:00:00'", []),
        ("TIME '10:00:00'", "exclusiveMaximum: '10:00'", ["c.exclusiveMaximum"]),
        ("TIME '10:00:00'", "minimum: '10:00+02:00'", ["c.minimum"]),  # not run
        ("TIME '10:00:00'", "timezone: true", ["c.timezone"]),  # not run
    ],
)
def test_times_are_compared(check, value, column, broken):
    assert broken_by(check, value, f"logicalType: time, logicalTypeOptions: {{{column}}}") == broken


@pytest.mark.parametrize(
    ("value", "column", "broken"),
    [
        ("0.3::FLOAT", "logicalType: number, physicalType: FLOAT, logicalTypeOptions: {multipleOf: 0.1}", []),
        ("0.35::FLOAT", "logicalType: number, physicalType: FLOAT, logicalTypeOptions: {multipleOf: 0.1}", [0]),
        ("0.3::DOUBLE", "logicalType: number, logicalTypeOptions: {multipleOf: 0.1}", []),
        ("1e12 + 0.5", "logicalType: number, physicalType: DOUBLE, logicalTypeOptions: {multipleOf: 1}", [0]),
        ("'inf'::DOUBLE", "logicalType: number, logicalTypeOptions: {multipleOf: 0.1}", [0]),
        ("12.30", "logicalType: number, physicalType: 'DECIMAL(12,2)', logicalTypeOptions: {multipleOf: 0.1}", []),
        ("12.35", "logicalType: number, physicalType: 'DECIMAL(12,2)', logicalTypeOptions: {multipleOf: 0.1}", [0]),
        ("0.01", "logicalType: number, physicalType: 'DECIMAL(12,2)', logicalTypeOptions: {multipleOf: 0.0000001}", []),
        ("1", "logicalType: number, physicalType: 'DECIMAL(38,2)', logicalTypeOptions: {multipleOf: 0.001}", [0]),
        ("-15", "logicalType: integer, logicalTypeOptions: {multipleOf: 5}", []),
        ("7", "logicalType: integer, logicalTypeOptions: {multipleOf: 2.5}", [0]),
        ("7.5", "logicalType: number, physicalType: VARCHAR, logicalTypeOptions: {multipleOf: 2.5}", []),
    ],
)
def test_multiples_are_told_from_rounding(check, value, column, broken):
    # "not run" where the engine could only guess counts as broken here
    assert broken_by(check, value, column) == ["c.multipleOf" for _ in broken]


@pytest.mark.parametrize(
    ("value", "column", "broken"),
    [
        (
            "9007199254740993::BIGINT",
            "logicalType: integer, logicalTypeOptions: {maximum: 9007199254740992}",
            ["c.maximum"],
        ),
        (
            "0.1",
            "logicalType: number, physicalType: 'DECIMAL(12,2)', logicalTypeOptions: {exclusiveMinimum: 0.1}",
            ["c.exclusiveMinimum"],
        ),
        (
            "0.1::FLOAT",
            "logicalType: number, physicalType: FLOAT, logicalTypeOptions: {minimum: 0.1, maximum: 0.1}",
            [],
        ),
        ("'nan'::DOUBLE", "logicalType: number, logicalTypeOptions: {minimum: 0}", ["c.minimum"]),
        ("1", "logicalType: integer, logicalTypeOptions: {minimum: 1, exclusiveMinimum: true}", ["c.minimum"]),
        ("-1", "logicalType: integer, logicalTypeOptions: {format: u128}", ["c.format"]),
        ("18446744073709551615", "logicalType: integer, logicalTypeOptions: {format: u64}", []),
        ("18446744073709551616", "logicalType: integer, logicalTypeOptions: {format: u64}", ["c.format"]),
        ("'300'", "logicalType: integer, physicalType: VARCHAR, logicalTypeOptions: {format: u8}", ["c.format"]),
        ("'1.5'", "logicalType: integer, physicalType: VARCHAR", ["c.logicalType"]),
        ("' 12 '", "logicalType: integer, physicalType: VARCHAR", []),
        ("'a lot'", "logicalType: number, physicalType: VARCHAR", ["c.logicalType"]),
        ("'maybe'", "logicalType: boolean, physicalType: VARCHAR", ["c.logicalType"]),
        ("1e39::DOUBLE", "logicalType: number, physicalType: DOUBLE, logicalTypeOptions: {format: f32}", ["c.format"]),
        ("1e38::DOUBLE", "logicalType: number, physicalType: DOUBLE, logicalTypeOptions: {format: f32}", []),
        (
            "-999.00",
            "logicalType: number, physicalType: 'DECIMAL(12,2)', quality: [{name: w, metric: missingValues,"
            " mustBe: 0, arguments: {missingValues: [-999, N/A]}}]",
            ["w"],
        ),
        (
            "2",  # which the engine makes of '1.5'
            "logicalType: integer, quality: [{name: w, metric: missingValues, mustBe: 0,"
            " arguments: {missingValues: ['1.5', 2.4, N/A, true]}}]",
            [],
        ),
        (
            "2",
            "logicalType: integer, quality: [{name: w, metric: missingValues, mustBe: 0,"
            " arguments: {missingValues: ['2.0']}}]",
            ["w"],
        ),
        (
            "1.01::DECIMAL(12,2)",
            "logicalType: number, physicalType: 'DECIMAL(12,2)', quality: [{name: w, metric: missingValues,"
            " mustBe: 0, arguments: {missingValues: ['1.005']}}]",
            [],
        ),
        (
            "DATE '9999-12-31'",
            "logicalType: date, quality: [{name: w, metric: missingValues, mustBe: 0,"
            " arguments: {missingValues: ['9999-12-31', never]}}]",
            ["w"],
        ),
    ],
)
def test_bounds_widths_and_words_for_none_are_exact(check, value, column, broken):
    assert broken_by(check, value, column) == broken


@pytest.mark.parametrize(
    ("value", "column", "status"),
    [
        ("'x'", "logicalType: string, logicalTypeOptions: {format: password}", "not_applicable"),
        ("'x'", "logicalType: string, logicalTypeOptions: {format: binary}", "not_applicable"),
        ("'x'", "logicalType: string, logicalTypeOptions: {format: iban}", "not_run"),
        ("DATE '2026-01-31'", "logicalType: date, logicalTypeOptions: {format: dd.MM.yyyy}", "not_applicable"),
        (
            "gen_random_uuid()",
            "logicalType: string, physicalType: UUID, logicalTypeOptions: {format: uuid}",
            "not_applicable",
        ),
        (
            "'31.01.2026'",
            "logicalType: date, physicalType: VARCHAR, logicalTypeOptions: {format: dd.MM.yyyy}",
            "passed",
        ),
        ("'a@b.de'", "logicalType: string, logicalTypeOptions: {format: email}", "passed"),
    ],
)
def test_a_format_that_nothing_can_break_is_not_applicable_and_never_passed(check, value, column, status):
    found = check(f"SELECT {value} AS c", f"- {{name: c, {column}}}")
    assert (found.finding("c.format").status, found.audit.refused) == (status, False)
