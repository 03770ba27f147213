"""Schemas of files and tables: types, nullability, ids, keys and partitions."""

import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from weft.base.problem import Problem


def parquet(schema):
    stream = io.BytesIO()
    with pq.ParquetWriter(stream, schema):
        pass
    return stream.getvalue()


def test_a_parquet_schema_becomes_a_contract(read):
    schema = pa.schema(
        [
            pa.field("id", pa.int64(), nullable=False, metadata={"PARQUET:field_id": "7", "comment": "Its number."}),
            pa.field("kind", pa.dictionary(pa.int32(), pa.string())),
            pa.field("paid_at", pa.timestamp("ns", tz="UTC")),
            pa.field("tags", pa.list_(pa.field("element", pa.string(), nullable=False))),
            pa.field("where", pa.struct([pa.field("city", pa.string())])),
        ],
        metadata={"comment": "Orders.", "owner": "sales"},
    )
    imported = read(parquet(schema), "orders.parquet")
    (table,) = imported.document["schema"]
    assert (table["description"], table["physicalType"]) == ("Orders.", "file")
    identifier, kind, paid_at, tags, where = table["properties"]
    assert {"property": "fieldId", "value": 7} in identifier["customProperties"]
    assert (identifier["required"], identifier["description"]) == (True, "Its number.")
    assert [c["logicalType"] for c in (kind, paid_at, tags, where)] == ["string", "timestamp", "array", "object"]
    assert tags["items"]["required"] is True
    assert [note.what for note in imported.notes] == [
        "The type of paid_at becomes TIMESTAMP WITH TIME ZONE, which is not quite timestamp[ns, tz=UTC].",
        'The file\'s own note "owner" is not read.',
    ]


def test_an_exported_file_holds_nullability_and_ids(write):
    columns = [
        {"name": "id", "logicalType": "integer", "required": True, "description": "Its number."},
        {"name": "u", "logicalType": "string", "physicalType": "UUID"},
    ]
    document = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "c",
        "version": "1.0.0",
        "schema": [{"name": "t", "properties": columns}],
    }
    schema = pq.read_schema(io.BytesIO(write(document, "parquet").content))
    assert [(field.name, str(field.type), field.nullable) for field in schema] == [
        ("id", "int64", False),
        ("u", "extension<arrow.uuid>", True),
    ]
    assert schema.field("id").metadata == {b"PARQUET:field_id": b"1", b"description": b"Its number."}


def test_a_file_that_is_no_parquet_is_told(read):
    with pytest.raises(Problem) as caught:
        read(b"PAR1 and no more", "a.parquet")
    assert caught.value.code == "FORMAT002"


FIELDS = [
    {"id": 4, "name": "id", "required": True, "type": "long", "doc": "Its number."},
    {"id": 5, "name": "day", "required": False, "type": "date", "write-default": "2026-01-01"},
    {
        "id": 6,
        "name": "tags",
        "required": False,
        "type": {"type": "list", "element-id": 7, "element": "decimal(9, 2)", "element-required": True},
    },
]


def test_the_current_schema_of_a_table_is_read_with_its_key_and_partitions(read):
    metadata = {
        "format-version": 2,
        "location": "s3://lake/sales/orders",
        "current-schema-id": 1,
        "schemas": [
            {"type": "struct", "schema-id": 0, "fields": FIELDS[:1]},
            {"type": "struct", "schema-id": 1, "identifier-field-ids": [4], "fields": FIELDS},
        ],
        "default-spec-id": 0,
        "partition-specs": [{"spec-id": 0, "fields": [{"source-id": 5, "transform": "month", "name": "m"}]}],
        "properties": {"comment": "Orders."},
    }
    imported = read(json.dumps(metadata), "v3.metadata.json")
    (table,) = imported.document["schema"]
    assert imported.format.name == "iceberg"
    assert (table["name"], table["description"]) == ("orders", "Orders.")
    identifier, day, tags = table["properties"]
    assert (identifier["primaryKey"], identifier["description"]) == (True, "Its number.")
    assert (day["partitioned"], day["customProperties"]) == (
        True,
        [
            {"property": "fieldId", "value": 5},
            {"property": "default", "value": "2026-01-01"},
            {"property": "partitionTransform", "value": "month"},
        ],
    )
    assert (tags["items"]["physicalType"], tags["items"]["required"]) == ("DECIMAL(9,2)", True)


def test_ids_and_key_of_iceberg_come_back(read, write):
    plain = [{key: value for key, value in field.items() if key != "write-default"} for field in FIELDS]
    schema = {"type": "struct", "schema-id": 0, "identifier-field-ids": [4], "fields": plain}
    exported = write(read(json.dumps(schema), "orders.json").document, "iceberg")
    assert json.loads(exported.content) == schema


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ({"type": "struct"}, "FORMAT002"),
        ({"type": "struct", "fields": [{"id": 1, "name": "a", "required": True, "type": "text"}]}, "FORMAT005"),
        ({"type": "struct", "fields": [{"id": 1, "name": "a"}]}, "FORMAT002"),
        ({"type": "struct", "fields": []}, "FORMAT003"),
    ],
)
def test_a_schema_that_is_none_is_told(read, schema, code):
    with pytest.raises(Problem) as caught:
        read(json.dumps(schema), "a.json", "iceberg")
    assert caught.value.code == code
