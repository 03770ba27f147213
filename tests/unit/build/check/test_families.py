"""Each family of rules on values that keep it, break it, and are not there."""

import ipaddress

import pytest

from weft.base.problem import Place
from weft.build.check.formats import PATTERN_BY_FORMAT


def broken_values(check, kind: str, declared: str, values: list[str], rule: str) -> list[str]:
    """Which of these SQL values break the rule; a NULL is always among the rows."""
    listed = ", ".join(f"({number}, ({value})::{kind})" for number, value in enumerate([*values, "NULL"]))
    found = check(
        f"SELECT * FROM (VALUES {listed}) t(n, v)",
        f"- {{name: n, logicalType: integer, physicalType: INTEGER}}\n- {{name: v, {declared}}}",
    )
    assert not found.audit.refused, found.audit.refusals
    return [[*values, "NULL"][row[0]] for row in found.held if rule in row[2]]


@pytest.mark.parametrize(
    ("kind", "declared", "rule", "keep", "broken"),
    [
        ("INTEGER", "logicalType: integer, physicalType: INTEGER, required: true", "v.required", ["0"], ["NULL"]),
        ("VARCHAR", "logicalType: string, required: true", "v.required", ["''", "' '"], ["NULL"]),
        ("VARCHAR", "logicalType: string, enum: [{value: a}, {value: 1}]", "v.enum", ["'a'", "'1'"], ["'b'", "''"]),
        ("VARCHAR", "logicalType: string, enum: [{value: null}, {value: a}]", "v.enum", ["'a'"], ["'b'"]),
        ("BOOLEAN", "logicalType: boolean, enum: [{value: true}]", "v.enum", ["true"], ["false"]),
        ("DATE", "logicalType: date, enum: [{value: 2026-01-01}]", "v.enum", ["'2026-01-01'"], ["'2026-01-02'"]),
        ("DOUBLE", "logicalType: number, enum: [{value: 1.5}, {value: 2}]", "v.enum", ["1.5", "2"], ["1", "'nan'"]),
        (
            "DECIMAL(9,2)",
            'logicalType: number, physicalType: "DECIMAL(9,2)", logicalTypeOptions: {minimum: 0.05}',
            "v.minimum",
            ["0.05", "1"],
            ["0.04", "-1"],
        ),
        (
            "DOUBLE",
            "logicalType: number, logicalTypeOptions: {minimum: 0}",
            "v.minimum",
            ["0", "'-0'", "'inf'"],
            ["-1e-300", "'nan'", "'-inf'"],
        ),
        (
            "BIGINT",
            "logicalType: integer, logicalTypeOptions: {exclusiveMinimum: 9007199254740993}",
            "v.exclusiveMinimum",
            ["9007199254740994"],
            ["9007199254740993"],
        ),
        (
            "TIMESTAMP",
            'logicalType: timestamp, logicalTypeOptions: {maximum: "2026-01-01 12:00:00"}',
            "v.maximum",
            ["'2026-01-01 12:00:00'"],
            ["'2026-01-01 12:00:00.000001'"],
        ),
        (
            "VARCHAR",
            'logicalType: date, physicalType: VARCHAR, logicalTypeOptions: {minimum: "2026-02-01"}',
            "v.minimum",
            ["'2026-10-01'", "'soon'"],
            ["'2026-01-31'"],
        ),
        ("BIGINT", "logicalType: integer, logicalTypeOptions: {multipleOf: 5}", "v.multipleOf", ["0", "-5"], ["7"]),
        (
            "DOUBLE",
            "logicalType: number, logicalTypeOptions: {multipleOf: 0.1}",
            "v.multipleOf",
            ["0.3", "1.1", "-0.7"],
            ["0.35", "'nan'"],
        ),
        (
            "BIGINT",
            "logicalType: integer, logicalTypeOptions: {format: u8}",
            "v.format",
            ["0", "255"],
            ["-1", "256"],
        ),
        ("VARCHAR", "logicalType: string, logicalTypeOptions: {minLength: 2}", "v.minLength", ["'éé'"], ["'é'"]),
        ("VARCHAR", "logicalType: string, logicalTypeOptions: {maxLength: 2}", "v.maxLength", ["'🙂🙂'"], ["'abc'"]),
        (
            "VARCHAR",
            'logicalType: string, physicalType: "varchar(3)"',
            "v.physicalType",
            ["'abc'", "'ééé'"],
            ["'abcd'"],
        ),
        (
            "VARCHAR",
            'logicalType: string, logicalTypeOptions: {pattern: "b+"}',
            "v.pattern",
            ["'abc'", "'b'"],
            ["'ac'", "''"],
        ),
        (
            "VARCHAR",
            'logicalType: string, logicalTypeOptions: {pattern: "^a$"}',
            "v.pattern",
            ["'a'"],
            ["chr(10) || 'a'", "'a' || chr(10)"],
        ),
        (
            "VARCHAR",
            r'logicalType: string, logicalTypeOptions: {pattern: "^\\u00e9(?<digit>\\d)$"}',
            "v.pattern",
            ["'é1'"],
            ["'e1'", "'é٣'"],
        ),
        (
            "VARCHAR",
            r'logicalType: string, logicalTypeOptions: {pattern: "^\\S+$"}',
            "v.pattern",
            ["'ab'", "'é'", "chr(8203)"],
            ["chr(160)", "chr(11)", "'a' || chr(8232)", "chr(65279)", "'a b'"],
        ),
        (
            "VARCHAR",
            r'logicalType: string, logicalTypeOptions: {pattern: "^[\\s,]+$"}',
            "v.pattern",
            ["' ,'", "chr(160)", "chr(8195) || chr(9)"],
            ["'s'", "'a'", "''"],
        ),
        (
            "VARCHAR",
            r'logicalType: string, logicalTypeOptions: {pattern: "^[^\\S,]$"}',
            "v.pattern",
            ["' '", "chr(160)"],
            ["','", "'S'", "'a'"],
        ),
        (
            "VARCHAR",
            'logicalType: string, logicalTypeOptions: {pattern: "^a.[.]$"}',
            "v.pattern",
            ["'ab.'", "'aé.'", "'a..'"],
            ["'abc'", "'a' || chr(10) || '.'", "'a' || chr(13) || '.'", "'a' || chr(8233) || '.'"],
        ),
        (
            "VARCHAR",
            'logicalType: string, logicalTypeOptions: {pattern: "^[^]b$|^[]$"}',
            "v.pattern",
            ["'ab'", "chr(10) || 'b'"],
            ["'b'", "'a'", "''"],
        ),
        (
            "VARCHAR",
            'logicalType: date, physicalType: VARCHAR, logicalTypeOptions: {format: "dd.MM.yyyy"}',
            "v.format",
            ["'31.01.2026'"],
            ["'31.02.2026'", "'2026-01-31'"],
        ),
        (
            "INTEGER[]",
            "logicalType: array, items: {logicalType: integer, physicalType: INTEGER},"
            " logicalTypeOptions: {minItems: 1, uniqueItems: true}",
            "v.uniqueItems",
            ["[1, 2]", "[NULL, NULL]"],
            ["[1, 1]"],
        ),
        (
            "DOUBLE[]",
            "logicalType: array, items: {logicalType: number}, logicalTypeOptions: {uniqueItems: true}",
            "v.uniqueItems",
            ["[1.5::DOUBLE, 'nan']", "['nan'::DOUBLE, NULL, NULL]", "['inf'::DOUBLE, '-inf']"],
            ["['nan'::DOUBLE, 'nan']", "[0.0::DOUBLE, -0.0]"],
        ),
        (
            "INTEGER[]",
            "logicalType: array, items: {logicalType: integer, physicalType: INTEGER},"
            " logicalTypeOptions: {maxItems: 2}",
            "v.maxItems",
            ["[1, 2]", "[]"],
            ["[1, 1, 1]"],
        ),
        (
            "INTEGER[]",
            "logicalType: array, items: {name: each, logicalType: integer, physicalType: INTEGER,"
            " required: true, logicalTypeOptions: {minimum: 0}}",
            "v.each.minimum",
            ["[1, 2]", "[]"],
            ["[1, -1]"],
        ),
        (
            "STRUCT(city VARCHAR, tags VARCHAR[])",
            "logicalType: object, properties: [{name: city, logicalType: string, required: true},"
            " {name: tags, logicalType: array, items: {name: tag, logicalType: string, enum: [{value: x}]}}]",
            "v.city.required",
            ["{'city': 'Oslo', 'tags': []}"],
            ["{'city': NULL, 'tags': []}"],
        ),
        (
            "STRUCT(city VARCHAR, tags VARCHAR[])",
            "logicalType: object, properties: [{name: city, logicalType: string},"
            " {name: tags, logicalType: array, items: {name: tag, logicalType: string, enum: [{value: x}]}}]",
            "v.tags.tag.enum",
            ["{'city': NULL, 'tags': ['x']}", "{'city': NULL, 'tags': NULL}"],
            ["{'city': NULL, 'tags': ['x', 'y']}"],
        ),
        (
            "JSON",
            "logicalType: object, logicalTypeOptions: {required: [a], maxProperties: 2}",
            "v.required properties",
            ["'{\"a\": 1}'"],
            ["'{\"b\": 1}'", "'{}'"],
        ),
    ],
)
def test_a_value_that_breaks_its_promise_is_held_and_no_other(check, kind, declared, rule, keep, broken):
    asked = [value for value in [*keep, *broken] if value != "NULL"]
    assert broken_values(check, kind, declared, asked, rule) == broken


