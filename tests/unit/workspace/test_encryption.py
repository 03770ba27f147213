"""A mesh whose stored data are encrypted: no value in clear, the same answers, keys that can be changed."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from weft.base.names import PortName
from weft.build.context import BuildRequest
from weft.workspace.building import build_mesh
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
