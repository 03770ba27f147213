from pathlib import Path

import pytest

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem, errors_of
from weft.spec.load import find_mesh_root, load_mesh
from weft.spec.making import Materialization, ModelLanguage

PRODUCT = """\
apiVersion: v1.1.0
kind: DataProduct
id: {id}
name: {id}
version: 1.0.0
status: active
"""
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: {id}
version: 1.0.0
schema: [{{name: {table}, properties: [{{name: id, logicalType: integer}}]}}]
"""


@pytest.fixture
def mesh_folder(tmp_path):
    """Writes files given by path and text; weft.yaml is there already."""

    def write(files):
        for path, text in {"weft.yaml": "name: harbour\n", **files}.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write


SMALL = {
    "domains/crm/domain.yaml": "owner: team-crm\nregion: eu\n",
    "domains/crm/customers/product.yaml": PRODUCT.format(id="customers")
    + "outputPorts: [{name: customers, version: 1.0.0, contractId: crm/customers}]\n",
    "domains/crm/customers/contracts/customers.yaml": CONTRACT.format(id="crm/customers", table="customers"),
    "domains/sales/orders/product.yaml": PRODUCT.format(id="orders")
    + "team: {name: team-sales}\n"
    + "inputPorts: [{name: people, contractId: crm/customers}, {name: lost, contractId: no/such}]\n"
    + "outputPorts: [{name: orders, contractId: sales/orders}, {name: items}]\n",
    "domains/sales/orders/contracts/orders.odcs.yaml": CONTRACT.format(id="sales/orders", table="orders"),
    "domains/sales/orders/contracts/items.yaml": CONTRACT.format(id="sales/orders/items", table="items"),
    "domains/sales/orders/build.yaml": "sources: {raw: {kind: csv, path: data/raw.csv, encoding: latin-1}}\n"
    "models: {orders: {materialization: upsert, key: id, lookback: 2 days}}\n"
    "registered: {items: {source: raw}}\n",
    "domains/sales/orders/models/orders.sql": "SELECT 1 AS id\n",
    "domains/sales/orders/models/items.py": "import pyarrow as pa\ndef model(raw: 'pa.Table'): return raw\n",
    "domains/sales/orders/models/clean.py": "def model(raw: 'ibis.Table'): return raw\n",
    "domains/sales/orders/tests/one.yaml": "model: orders\n"
    "given: {raw: [{id: 1, on: 2026-01-01}]}\nexpect: [{id: 1}]\n",
}


def test_a_mesh_is_read_whole_and_without_problems(mesh_folder):
    mesh = load_mesh(mesh_folder(SMALL), environ={})
    assert mesh.problems == ()
    assert [str(product.name) for product in mesh.products] == ["crm/customers", "sales/orders"]
    customers, orders = mesh.products
    assert (customers.owner, orders.owner) == ("team-crm", "team-sales")
    assert [str(port.name) for port in mesh.output_ports()] == ["crm/customers", "sales/orders", "sales/orders/items"]
    assert [port.contract.id for port in mesh.output_ports()] == ["crm/customers", "sales/orders", "sales/orders/items"]
    assert [(port.name, port.port) for port in orders.input_ports] == [
        ("people", PortName("crm", "customers", "customers")),
        ("lost", None),
    ]
    assert [(m.name, m.language) for m in orders.models] == [
        ("clean", ModelLanguage.IBIS),
        ("items", ModelLanguage.ARROW),
        ("orders", ModelLanguage.SQL),
    ]
    settings = orders.model("orders").settings
    assert (settings.materialization, settings.key, settings.lookback) == (Materialization.UPSERT, ("id",), "2 days")
    assert orders.source("raw").options == {"encoding": "latin-1"}
    assert orders.making.registered["items"].source == "raw"
    assert orders.tests[0].given == {"raw": ({"id": 1, "on": "2026-01-01"},)}
    assert set(mesh.files) == {"weft.yaml", *SMALL}


def test_all_mistakes_of_all_files_are_told_at_once(mesh_folder):
    root = mesh_folder(
        {
            **SMALL,
            "weft.yaml": "name: harbour\nenvironments: {dev: {storge: x, threads: two}}\ndefault_environment: prod\n",
            "teams.yaml": "teams: [{name: a, kind: streem-aligned}, {kind: platform}, 7]\n",
            "domains/crm/domain.yaml": "name: sales\nownr: x\n",
            "domains/crm/customers/contracts/customers.yaml": b"\xff\xfe",
            "domains/crm/customers/models/a.sql": "SELECT 1",
            "domains/crm/customers/models/a.py": "def other(: pass",
            "domains/lost/idea/models/x.sql": "SELECT 1",
            "domains/sales/orders/product.yaml": "apiVersion: v1.1.0\nkind: DataProduct\nid: 1\n",
            "domains/sales/orders/build.yaml": "sources: {raw: {path: x, load: all}}\nmodels: {ordrs: {key: id}}\n",
            "domains/sales/orders/tests/one.yaml": "modl: orders\n",
        }
    )
    told = sorted(f"{problem.code} {problem.where}" for problem in load_mesh(root, environ={}).problems)
    crm, sales = "domains/crm", "domains/sales/orders"
    assert told == sorted(
        [
            "MESH001 weft.yaml:2:22",
            "MESH003 weft.yaml:2:33",
            "MESH004 weft.yaml:3:1",
            "MESH004 teams.yaml:1:19",
            "MESH002 teams.yaml:1:42",
            "MESH003 teams.yaml:1:60",
            f"MESH005 {crm}/domain.yaml:1:1",
            f"MESH001 {crm}/domain.yaml:2:1",
            f"YAML003 {crm}/customers/contracts/customers.yaml:1:1",
            f"MESH006 {crm}/customers/models/a.py:1:11",
            f"MESH005 {crm}/customers/models/a.sql",
            "MESH008 domains/lost/idea",
            f"ODPS003 {sales}/product.yaml:3:1",
            f"MESH002 {sales}/build.yaml:1:11",
            f"MESH004 {sales}/build.yaml:1:26",
            f"MESH007 {sales}/build.yaml:2:10",
            f"MESH001 {sales}/tests/one.yaml:1:1",
            f"MESH002 {sales}/tests/one.yaml:1:1",
            f"MESH002 {sales}/tests/one.yaml:1:1",
        ]
    )


def test_a_mesh_is_found_from_a_folder_below_it(mesh_folder):
    root = mesh_folder(SMALL)
    assert find_mesh_root(root / "domains" / "crm") == root.resolve()


def test_no_mesh_is_the_one_problem_that_is_raised(tmp_path):
    with pytest.raises(Problem) as caught:
        load_mesh(tmp_path, environ={})
    assert caught.value.code == "SPEC001"


def test_variables_of_the_process_win_over_the_file(mesh_folder):
    root = mesh_folder({"weft.yaml": "name: a\nenvironments: {dev: {memory: 1GB}, prod: {storage: /srv}}\n"})
    environ = {"WEFT_STORAGE": "/elsewhere", "WEFT_THREADS": "2", "WEFT_LEDGER": "${env:X}"}
    mesh = load_mesh(root, environ=environ)
    assert {(e.storage, e.threads, e.ledger) for e in mesh.environments.values()} == {("/elsewhere", 2, "${env:X}")}
    assert mesh.environments["dev"].memory == "1GB"
    wrong = load_mesh(root, environ={"WEFT_THREADS": "many"})
    assert [problem.code for problem in wrong.problems] == ["MESH003"]


def test_two_environments_do_not_share_a_folder_unless_they_say_so(mesh_folder):
    root = mesh_folder({"weft.yaml": "name: a\nenvironments: {dev: , prod: }\n"})
    mesh = load_mesh(root, environ={})
    assert {name: e.storage for name, e in mesh.environments.items()} == {
        "dev": ".weft",
        "prod": ".weft/environments/prod",
    }


def test_a_contract_whose_id_is_mistyped_stays_with_the_port_of_its_file(mesh_folder):
    wrong = CONTRACT.format(id="crm/custmers", table="customers")
    mesh = load_mesh(mesh_folder({**SMALL, "domains/crm/customers/contracts/customers.yaml": wrong}), environ={})
    port = mesh.output_port(PortName("crm", "customers", "customers"))
    assert (port.contract_id, port.contract.id) == ("crm/customers", "crm/custmers")


def test_a_deprecated_specification_is_a_warning_and_a_contract(mesh_folder):
    text = (
        "dataContractSpecification: 1.2.0\nid: crm/customers\ninfo: {title: a, version: 1.0.0}\n"
        "models: {customers: {fields: {id: {type: int}}}}\n"
    )
    mesh = load_mesh(mesh_folder({**SMALL, "domains/crm/customers/contracts/customers.yaml": text}), environ={})
    assert [problem.code for problem in mesh.problems] == ["DCS001"]
    assert errors_of(mesh.problems) == ()
    assert mesh.product(ProductName("crm", "customers")).output_ports[0].table.columns[0].physical_type == "INTEGER"


def test_contracts_that_no_port_names_are_kept(mesh_folder):
    extra = CONTRACT.format(id="crm/extra", table="extra")
    mesh = load_mesh(mesh_folder({**SMALL, "domains/crm/customers/contracts/extra.yaml": extra}), environ={})
    assert [contract.id for contract in mesh.products[0].contracts] == ["crm/customers", "crm/extra"]


def test_the_shipped_meshes_have_no_errors():
    meshes = Path(__file__).parents[3] / "meshes"
    for settings in sorted(meshes.glob("*/weft.yaml")):
        assert errors_of(load_mesh(settings.parent, environ={}).problems) == ()
