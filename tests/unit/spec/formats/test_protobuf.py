"""Protobuf becomes a contract: messages, labels, enums, one-ofs, options, and what cannot be a table."""

import pytest

from weft.base.problem import Problem

ORDER = """
syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";

// What was ordered.
message Order {
  // Its number.
  int64 id = 1 [(buf.validate.field).int64 = {gt: 0}];
  optional string note = 2 [deprecated = true, (buf.validate.field).string.max_len = 20];
  enum Status {
    STATUS_UNSPECIFIED = 0;
    OPEN = 1;
    SENT = 2;
  }
  Status status = 3;
  repeated Line lines = 4; // What of.
  map<string, int32> counts = 5;
  google.protobuf.Timestamp placed_at = 6;
  oneof payment {
    string card = 7;
    string iban = 8;
  }
  reserved 9;
}

message Line { string article = 1; }
service Orders { rpc Get (Order) returns (Order); }
"""


def number(value):
    return {"customProperties": [{"property": "fieldNumber", "value": value}]}


def test_a_message_becomes_a_table(read):
    imported = read(ORDER, "order.proto")
    (table,) = imported.document["schema"]
    text = {"logicalType": "string", "physicalType": "VARCHAR"}
    assert table == {
        "name": "Order",
        "logicalType": "object",
        "physicalType": "table",
        "description": "What was ordered.",
        "customProperties": [{"property": "package", "value": "shop"}],
        "quality": [
            {
                "name": "one_of_payment",
                "type": "sql",
                "query": 'SELECT count(*) FROM ${table} WHERE NOT (CAST("card" IS NOT NULL AS INTEGER) + '
                'CAST("iban" IS NOT NULL AS INTEGER) <= 1)',
                "mustBe": 0,
                "description": "At most one of these columns has a value.",
            }
        ],
        "properties": [
            {
                "name": "id",
                "logicalType": "integer",
                "physicalType": "BIGINT",
                "required": True,
                "logicalTypeOptions": {"exclusiveMinimum": 0},
                "description": "Its number.",
                **number(1),
            },
            {"name": "note", **text, "deprecated": True, "logicalTypeOptions": {"maxLength": 20}, **number(2)},
            {"name": "status", **text, "enum": [{"value": "OPEN"}, {"value": "SENT"}], "required": True, **number(3)},
            {
                "name": "lines",
                "logicalType": "array",
                "items": {
                    "logicalType": "object",
                    "properties": [{"name": "article", **text, "required": True, **number(1)}],
                    "required": True,
                },
                "required": True,
                "description": "What of.",
                **number(4),
            },
            {
                "name": "counts",
                "logicalType": "map",
                "map": {"key": text, "value": {"logicalType": "integer", "physicalType": "INTEGER", "required": True}},
                "required": True,
                **number(5),
            },
            {
                "name": "placed_at",
                "logicalType": "timestamp",
                "physicalType": "TIMESTAMP WITH TIME ZONE",
                "logicalTypeOptions": {"timezone": True},
                **number(6),
            },
            {"name": "card", **text, **number(7)},
            {"name": "iban", **text, **number(8)},
        ],
    }
    assert [note.what for note in imported.notes] == [
        "A service or an extension says nothing about rows.",
        "Numbers and names that Order keeps free say nothing about rows.",
    ]


def test_a_field_of_proto2_says_itself_whether_it_is_required(read):
    text = 'syntax = "proto2";\nmessage A { required int32 a = 1; optional int32 b = 2 [default = 5]; }'
    a, b = read(text, "a.proto").document["schema"][0]["properties"]
    assert (a.get("required"), b.get("required")) == (True, None)
    assert {"property": "default", "value": 5} in b["customProperties"]


def test_an_export_keeps_the_numbers_of_fields(read, write):
    imported = read('syntax = "proto3";\nmessage A {\n  int32 b = 7;\n  int32 c = 3;\n}', "a.proto")
    assert write(imported.document, "protobuf").content.decode() == (
        'syntax = "proto3";\n\nmessage A {\n  int32 b = 7;\n  int32 c = 3;\n}\n'
    )


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("message A {\n  int32 = 1;\n}", "FORMAT002", 2),
        ("hello world", "FORMAT002", 1),
        ("message A {\n  int32 a = 1;\n", "FORMAT002", 3),
        ("message A {\n  B b = 1;\n}", "FORMAT005", 2),
        ("message A {\n  int32 n = 1;\n  repeated A a = 2;\n}", "FORMAT004", 1),
        ("message A { B b = 1; }\nmessage B { A a = 1; }", "FORMAT004", 1),
        ('syntax = "proto3";', "FORMAT003", None),
    ],
)
def test_a_mistake_is_told_with_its_place(read, capsys, text, code, line):
    with pytest.raises(Problem) as caught:
        read(text, "a.proto", "protobuf")
    assert (caught.value.code, caught.value.where.line) == (code, line)
    assert capsys.readouterr().err == ""
