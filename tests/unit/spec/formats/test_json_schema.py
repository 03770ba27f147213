"""JSON Schema becomes a contract, and a contract a schema that takes and refuses the rows that it would."""

import json

import jsonschema
import pytest

from weft.base.problem import Problem
from weft.spec.formats.json_references import Resolver


def columns(imported):
    return {column["name"]: column for column in imported.document["schema"][0]["properties"]}


def schema(**properties):
    return json.dumps(
        {"type": "object", "title": "t", "properties": properties, "$defs": {"code": {"enum": ["a", "b"]}}}
    )


@pytest.mark.parametrize(
    ("written", "column"),
    [
        (
            {"type": "string", "maxLength": 3},
            {"logicalType": "string", "physicalType": "VARCHAR", "logicalTypeOptions": {"maxLength": 3}},
        ),
        ({"type": ["integer", "null"]}, {"logicalType": "integer", "physicalType": "BIGINT"}),
        (
            {"type": "number", "minimum": 1, "exclusiveMinimum": True},
            {"logicalType": "number", "physicalType": "DOUBLE", "logicalTypeOptions": {"exclusiveMinimum": 1}},
        ),
        ({"type": "string", "format": "date"}, {"logicalType": "date", "physicalType": "DATE"}),
        (
            {"$ref": "#/$defs/code"},
            {"logicalType": "string", "physicalType": "VARCHAR", "enum": [{"value": "a"}, {"value": "b"}]},
        ),
        ({"const": 3}, {"logicalType": "integer", "physicalType": "BIGINT", "enum": [{"value": 3}]}),
        ({"oneOf": [{"type": "null"}, {"type": "boolean"}]}, {"logicalType": "boolean", "physicalType": "BOOLEAN"}),
        (
            {"allOf": [{"type": "string"}, {"minLength": 1}]},
            {"logicalType": "string", "physicalType": "VARCHAR", "logicalTypeOptions": {"minLength": 1}},
        ),
        (
            {"type": "array", "items": {"type": "boolean"}, "minItems": 1},
            {
                "logicalType": "array",
                "items": {"logicalType": "boolean", "physicalType": "BOOLEAN", "required": True},
                "logicalTypeOptions": {"minItems": 1},
            },
        ),
        (
            {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
            {
                "logicalType": "map",
                "map": {
                    "key": {"logicalType": "string", "physicalType": "VARCHAR"},
                    "value": {"logicalType": "number", "physicalType": "DOUBLE"},
                },
            },
        ),
        ({"type": "object"}, {"logicalType": "object", "physicalType": "JSON"}),
        (
            {"type": "string", "default": "x", "title": "X", "deprecated": True},
            {
                "logicalType": "string",
                "physicalType": "VARCHAR",
                "businessName": "X",
                "deprecated": True,
                "customProperties": [{"property": "default", "value": "x"}],
            },
        ),
    ],
)
def test_a_property_becomes_a_column(read, written, column):
    imported = read(schema(c=written), "t.json")
    assert columns(imported)["c"] == {"name": "c", **column}
    assert imported.notes == ()


@pytest.mark.parametrize(
    ("written", "note"),
    [
        ({"type": "string", "if": {}}, 'A contract has no words for "if" of t.c.'),
        ({"type": ["string", "integer"]}, "t.c has values of several types: it becomes a text of JSON."),
        (
            {"anyOf": [{"type": "string"}, {"type": "integer"}]},
            '"anyOf" of t.c gives a choice of shapes: it becomes a text of JSON.',
        ),
        (True, "t.c takes every value: it becomes a text of JSON."),
    ],
)
def test_what_a_contract_has_no_words_for_is_told(read, written, note):
    imported = read(schema(c=written), "t.json")
    assert [one.what for one in imported.notes] == [note]
    assert imported.notes[0].where.line == 1


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("{\n", "FORMAT002", 2),
        ("[]", "FORMAT002", 1),
        (schema(c={"type": "text"}), "FORMAT005", 1),
        (schema(c={"$ref": "#/$defs/none"}), "FORMAT005", 1),
        (schema(c={"$ref": "other.json"}), "FORMAT005", 1),
        (schema(c={"$ref": "#"}), "FORMAT004", 1),
        ('{"type": "string"}', "FORMAT003", None),
        ("", "FORMAT003", None),
    ],
)
def test_a_mistake_is_told_with_its_place(read, text, code, line):
    with pytest.raises(Problem) as caught:
        read(text, "t.json", "jsonschema")
    assert (caught.value.code, caught.value.where.line) == (code, line)


def test_references_with_escapes_and_anchors_are_followed():
    root = {"$defs": {"a/b~c d": {"type": "string"}, "x": {"$anchor": "here", "type": "integer"}}}
    resolver = Resolver(root, "t.json")
    assert [
        resolver.resolve({"$ref": reference}, (), None, ())[0] for reference in ("#/$defs/a~1b~0c%20d", "#here")
    ] == [{"type": "string"}, {"$anchor": "here", "type": "integer"}]


CONTRACT = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "orders",
    "version": "1.0.0",
    "schema": [
        {
            "name": "orders",
            "properties": [
                {"name": "id", "logicalType": "integer", "physicalType": "INTEGER", "required": True},
                {"name": "status", "logicalType": "string", "enum": [{"value": "open"}, {"value": "sent"}]},
                {
                    "name": "total",
                    "logicalType": "number",
                    "physicalType": "DECIMAL(12,2)",
                    "logicalTypeOptions": {"minimum": 0},
                },
                {
                    "name": "code",
                    "logicalType": "string",
                    "logicalTypeOptions": {"pattern": "^[A-Z]+$", "maxLength": 3},
                },
                {"name": "placed_on", "logicalType": "date"},
                {"name": "tags", "logicalType": "array", "items": {"logicalType": "string", "required": True}},
                {
                    "name": "address",
                    "logicalType": "object",
                    "properties": [{"name": "city", "logicalType": "string", "required": True}],
                },
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("row", "is_taken"),
    [
        ({"id": 1}, True),
        ({"id": 1, "status": None, "total": 1.5, "code": "AB", "placed_on": "2026-01-31", "tags": []}, True),
        ({"id": 1, "address": {"city": "Ulm"}}, True),
        ({}, False),
        ({"id": None}, False),
        ({"id": 2**31}, False),
        ({"id": 1, "status": "lost"}, False),
        ({"id": 1, "total": -1}, False),
        ({"id": 1, "code": "ABCD"}, False),
        ({"id": 1, "code": "ab"}, False),
        ({"id": 1, "tags": [None]}, False),
        ({"id": 1, "address": {}}, False),
    ],
)
def test_the_exported_schema_takes_and_refuses_rows_as_the_contract_does(write, row, is_taken):
    exported = json.loads(write(CONTRACT, "jsonschema").content)
    jsonschema.Draft202012Validator.check_schema(exported)
    assert jsonschema.Draft202012Validator(exported).is_valid(row) is is_taken


def test_types_that_json_lacks_come_back(read, write):
    exported = write(CONTRACT, "jsonschema")
    found = columns(read(exported.content, "orders.json"))
    assert found["total"]["physicalType"] == "DECIMAL(12,2)"
    assert found["id"]["physicalType"] == "INTEGER"
