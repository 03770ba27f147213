import json

import pytest
from jsonschema import Draft201909Validator

from weft.base.problem import errors_of
from weft.base.yaml_source import read_yaml, read_yaml_text
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.schemas import NEWEST, schema_of
from weft.spec.odcs.validate import breaks_of, validate_contract

WORDS = ("id", "name", "type", "value", "items", "from", "metric", "mustBe", "rule", "logicalType", "v3.0.2", "map")


def _examples(standards):
    return sorted((standards / "odcs").rglob("*.yaml"))


def _official(standards, version):
    path = standards / "odcs" / "schema" / f"odcs-json-schema-{version}.json"
    return json.loads(path.read_text())


def _without_words(schema):
    """A schema without what only people read."""
    if isinstance(schema, list):
        return [_without_words(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    words = ("description", "examples", "title", "default", "deprecated", "$comment")
    return {
        key: _without_words(value)
        for key, value in schema.items()
        if key not in words or (isinstance(value, dict) and key != "default")
    }


def test_the_schema_of_the_package_is_corrected_to_the_official_one(shared_standards):
    assert _without_words(schema_of(NEWEST)) == _without_words(_official(shared_standards, NEWEST))


@pytest.mark.parametrize("version", ["v3.0.2", "v3.1.0"])
def test_the_shipped_schemas_are_the_official_ones(version, shared_standards):
    assert schema_of(version) == _official(shared_standards, version)


def test_every_official_example_loads_without_a_problem(shared_standards):
    examples = _examples(shared_standards)
    assert len(examples) >= 13
    for path in examples:
        file, problems = read_yaml(path)
        assert problems + validate_contract(file) + contract_of(file)[1] == []


def test_mutated_examples_are_refused_exactly_where_the_official_schemas_refuse_them(shared_standards, mutations):
    newest = Draft201909Validator(_official(shared_standards, NEWEST))
    by_version = {v: Draft201909Validator(_official(shared_standards, v)) for v in ("v3.0.2", "v3.1.0", NEWEST)}
    verdicts = {True: 0, False: 0}
    for seed, path in enumerate(_examples(shared_standards)):
        file, _ = read_yaml(path)
        for changed in mutations(file.data, seed, 60, WORDS):
            version = changed.get("apiVersion") if isinstance(changed, dict) else None
            own = by_version.get(version) if isinstance(version, str) else None
            expected = newest.is_valid(changed) or (own is not None and own.is_valid(changed))
            assert (breaks_of(changed) == []) == expected, changed
            verdicts[expected] += 1
    assert min(verdicts.values()) > 100


def test_a_column_without_a_logical_type_is_valid():
    text = "apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: 1.0.0\nschema: [{name: t, properties: [{name: c}]}]"
    file, _ = read_yaml_text(text, "c.yaml")
    assert validate_contract(file) == []


HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: 1.0.0\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("context: 7", '5:1 "context" has the wrong type. | a number | a text or a mapping'),
        ("team: {nmae: a}", '5:8 The standard has no key "nmae" here. | Did you mean "name"?'),
        ("team: [{name: a}]", '5:8 The key "username" is missing.'),
        (
            "servers: [{server: a, type: postgress}]",
            '5:23 "type" has a value that the standard does not know. | "postgress" | Did you mean "postgres"?',
        ),
        (
            "servers: [{server: a, type: kafka, host: h, dataset: d}]",
            '5:45 The standard has no key "dataset" here. | one of customProperties, description, encoding, '
            "environment, format, host, id, roles, server, type"
            " | Put what the standard has no key for below `customProperties`.",
        ),
        (
            "schema: [{name: t, properties: [{name: c, requird: true}]}]",
            '5:43 The standard has no key "requird" here. | Did you mean "required"?',
        ),
        (
            "schema: [{name: t, properties: [{name: c, logicalType: integr}]}]",
            '5:43 "logicalType" has a value that the standard does not know. | "integr" | one of string, date, '
            'timestamp, time, number, integer, object, array, boolean, map, vector | Did you mean "integer"?',
        ),
        (
            "schema: [{name: t, quality: [{metric: rowCount}]}]",
            "5:30 One of several keys is needed and none is there. | one of mustBe, mustNotBe, mustBeGreaterThan, "
            "mustBeGreaterOrEqualTo, mustBeLessThan, mustBeLessOrEqualTo, mustBeBetween, mustNotBeBetween",
        ),
        (
            "schema: [{name: t, quality: [{metric: rowCount, mustBe: 1, mustBeLessThan: 3}]}]",
            "5:30 Keys exclude each other. | mustBe, mustBeLessThan | one of mustBe, mustNotBe, mustBeGreaterThan, "
            "mustBeGreaterOrEqualTo, mustBeLessThan, mustBeLessOrEqualTo, mustBeBetween, mustNotBeBetween",
        ),
        (
            "schema: [{name: t, properties: [{name: c, relationships: [{to: customers}]}]}]",
            '5:60 "to" has a form that the standard does not know. | "customers" | a reference such as customers.id',
        ),
        (
            "schema: [{name: t, properties: [{name: c, enum: [a]}]}]",
            '5:50 "enum[1]" has the wrong type. | a text | a mapping',
        ),
        (
            "slaProperties: [{property: latency, value: [1]}]",
            '5:37 "value" has the wrong type. | a list | a text or a number or true or false or nothing',
        ),
    ],
)
def test_a_break_is_told_at_its_place_in_words(text, told):
    file, _ = read_yaml_text(HEAD + text, "c.yaml")
    shown = [
        " | ".join(
            str(part)
            for part in (f"{p.where.line}:{p.where.column} {p.what}", p.found, p.expected, p.fix)
            if part is not None
        )
        for p in errors_of(validate_contract(file))
    ]
    assert shown == [told]


def test_an_unknown_version_is_one_problem_and_no_flood():
    file, _ = read_yaml_text("apiVersion: v3.3.0\nkind: Else\nfoo: 1\n", "c.yaml")
    assert [problem.what for problem in validate_contract(file)] == [
        '"apiVersion" has a value that the standard does not know.'
    ]
