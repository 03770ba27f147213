"""The standard's own examples are exported to every format, and real readers take what comes out."""

import io
import json

import duckdb
import jsonschema
import pyarrow.parquet as pq
import pytest

from weft.base.problem import Problem
from weft.base.yaml_source import read_yaml
from weft.spec.formats.export_contract import export_contract
from weft.spec.formats.import_contract import import_contract
from weft.spec.formats.protobuf_syntax import parse_protobuf
from weft.spec.formats.registry import EXPORTED, FORMATS
from weft.spec.formats.source import Source


def duckdb_takes(content: bytes) -> None:
    with duckdb.connect() as database:
        database.execute(content.decode())


def json_schema_is_one(content: bytes) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(content))


def parquet_reads(content: bytes) -> None:
    assert pq.read_table(io.BytesIO(content)).num_rows == 0


def pyiceberg_reads(content: bytes) -> None:
    from pyiceberg.schema import Schema

    assert Schema.model_validate_json(content).fields


def protobuf_parses(content: bytes) -> None:
    assert parse_protobuf(Source("c.proto", content)).file_elements


_READERS = {
    "sql": duckdb_takes,
    "jsonschema": json_schema_is_one,
    "parquet": parquet_reads,
    "iceberg": pyiceberg_reads,
    "protobuf": protobuf_parses,
}


@pytest.mark.parametrize("name", EXPORTED)
def test_every_official_example_is_exported_and_read(shared_standards, name):
    written = 0
    examples = sorted((shared_standards / "odcs" / "docs" / "examples").rglob("*.yaml"))
    assert examples
    for path in examples:
        file, problems = read_yaml(path, path.name)
        assert problems == []
        tables = [table["name"] for table in file.data.get("schema", []) if table.get("properties")]
        for table in tables if FORMATS[name].one_table else [None]:
            if not tables and FORMATS[name].needs_columns:
                with pytest.raises(Problem, match="FORMAT009"):
                    export_contract(file, name)
                continue
            exported = export_contract(file, name, table=table)
            _READERS.get(name, lambda content: None)(exported.content)
            if FORMATS[name].read is not None:
                assert import_contract(Source(f"c{FORMATS[name].endings[0]}", exported.content), name).document["id"]
            written += 1
    assert written >= 5


def test_real_manifests_of_dbt_are_read(shared_data):
    folder = shared_data / "lineage" / "openlineage_dbt" / "small" / "target"
    imported = import_contract(Source("manifest.json", (folder / "manifest.json").read_bytes()))
    assert imported.format.name == "dbt"
    assert imported.document["schema"]


def test_the_models_of_jaffle_shop_are_read(shared_data):
    path = shared_data / "lineage" / "dbt_jaffle_shop" / "models" / "schema.yml"
    imported = import_contract(Source("schema.yml", path.read_bytes()))
    customers, orders = imported.document["schema"]
    assert (customers["name"], orders["name"]) == ("customers", "orders")
    columns = {column["name"]: column for column in orders["properties"]}
    assert columns["order_id"]["unique"] is columns["order_id"]["required"] is True
    assert columns["customer_id"]["relationships"] == [{"to": "customers.customer_id"}]
    assert [entry["value"] for entry in columns["status"]["enum"]] == [
        "placed",
        "shipped",
        "completed",
        "return_pending",
        "returned",
    ]


def test_a_real_file_of_protobuf_is_read(shared_standards):
    folder = shared_standards / "dpds" / "examples" / "tripexecution" / "ports"
    path = folder / "trip-status-oport-schema.proto"
    assert import_contract(Source(path.name, path.read_bytes())).document["schema"]


def test_real_avro_schemas_are_read(shared_standards):
    folder = shared_standards / "dpds" / "examples" / "tripexecution" / "ports"
    for path in sorted(folder.glob("*.avsc")):
        imported = import_contract(Source(path.name, path.read_bytes()))
        assert (imported.format.name, bool(imported.document["schema"])) == ("avro", True)


def test_real_parquet_files_are_read(shared_data):
    paths = sorted((shared_data / "messy" / "parquet_testing").rglob("*.parquet"))
    assert paths
    refused = []
    for path in paths:
        try:
            assert import_contract(Source(path.name, b"PAR1", file=path)).document["schema"]
        except Problem as problem:
            refused.append((path.name, problem.code))
    assert {code for _, code in refused} <= {"FORMAT002", "FORMAT003"}
    assert len(refused) < len(paths) / 4, refused
