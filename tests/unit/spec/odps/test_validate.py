"""Our models and the official JSON schemas must agree on every document, good or bad."""

import json

import pytest
from jsonschema import Draft201909Validator

from weft.base.yaml_source import read_yaml, read_yaml_text
from weft.spec.odps.validate import VERSIONS, breaks_of, model_of, validate_product

LINK = {"type": "tutorial", "url": "https://example.org", "description": "d"}
PAIR = {"property": "p", "value": {"any": [1]}, "description": "d"}
NOTES = {"tags": ["t"], "customProperties": [PAIR], "authoritativeDefinitions": [LINK]}
MEMBER = {"username": "ada", "name": "Ada", "role": "owner", "dateIn": "2026-01-01", "dateOut": "2026-02-01", **NOTES}
SUPPORT = {"channel": "c", "url": "u", "description": "d", "tool": "t", "scope": "s", "invitationUrl": "i", **NOTES}
MANAGEMENT = {
    "name": "m",
    "content": "control",
    "type": "rest",
    "url": "u",
    "channel": "c",
    "description": "d",
    **NOTES,
}
SBOM = {"type": "external", "url": "u"}
OUTPUT = {
    "name": "o",
    "version": "1.0.0",
    "description": "d",
    "type": "tables",
    "contractId": "c",
    "sbom": [SBOM],
    "inputContracts": [{"id": "i", "version": "1"}],
}
PLAIN = {
    "kind": "DataProduct",
    "id": "i",
    "status": "active",
    "name": "n",
    "version": "1.0.0",
    "domain": "d",
    "tenant": "t",
    "description": {
        "purpose": "p",
        "limitations": "l",
        "usage": "u",
        "authoritativeDefinitions": [LINK],
        "customProperties": [PAIR],
    },
    "inputPorts": [{"name": "a", "version": "1.0.0", "contractId": "c"}],
    "outputPorts": [OUTPUT],
    "managementPorts": [MANAGEMENT],
    "support": [SUPPORT],
    "productCreatedTs": "2026-01-01T00:00:00Z",
    **NOTES,
}
TEAM = {"name": "team", "description": "d", "members": [MEMBER], **NOTES}
RICH_PAIR = {**PAIR, "id": "x", "vendor": "soda"}
SYNONYM = {"synonym": "s", "id": "x", "locale": "fr-FR", "source": "g", "status": "active", "customProperties": [PAIR]}
CONTEXT = {
    "instructions": "i",
    "verifiedStatements": [{"id": "x", "question": "q", "answer": "a", **NOTES}],
    "constraints": [{"id": "x", "constraint": "c", **NOTES}],
}
DOCUMENTS = {
    "v0.9.0": {"apiVersion": "v0.9.0", **PLAIN, "team": [MEMBER]},
    "v1.0.0": {
        "apiVersion": "v1.0.0",
        **PLAIN,
        "inputPorts": [{"name": "a", "version": "1.0.0", "contractId": "c", **NOTES}],
        "outputPorts": [{**OUTPUT, **NOTES}],
        "team": TEAM,
    },
    "v1.1.0": {
        "apiVersion": "v1.1.0",
        **PLAIN,
        "deprecated": False,
        "type": "aggregate",
        "synonyms": [SYNONYM],
        "context": CONTEXT,
        "customProperties": [RICH_PAIR],
        "inputPorts": [{"name": "a", "id": "x", "deprecated": True, "version": "1", "contractId": "c", **NOTES}],
        "outputPorts": [
            {**OUTPUT, "id": "x", "sbom": [{**SBOM, "id": "x", **NOTES}], "synonyms": [SYNONYM], "context": CONTEXT}
        ],
        "managementPorts": [{**MANAGEMENT, "id": "x", "deprecated": True}],
        "support": [{**SUPPORT, "id": "x"}],
        "team": {**TEAM, "members": [{**MEMBER, "id": "x", "replacedByUsername": "b"}]},
    },
}
WORDS = ("id", "name", "version", "tags", "team", "value", "vendor", "synonyms", "v0.9.0", "v1.0.0", "v1.1.0", "wrong")


def _official(standards, version):
    path = standards / "odps-bitol" / "schema" / f"odps-json-schema-{version}.json"
    return Draft201909Validator(json.loads(path.read_text()))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_model_accepts_and_refuses_what_the_official_schema_does(version, shared_standards, mutations):
    official = _official(shared_standards, version)
    assert official.is_valid(DOCUMENTS[version])
    verdicts = {True: 0, False: 0}
    for seed, document in enumerate(DOCUMENTS.values()):
        for changed in mutations(document, seed, 2000, WORDS):
            expected = official.is_valid(changed)
            assert (breaks_of(changed, version) == []) == expected, changed
            verdicts[expected] += 1
    assert verdicts[True] > 100
    assert verdicts[False] > 1000  # the mutations are no use when all of them are good, or bad


@pytest.mark.parametrize("version", VERSIONS)
def test_a_validated_document_comes_out_of_the_model_unchanged(version):
    model = model_of(version).model_validate(DOCUMENTS[version])
    assert json.loads(model.model_dump_json(by_alias=True, exclude_unset=True)) == DOCUMENTS[version]


def test_official_examples_are_valid(shared_standards):
    paths = sorted((shared_standards / "odps-bitol").rglob("*.odps.yaml"))
    paths += sorted((shared_standards / "odps-bitol").glob("*.yaml"))
    assert paths
    for path in paths:
        file, problems = read_yaml(path)
        assert problems + validate_product(file) == []


def test_an_older_version_may_use_what_the_newest_added():
    file, _ = read_yaml_text("apiVersion: v1.0.0\nkind: DataProduct\nid: a\nsynonyms: [{synonym: b}]\n", "p.yaml")
    assert validate_product(file) == []


def test_every_mistake_of_a_product_is_told_at_its_place_with_the_nearest_word():
    text = """\
apiVersion: v1.1.0
kind: DataProdct
id: 7
nmae: Orders
outputPorts:
  - nam: orders
    tags: [pii, 1]
team: []
customProperties:
  - property: a
"""
    file, _ = read_yaml_text(text, "product.yaml")
    assert [str(problem) for problem in validate_product(file)] == [
        'ODPS004  product.yaml:2:1\n  "kind" has a value that the standard does not know.\n'
        '  Found: "DataProdct"\n  Expected: DataProduct\n  Fix: Did you mean "DataProduct"?',
        (
            'ODPS003  product.yaml:3:1\n  "id" has the wrong type.\n'
            "  Found: a number\n  Expected: a text\n  Fix: Quote it."
        ),
        'ODPS001  product.yaml:4:1\n  The standard has no key "nmae" here.\n  Fix: Did you mean "name"?',
        'ODPS001  product.yaml:6:5\n  The standard has no key "nam" here.\n  Fix: Did you mean "name"?',
        'ODPS002  product.yaml:6:5\n  The key "name" is missing.\n  Fix: Is "nam" meant to be it?',
        'ODPS003  product.yaml:7:17\n  "tags[2]" has the wrong type.\n'
        "  Found: a number\n  Expected: a text\n  Fix: Quote it.",
        'ODPS003  product.yaml:8:1\n  "team" has the wrong type.\n  Found: a list\n  Expected: a mapping',
        'ODPS002  product.yaml:10:5\n  The key "value" is missing.',
    ]
