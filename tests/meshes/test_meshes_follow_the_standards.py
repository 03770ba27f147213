"""Every file of a reference mesh that a standard describes is valid by the official schema of that standard."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

MESHES = Path(__file__).parents[2] / "meshes"
PRODUCTS = sorted(MESHES.glob("*/domains/*/*/product.yaml"))
CONTRACTS = sorted(MESHES.glob("*/domains/*/*/contracts/*.yaml"))


class TextDates(yaml.SafeLoader):
    """YAML as the standards mean it: a date is a text."""


TextDates.yaml_implicit_resolvers = {
    letter: [rule for rule in rules if rule[0] != "tag:yaml.org,2002:timestamp"]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_there_are_files_to_look_at():
    assert (len(PRODUCTS), len(CONTRACTS)) == (22, 29)


@pytest.mark.parametrize("path", PRODUCTS, ids=lambda path: str(path.relative_to(MESHES)))
def test_a_product_is_valid_odps(path, shared_standards):
    schema = shared_standards / "odps-bitol" / "schema" / "odps-json-schema-v1.1.0.json"
    _validate(path, schema)


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: str(path.relative_to(MESHES)))
def test_a_contract_is_valid_odcs(path, shared_standards):
    schema = shared_standards / "odcs" / "schema" / "odcs-json-schema-v3.2.0.json"
    _validate(path, schema)


def _validate(path: Path, schema: Path) -> None:
    document = yaml.load(path.read_text(encoding="utf-8"), TextDates)
    validator = jsonschema.Draft201909Validator(json.loads(schema.read_text(encoding="utf-8")))
    assert [error.message for error in validator.iter_errors(document)] == []
