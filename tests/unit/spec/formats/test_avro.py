"""Avro becomes a contract: unions with null, named types, logical types, and what cannot be a table."""

import json

import pytest

from weft.base.problem import Problem


def record(*fields, **more):
    return json.dumps({"type": "record", "name": "Order", "namespace": "shop", "fields": list(fields), **more})


def column(imported):
    return imported.document["schema"][0]["properties"][0]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("long", {"logicalType": "integer", "physicalType": "BIGINT", "required": True}),
        (["null", "string"], {"logicalType": "string", "physicalType": "VARCHAR"}),
        ({"type": "int", "logicalType": "date"}, {"logicalType": "date", "physicalType": "DATE", "required": True}),
        (
            {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
            {"logicalType": "number", "physicalType": "DECIMAL(12,2)", "required": True},
        ),
        (
            {"type": "enum", "name": "Status", "symbols": ["open", "sent"]},
            {
                "logicalType": "string",
                "physicalType": "VARCHAR",
                "enum": [{"value": "open"}, {"value": "sent"}],
                "required": True,
            },
        ),
        (
            {"type": "array", "items": ["null", "int"]},
            {
                "logicalType": "array",
                "items": {"logicalType": "integer", "physicalType": "INTEGER"},
                "required": True,
            },
        ),
        (
            {"type": "fixed", "name": "Hash", "size": 16},
            {
                "logicalType": "string",
                "physicalType": "BLOB",
                "customProperties": [{"property": "fixedSize", "value": 16}],
                "required": True,
            },
        ),
        (
            {
                "type": "record",
                "name": "Address",
                "doc": "Where to.",
                "fields": [{"name": "city", "type": "string", "doc": "Town."}],
            },
            {
                "logicalType": "object",
                "properties": [
                    {
                        "name": "city",
                        "logicalType": "string",
                        "physicalType": "VARCHAR",
                        "required": True,
                        "description": "Town.",
                    }
                ],
                "description": "Where to.",
                "required": True,
            },
        ),
    ],
)
def test_a_field_becomes_a_column(read, kind, found):
    imported = read(record({"name": "c", "type": kind}), "o.avsc")
    assert (column(imported), imported.notes) == ({"name": "c", **found}, ())


def test_a_named_type_is_found_again_by_its_short_and_its_full_name(read):
    enum = {"type": "enum", "name": "Status", "symbols": ["open"]}
    fields = [{"name": f"c{n}", "type": kind} for n, kind in enumerate((enum, "Status", "shop.Status"))]
    columns = read(record(*fields), "o.avsc").document["schema"][0]["properties"]
    assert [c["enum"] for c in columns] == [[{"value": "open"}]] * 3


def test_defaults_and_aliases_are_kept_and_settings_are_told(read):
    field = {"name": "c", "type": "int", "default": 1, "aliases": ["d"], "sensitive": True}
    imported = read(record(field), "o.avsc")
    assert column(imported)["customProperties"] == [
        {"property": "default", "value": 1},
        {"property": "aliases", "value": ["d"]},
    ]
    assert [note.what for note in imported.notes] == [
        '"sensitive" of Order.c is a setting of its own; a contract has no words for it.'
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('{"type": "record",\n', "FORMAT002", 2),
        ('{"type": "enum", "name": "A", "symbols": []}', "FORMAT003", None),
        ('{"type": "record", "name": "A"}', "FORMAT002", 1),
        (record({"name": "c", "type": "bigint"}), "FORMAT005", 1),
        (record({"name": "c", "type": ["null", "Order"]}), "FORMAT004", 1),
        (record({"name": "c"}), "FORMAT002", 1),
    ],
)
def test_a_mistake_is_told_with_its_place(read, text, code, line):
    with pytest.raises(Problem) as caught:
        read(text, "o.avsc", "avro")
    assert (caught.value.code, caught.value.where.line) == (code, line)
