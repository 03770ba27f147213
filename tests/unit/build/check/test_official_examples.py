"""Every official example of both standards loads, is checked, compiles to promises, and comes back as it was."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from weft.base.yaml_source import read_yaml
from weft.build.check.compile_checks import compile_checks
from weft.build.check.foreign.known import reasons_not_computed
from weft.spec.load import load_mesh
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.schemas import versions
from weft.spec.rule import RuleContext
from weft.spec.rule_book import run_rules
from weft.spec.write import write_contract, write_product

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
# What `weft check` says of each: what an example of one part lacks of a whole contract, and mistakes of the standard's
# own authors: the service levels of the full example are about a table that it does not have.
TOLD = {
    "full-example.odcs.yaml": {"CONTRACT106", "CONTRACT119", "CONTRACT120"},
    "table-column-description.odcs.yaml": set(),
    "column-accuracy.odcs.yaml": set(),
    "column-completeness.odcs.yaml": {"CONTRACT106"},
    "column-validity.odcs.yaml": {"CONTRACT106"},
    "all-schema-types.odcs.yaml": {"CONTRACT106", "CONTRACT127"},
    "kafka-schema.odcs.yaml": set(),
    "table-column.odcs.yaml": {"CONTRACT105"},
    "table-columns-with-partition.odcs.yaml": {"CONTRACT105", "CONTRACT106"},
    "azure-server.odcs.yaml": {"CONTRACT105", "CONTRACT127"},
    "kafka-server.odcs.yaml": {"CONTRACT105", "CONTRACT127"},
    "basic-four-dpo.odcs.yaml": {"CONTRACT105", "CONTRACT127"},
    "odcs-3.2.0.init.yaml": {"CONTRACT105", "CONTRACT127"},
}


def _contracts(standards):
    return {path.name: path for path in sorted((standards / "odcs").rglob("*.yaml"))}


def _products(standards):
    return {path.name: path for path in sorted((standards / "odps-bitol").rglob("*.yaml"))}


def _mesh(root):
    product = root / "domains/examples/one"
    (product / "contracts").mkdir(parents=True)
    (root / "weft.yaml").write_text("name: examples\n")
    (root / "teams.yaml").write_text("teams: [{name: team}]\n")
    (root / "domains/examples/domain.yaml").write_text("owner: team\n")
    return product


def _problems(root):
    mesh = load_mesh(root, environ={})
    context = RuleContext(mesh, reasons_not_computed=reasons_not_computed)
    return [*mesh.problems, *run_rules(context)]


def _kinds(contract):
    """Families of promises that it compiles to."""
    promises = [compile_checks(table, contract, now=NOW) for table in contract.tables]
    shapes = [shape for one in promises for shape in (one.rows, one.keys, one.references, one.values, one.unchecked)]
    return {promise.kind for shape in shapes for promise in shape}


def test_every_official_contract_is_known_here(shared_standards):
    assert sorted(_contracts(shared_standards)) == sorted(TOLD)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_an_official_contract_is_checked_in_a_mesh(name, shared_standards, tmp_path):
    path = _contracts(shared_standards)[name]
    product = _mesh(tmp_path)
    shutil.copy(path, product / "contracts/example.yaml")
    contract, problems = contract_of(read_yaml(path)[0])
    assert problems == []
    tables = [table.name.lower() for table in contract.tables] or ["nothing"]
    ports = "".join(f"  - {{name: {table}, version: 1.0.0, contractId: {contract.id}}}\n" for table in tables)
    (product / "product.yaml").write_text(
        "apiVersion: v1.1.0\nkind: DataProduct\nid: one\nname: one\nversion: 1.0.0\nstatus: active\n"
        f"outputPorts:\n{ports}"
    )
    told = {p.code for p in _problems(tmp_path) if p.where is not None and p.where.path.endswith("example.yaml")}
    assert told == TOLD[name]


@pytest.mark.parametrize("name", sorted(TOLD))
def test_an_official_contract_compiles_and_comes_back_as_it_was(name, shared_standards, tmp_path):
    path = _contracts(shared_standards)[name]
    file, problems = read_yaml(path)
    contract, more = contract_of(file)
    assert problems + more == []
    assert (_kinds(contract) != set()) == any(table.columns for table in contract.tables)
    assert contract.document == file.data
    write_contract(contract.document, tmp_path / "again.yaml")
    again, _ = read_yaml(tmp_path / "again.yaml")
    assert again.data == file.data
    assert json.loads(json.dumps(again.data)) == file.data
    assert _kinds(contract_of(again)[0]) == _kinds(contract)


@pytest.mark.parametrize("version", versions())
def test_an_official_contract_promises_the_same_under_every_version_of_the_standard(version, shared_standards):
    for path in _contracts(shared_standards).values():
        file, _ = read_yaml(path)
        before, _ = contract_of(file)
        file.data["apiVersion"] = version
        after, problems = contract_of(file)
        assert (problems, after.tables, after.service_levels) == ([], before.tables, before.service_levels)


def test_the_full_example_is_computed_in_every_part(shared_standards):
    contract, _ = contract_of(read_yaml(_contracts(shared_standards)["full-example.odcs.yaml"])[0])
    computed = "type required length nullValues primaryKey unique relationship rowCount moment"
    told = "latency retention frequency timeOfAvailability"  # of a table that the example does not have
    assert _kinds(contract) == {*computed.split(), *told.split()}


def test_every_official_product_is_loaded_checked_and_comes_back_as_it_was(shared_standards, tmp_path):
    found = {}
    for number, (name, path) in enumerate(_products(shared_standards).items()):
        root = tmp_path / str(number)
        product = _mesh(root)
        shutil.copy(path, product / "product.yaml")
        found[name] = {p.code for p in _problems(root)}
        file, _ = read_yaml(path)
        write_product(file.data, root / "again.yaml")
        again, _ = read_yaml(root / "again.yaml")
        assert again.data == file.data
        assert json.loads(json.dumps(again.data)) == file.data
    # Examples of a product alone: its contracts and models are not there, and one writes its version as v1.0.0.
    assert found == {
        "odps-1.1.0.init.yaml": {"CONTRACT101", "SPEC108", "SPEC113"},
        "simple-data-product.odps.yaml": {"CONTRACT101", "SPEC106", "SPEC108", "SPEC113"},
    }
