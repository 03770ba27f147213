"""What `weft doctor` sees: a mesh in order, and each thing that is not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from weft.base.clock import FixedClock
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.cli.main import run
from weft.workspace.examine.machine import examine_machine
from weft.workspace.examine.mesh import examine_mesh
from weft.workspace.workspace import Workspace

PRODUCT = """
apiVersion: v1.1.0
kind: DataProduct
id: sales/orders
version: 1.0.0
status: active
outputPorts: [{name: orders, version: 1.0.0, contractId: sales/orders}]
"""


@pytest.fixture
def mesh(tmp_path) -> Path:
    (tmp_path / "weft.yaml").write_text("name: shop\n")
    folder = tmp_path / "domains" / "sales" / "orders"
    folder.mkdir(parents=True)
    (folder / "product.yaml").write_text(PRODUCT)
    return tmp_path


def opened(mesh: Path) -> Workspace:
    return Workspace.open(mesh, clock=FixedClock(datetime(2026, 5, 1, tzinfo=UTC)), actor="ada", environ={})


def publish(workspace: Workspace) -> list[str]:
    port = PortName.parse("sales/orders")
    with workspace.new_engine() as engine:
        fields = workspace.lake.fields_for(port, {"id": "BIGINT"})
        path = Path(workspace.lake.data_folder(port)) / "one.parquet"
        written = engine.write_parquet("SELECT 1::BIGINT AS id", str(path), fields)
        workspace.lake.publish(port, fields, [written], mode="replace", parent=None, properties={})
    files = workspace.lake.files(port)
    assert files is not None
    return [path.removeprefix("file://") for path in files.paths]


def states(workspace: Workspace) -> dict[str, str]:
    return {found.subject: found.state for found in examine_mesh(workspace)}


def test_this_machine_has_what_weft_needs(tmp_path):
    assert {found.state for found in examine_machine(tmp_path)} <= {"ok", "warning"}


def test_a_mesh_in_order_is_ok_throughout(mesh):
    workspace = opened(mesh)
    publish(workspace)
    assert set(states(workspace).values()) == {"ok"}


def test_a_published_file_that_is_gone_is_found_and_its_port_named(mesh):
    workspace = opened(mesh)
    for file in publish(workspace):
        Path(file).unlink()
    assert states(workspace)["port sales/orders"] == "failed"


def test_a_mistake_in_a_file_of_the_mesh_is_counted(mesh):
    (mesh / "domains/sales/orders/product.yaml").write_text(PRODUCT + "nonsense: 1\n")
    (found,) = [found for found in examine_mesh(opened(mesh)) if found.subject == "mesh"]
    assert (found.state, "1 error in" in found.what) == ("failed", True)


def test_a_ledger_that_cannot_be_used_is_told_without_its_url(mesh, monkeypatch):
    monkeypatch.setenv("SHOP_LEDGER", "mongodb://ada:secret@host/x")
    (mesh / "weft.yaml").write_text("name: shop\nenvironments: {dev: {ledger: '${env:SHOP_LEDGER}'}}\n")
    found = [found for found in examine_mesh(opened(mesh)) if found.subject == "ledger"]
    assert [one.state for one in found] == ["failed"]
    assert "secret" not in str(found)


def test_the_doctor_ends_with_the_code_of_what_it_found(mesh, capsys):
    assert run(["-C", str(mesh), "doctor"]) == 0
    (mesh / "domains/sales/orders/product.yaml").write_text(PRODUCT + "nonsense: 1\n")
    assert run(["-C", str(mesh), "doctor"]) == 13
    assert "FAIL  mesh" in capsys.readouterr().out


def test_an_environment_that_is_not_declared_is_refused_with_the_nearest_one(mesh):
    (mesh / "weft.yaml").write_text("name: shop\nenvironments: {dev: {}, prod: {}}\n")
    with pytest.raises(Problem) as caught:
        Workspace.open(mesh, "prd", environ={})
    assert (caught.value.code, caught.value.fix) == ("WORK001", 'Did you mean "prod"?')


def test_the_environment_comes_from_the_variable_where_no_option_names_it(mesh):
    (mesh / "weft.yaml").write_text("name: shop\nenvironments: {dev: {}, prod: {storage: elsewhere}}\n")
    workspace = Workspace.open(mesh, environ={"WEFT_ENV": "prod", "WEFT_ACTOR": "bo"})
    assert (workspace.storage, workspace.actor) == (mesh / "elsewhere", "bo")