FORMATS = {
    "email": (
        ["a@b.no", "first.last+tag@sub.example.org", "o'neil@example.org"],
        ["a@b", "@b.no", "a b@c.no", "a@b..no", "a@-b.no", ""],
    ),
    "uri": (["https://a.no/x?y=1#z", "urn:isbn:123", "mailto:a@b.no"], ["//a.no", "a.no", "https://a b", "1x:y"]),
    "uuid": (["123e4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000", "x"]),
    "hostname": (["a.no", "localhost", "x-1.example.org"], ["-a.no", "a_b.no", "a..no", f"{'x' * 64}.no"]),
    "byte": (["", "YQ==", "YWJj"], ["YQ=", "Y", "a b="]),
    "date": (["2026-02-28"], ["2026-02-30", "2026-2-3", "28.02.2026"]),
    "date-time": (
        ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+01:00"],
        ["2026-01-31T12:00:00", "2026-01-31", "2026-02-30T12:00:00Z"],
    ),
    "time": (["12:00:00Z", "23:59:59.9+02:00"], ["24:00:00Z", "12:00Z"]),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_takes_what_is_of_it_and_nothing_else(check, name):
    good, bad = ([f"'{text.replace(chr(39), chr(39) * 2)}'" for text in texts] for texts in FORMATS[name])
    declared = f"logicalType: string, logicalTypeOptions: {{format: {name}}}"
    assert broken_values(check, "VARCHAR", declared, [*good, *bad], "v.format") == bad


ADDRESSES_IN_WORDS = """
    0.0.0.0 255.255.255.255 192.168.1.1 1.2.3 256.1.1.1 01.2.3.4 1.2.3.4.5 1.2.3.4. :: ::1 1:: 1::8 1:2:3:4:5:6:7:8
    1:2:3:4:5:6:7:: ::2:3:4:5:6:7:8 1:2:3::6:7:8 1:2:3:4::5:6:7:8 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1::2::3 :1 1: 12345::
    ::ffff:1.2.3.4 64:ff9b::1.2.3.4 1:2:3:4:5:6:1.2.3.4 1:2:3:4:5:6:7:1.2.3.4 ::1.2.3.4 1::1.2.3 g:: fe80::a:b
    ::1:2:3:4:5
    1:2:3:4:5:6::8 1::3:4:5:6:7:8 1:2:3:4:5::1.2.3.4 1:2:3:4::6:1.2.3.4 ::3:4:5:6:7:8
"""
ADDRESSES = ADDRESSES_IN_WORDS.split()


@pytest.mark.parametrize("version", [4, 6])
def test_addresses_are_judged_as_the_standard_library_does(check, version):
    def is_one(text: str) -> bool:
        try:
            return ipaddress.ip_address(text).version == version
        except ValueError:
            return False

    declared = f"logicalType: string, logicalTypeOptions: {{format: ipv{version}}}"
    broken = broken_values(check, "VARCHAR", declared, [f"'{text}'" for text in ADDRESSES], "v.format")
    assert broken == [f"'{text}'" for text in ADDRESSES if not is_one(text)]


def test_every_known_format_is_tried_here():
    assert {*FORMATS, "ipv4", "ipv6"} == set(PATTERN_BY_FORMAT)


def test_a_format_that_nobody_knows_is_not_run_and_stops_nothing(check):
    found = check("SELECT 'x' AS v", "- {name: v, logicalType: string, logicalTypeOptions: {format: iban}}")
    assert found.said("v.format") == ("not_run", None, None, False)
    assert not found.audit.refused


def test_a_bound_that_is_no_value_of_the_column_is_not_run_and_refuses(check):
    found = check("SELECT 1 AS v", "- {name: v, logicalType: integer, logicalTypeOptions: {minimum: soon}}")
    assert found.said("v.minimum") == ("not_run", None, None, True)
    assert found.audit.refused


def test_a_finding_knows_its_column_and_the_line_of_its_promise(check):
    found = check("SELECT 1 AS v", "- {name: v, logicalType: integer, logicalTypeOptions: {minimum: 2}}")
    finding = found.finding("v.minimum")
    assert (finding.columns, finding.place, finding.threshold) == (("v",), Place("orders.yaml", 8, 9), "must be 0")
