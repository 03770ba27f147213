"""A file that is damaged anywhere is told as a mistake; no reader falls over it."""

import json
import random
from typing import Any

import pytest

from weft.base.problem import Problem, Problems
from weft.base.yaml_source import YamlFile
from weft.spec.formats.export_contract import export_contract
from weft.spec.formats.import_contract import import_contract
from weft.spec.formats.source import Source

DOCUMENT = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "c",
    "version": "1.0.0",
    "schema": [
        {
            "name": "t",
            "properties": [
                {"name": "id", "logicalType": "integer", "primaryKey": True, "required": True},
                {"name": "kind", "logicalType": "string", "enum": [{"value": "a"}]},
                {"name": "tags", "logicalType": "array", "items": {"logicalType": "date"}},
                {"name": "at", "logicalType": "object", "properties": [{"name": "x", "logicalType": "number"}]},
            ],
        }
    ],
}


def damaged(value: Any, chance: random.Random) -> Any:
    if chance.random() < 0.08:
        return chance.choice([None, 1, "x", [], {}, True, [1], {"a": 1}, -1.5])
    if isinstance(value, dict):
        return {key if chance.random() > 0.03 else "zz": damaged(item, chance) for key, item in value.items()}
    return [damaged(item, chance) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["jsonschema", "avro", "iceberg"])
def test_json_that_is_damaged_is_told(name):
    whole = json.loads(export_contract(YamlFile("c.yaml", DOCUMENT), name).content)
    told = 0
    for seed in range(150):
        content = json.dumps(damaged(whole, random.Random(seed))).encode()
        try:
            import_contract(Source("c.json", content), name)
        except (Problem, Problems):
            told += 1
    assert told > 20


@pytest.mark.parametrize("name", ["sql", "protobuf", "parquet", "dbt"])
def test_bytes_that_are_damaged_are_told(name):
    whole = export_contract(YamlFile("c.yaml", DOCUMENT), name).content
    told = 0
    for seed in range(60):
        chance, content = random.Random(seed), bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            start = chance.randrange(len(content))
            del content[start : start + chance.randint(1, 9)]
        try:
            import_contract(Source("c", bytes(content)), name)
        except (Problem, Problems):
            told += 1
    assert told > 5
