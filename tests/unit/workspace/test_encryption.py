"""A mesh whose stored data are encrypted: no value in clear, the same answers, keys that can be changed."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.context import BuildRequest
from weft.workspace.building import build_mesh
from weft.workspace.examine.mesh import examine_mesh
from weft.workspace.key_status import data_key_of, key_status
from weft.workspace.rotate_keys import rotate_keys
from weft.workspace.workspace import Workspace

MARKER = "Quokka77231"  # in every column that can hold a text
NUMBER = 8_124_377_001_337
PRODUCT = """
apiVersion: v1.1.0
kind: DataProduct
id: sales/orders
version: 1.0.0
status: active
team: {name: sales}
outputPorts: [{name: orders, version: 1.0.0, contractId: sales/orders}]
"""
CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: sales/orders
name: orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, required: true, primaryKey: true, primaryKeyPosition: 1}
      - {name: note, logicalType: string}
      - {name: words, logicalType: array, items: {logicalType: string}}
      - name: amount
        logicalType: number
        quality: [{metric: invalidValues, arguments: {validValues: [5, 7, 9]}, mustBe: 0, name: known amounts}]
"""
FILES = {
    "teams.yaml": "teams: [{name: sales}]\n",
    "domains/sales/orders/product.yaml": PRODUCT,
    "domains/sales/orders/contracts/orders.yaml": CONTRACT,
    "domains/sales/orders/build.yaml": (
        "sources:\n  list: {kind: csv, path: data/list.csv, columns: {id: bigint, note: varchar, amount: integer}}\n"
    ),
    "domains/sales/orders/models/checked.sql": "SELECT id, note, [note, 'b'] AS words, amount FROM list",
    "domains/sales/orders/models/orders.sql": "SELECT * FROM checked",
}
ROWS = [(NUMBER + n, f"{MARKER} {n}", [f"{MARKER} {n}", "b"]) for n in range(3)]


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def write_keys(path: Path, keys: dict[str, dict[str, str]]) -> None:
    path.write_text(json.dumps(keys))
    path.chmod(0o600)


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    root = tmp_path / "mesh"
    (root / "data").mkdir(parents=True)
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    rows = [f"{NUMBER + n},{MARKER} {n},{5 if n < 2 else 100}" for n in range(3)]
    rejected = f"{NUMBER},{MARKER} r,{MARKER}"
    (root / "data/list.csv").write_text("\n".join(["id,note,amount", *rows, rejected]) + "\n")
    write_keys(tmp_path / "keys.json", {"main": {"1": new_key()}})
    settings(root, encrypted=True)
    return root


def settings(root: Path, *, encrypted: bool, keys: str = "file:../keys.json") -> None:
    scratch = root.parent / "scratch"
    encryption = f", encryption: {{keys: '{keys}', key: main, scratch: {scratch}}}" if encrypted else ""
    (root / "weft.yaml").write_text(f"name: shop\nenvironments: {{dev: {{quarantine_tolerance: 50%{encryption}}}}}\n")


def build(root: Path, **request: object) -> Workspace:
    workspace = Workspace.open(root, actor="test")
    result = build_mesh(workspace, BuildRequest(**request), lambda _event: None)  # type: ignore[arg-type]
    assert not [step for product in result.products for step in product.steps if step.status == "failed"], result
    return workspace


def published(workspace: Workspace) -> list[tuple[object, ...]]:
    files = workspace.lake.files(PortName("sales", "orders", "orders"))
    assert files is not None
    with workspace.new_engine() as engine:
        engine.add_files("read", files)
        return engine.rows('SELECT id, note, words FROM "read" ORDER BY id')


def stored_files(root: Path) -> Iterator[Path]:
    yield from (path for path in (root / ".weft").rglob("*") if path.is_file())


def in_clear(root: Path) -> list[str]:
    """Stored files that hold a marker, as text or as the number that Parquet and manifests write."""
    wanted = (MARKER.encode(), MARKER[:8].encode(), NUMBER.to_bytes(8, "little"), str(NUMBER)[:9].encode())
    return [str(path.relative_to(root)) for path in stored_files(root) if any(w in path.read_bytes() for w in wanted)]


def test_no_value_is_stored_in_clear(mesh: Path) -> None:
    workspace = build(mesh)
    assert published(workspace) == ROWS[:2]
    endings = {path.suffix for path in stored_files(mesh)}
    assert {".parquet", ".weft", ".avro", ".db"} <= endings, "tables, raw files and rejects, manifests, ledger"
    assert in_clear(mesh) == []
    assert list((mesh.parent / "scratch").iterdir()) == [], "what was in clear for a moment is gone"


def test_the_same_is_stored_in_clear_without_keys(mesh: Path) -> None:
    settings(mesh, encrypted=False)
    build(mesh)
    assert len(in_clear(mesh)) > 4, "the test above would find values if there were any"


def test_a_second_version_of_the_master_key_makes_the_first_one_dispensable(mesh: Path) -> None:
    keys = json.loads((mesh.parent / "keys.json").read_text())
    before = build(mesh)
    old = key_status(before)
    assert old.versions_needed == ("1",)

    keys["main"]["2"] = new_key()
    write_keys(mesh.parent / "keys.json", keys)
    done = rotate_keys(Workspace.open(mesh, actor="test"), rewrite=False)
    assert (done.version, done.keys_rewrapped, done.files_rewritten, done.files_in_clear) == ("2", 1, 0, 0)
    del keys["main"]["1"]
    write_keys(mesh.parent / "keys.json", keys)

    workspace = Workspace.open(mesh, actor="test")
    assert key_status(workspace).versions_needed == ("2",)
    assert published(workspace) == ROWS[:2]
    (mesh / "data/list.csv").write_text((mesh / "data/list.csv").read_text().replace(",100\n", ",7\n"))
    assert published(build(mesh)) == ROWS
    fine = [one for one in examine_mesh(Workspace.open(mesh, actor="test"), deep=True) if one.state == "failed"]
    assert fine == []
    newest = {group.data_key for group in key_status(workspace).groups}
    assert {key.partition("-")[0] for key in newest if key} == {"1", "2"}, "new files have a new data key"

    rotate_keys(workspace, rewrite=True)
    heads = {
        data_key_of(Path(path))
        for path in workspace.lake.files(PortName("sales", "orders", "orders")).paths  # type: ignore[union-attr]
    }
    assert heads == {(workspace.vault.current().id, "2")}  # type: ignore[union-attr]
    assert published(workspace) == ROWS
    assert [one for one in examine_mesh(workspace, deep=True) if one.state == "failed"] == []


def test_a_mesh_that_was_built_in_clear_is_encrypted_afterwards(mesh: Path) -> None:
    settings(mesh, encrypted=False)
    build(mesh)
    settings(mesh, encrypted=True)
    workspace = Workspace.open(mesh, actor="test")
    assert {group.data_key for group in key_status(workspace).groups} == {None}
    assert published(workspace) == ROWS[:2]

    done = rotate_keys(workspace, rewrite=True)
    assert done.files_rewritten == 3, "the table's file, the raw file and its rejects"
    kinds = {(group.kind, group.data_key is None) for group in key_status(workspace).groups}
    assert kinds >= {("published", False), ("landed", False), ("held back", True)}
    assert published(workspace) == ROWS[:2]
    build(mesh, full=True)
    (mesh / "data/list.csv").write_text((mesh / "data/list.csv").read_text().replace(",100\n", ",7\n"))
    assert published(build(mesh)) == ROWS


def test_rows_held_back_under_two_keys_are_replayed_together(mesh: Path) -> None:
    settings(mesh, encrypted=False)
    build(mesh)
    settings(mesh, encrypted=True)
    (mesh / "data/list.csv").write_text(f"id,note,amount\n{NUMBER},x,5\n{NUMBER + 9},{MARKER},200\n")
    workspace = build(mesh)
    from weft.build.quarantine.batches import held_relation, open_batches

    batches = open_batches(workspace.ledger, workspace.storage, PortName("sales", "orders", "orders"))
    with workspace.new_engine() as engine:
        held_relation(engine, "held", batches)
        held = engine.rows("SELECT note, _batch IS NOT NULL FROM held ORDER BY note")
    assert held[-1] == (MARKER, True)


def test_without_the_key_nothing_is_read_and_nothing_is_written_in_clear(mesh: Path) -> None:
    build(mesh)
    for keys, code in (({"main": {"1": new_key()}}, "KEY002"), ({"other": {"1": new_key()}}, "KEY001")):
        write_keys(mesh.parent / "keys.json", keys)
        with pytest.raises(Problem) as caught:
            published(Workspace.open(mesh, actor="test"))
        assert caught.value.code == code
        assert not any(key in str(caught.value) for versions in keys.values() for key in versions.values())
    settings(mesh, encrypted=False)
    with pytest.raises(Problem) as caught:
        published(Workspace.open(mesh, actor="test"))
    assert caught.value.code == "KEY001"


def test_a_changed_file_is_told(mesh: Path) -> None:
    workspace = build(mesh)
    raw = next(path for path in stored_files(mesh) if path.parent.name == "raw")
    content = bytearray(raw.read_bytes())
    content[-20] ^= 1
    raw.write_bytes(content)
    found = [one for one in examine_mesh(workspace, deep=True) if one.state == "failed"]
    assert ["raw" in one.what for one in found] == [True]
