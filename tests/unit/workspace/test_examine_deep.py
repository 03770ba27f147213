"""What `weft doctor --deep` finds: each stored thing that is damaged, by its name, and never a traceback."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from weft.base.clock import FixedClock
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.context import BuildRequest
from weft.cli.main import run
from weft.lake.file_list import FileList, keep_list, read_list
from weft.ledger.facts import Maintained
from weft.workspace.anchoring import anchor_file
from weft.workspace.building import build_mesh
from weft.workspace.examine.mesh import examine_mesh
from weft.workspace.workspace import Workspace

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
      - name: amount
        logicalType: number
        quality: [{metric: invalidValues, arguments: {validValues: [5, 7, 9]}, mustBe: 0, name: known amounts}]
"""
MAKING = """
sources:
  list: {kind: csv, path: data/list.csv}
"""
FILES = {
    "weft.yaml": "name: shop\nenvironments: {dev: {quarantine_tolerance: 50%}}\n",
    "data/list.csv": "id,amount\n1,5\n2,7\n3,100\n",
    "teams.yaml": "teams: [{name: sales}]\n",
    "domains/sales/orders/product.yaml": PRODUCT,
    "domains/sales/orders/contracts/orders.yaml": CONTRACT,
    "domains/sales/orders/build.yaml": MAKING,
    "domains/sales/orders/models/checked.sql": "SELECT id, amount FROM list",
    "domains/sales/orders/models/orders.sql": "SELECT id, amount FROM checked",
}


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def opened(mesh: Path) -> Workspace:
    return Workspace.open(mesh, clock=FixedClock(datetime(2026, 5, 1, tzinfo=UTC)), actor="ada", environ={})


@pytest.fixture
def built(mesh: Path) -> Path:
    assert build_mesh(opened(mesh), BuildRequest(), lambda event: None).status == "done"
    return mesh


def not_in_order(mesh: Path, *, against: Path | None = None) -> list[tuple[str, str | None, str]]:
    """Subject, code and words of what is not ok, ids and digests left out of file names."""
    found = examine_mesh(opened(mesh), deep=True, against=against)
    return [(one.subject, one.code, one.what) for one in found if one.state != "ok"]


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def test_a_mesh_that_was_just_built_is_in_order_to_the_last_byte(built: Path) -> None:
    assert not_in_order(built) == []
    subjects = [one.subject for one in examine_mesh(opened(built), deep=True)]
    assert subjects == ["mesh", "storage", "ledger", "catalogue", "tables", "publications", "files"]


@pytest.mark.parametrize(
    ("pattern", "what"),
    [
        ("landings/*/*/*/raw/*", "landed from list of sales/orders"),
        ("landings/*/*/*/tables/*", "landed from list of sales/orders"),
        ("quarantine/*/*/*/*.parquet", "batch"),
        ("work/*/*/*/*", "made by checked of sales/orders"),
        ("tables/*/*/*/data/*", "published by sales/orders"),
    ],
)
@pytest.mark.parametrize(("damage", "why"), [(flip, "is not what was written"), (Path.unlink, "is not there")])
def test_a_damaged_or_lost_file_is_named_with_what_it_is(
    built: Path, pattern: str, what: str, damage: Callable[[Path], None], why: str
) -> None:
    (file,) = (built / ".weft").glob(pattern)
    damage(file)
    (found,) = [one for one in not_in_order(built) if one[0] == "file"]
    assert found[1] == "FILE001"
    assert found[2].startswith(f"{file.relative_to(built / '.weft').as_posix()} ({what}")
    assert why in found[2]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("metadata/snap-*.avro", "differs from its digest"),
        ("metadata/*-m0.avro", "differs from its digest"),
        ("metadata/*.metadata.json", ""),
    ],
)
def test_damaged_metadata_of_a_table_is_told_of_its_port(built: Path, pattern: str, said: str) -> None:
    (file,) = (built / ".weft/tables/sales/orders/orders").glob(pattern)
    file.write_bytes(b"{" + file.read_bytes()[20:60])
    told = [one for one in not_in_order(built) if one[0] == "port sales/orders"]
    assert told
    assert said in told[0][2]


def test_a_list_of_files_that_differs_from_its_manifests_is_told(built: Path) -> None:
    (file,) = (built / ".weft/tables/sales/orders/orders/metadata").glob("files-*.json")
    table = file.parents[1]
    listed = read_list(str(table), int(file.stem.removeprefix("files-")))
    assert listed is not None
    more = tuple(replace(one, rows=one.rows + 1) for one in listed.files)
    keep_list(str(table), int(file.stem.removeprefix("files-")), FileList(more))
    words = "does not name the files of its snapshot"
    assert not_in_order(built) == [
        ("port sales/orders", None, f"tables/sales/orders/orders/metadata/{file.name} {words}")
    ]


def test_a_snapshot_that_the_ledger_does_not_tell_of_is_told(built: Path) -> None:
    workspace, port = opened(built), PortName.parse("sales/orders")
    head = workspace.lake.snapshot(port)
    assert head is not None
    with workspace.new_engine() as engine:
        fields = workspace.lake.fields_for(port, {"id": "BIGINT"})
        path = workspace.lake.data_folder(port) / "x-{sha256}.parquet"
        written = engine.write_parquet("SELECT 1::BIGINT AS id", str(path), fields)
        workspace.lake.publish(port, fields, [written], mode="replace", parent=head.snapshot_id, properties={})
    ((subject, _, what),) = not_in_order(built)
    assert subject == "port sales/orders"
    assert "the ledger does not tell of snapshot" in what


def test_a_merge_that_was_recorded_last_is_what_readers_must_see(built: Path) -> None:
    workspace = opened(built)
    report = {"snapshot_id": 7}
    at = datetime(2026, 5, 2, tzinfo=UTC)
    workspace.ledger.record(Maintained(at=at, actor="ada", port="sales/orders", action="compact", report=report))
    ((subject, _, what),) = not_in_order(built)
    assert subject == "port sales/orders"
    assert what.endswith("the ledger tells of 7 as the last")


@pytest.mark.parametrize("database", ["ledger.db", "catalog.db"])
def test_a_database_with_a_damaged_page_is_told(built: Path, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = built / ".weft" / database
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = "SELECT rootpage FROM sqlite_master WHERE name IN ('ix_runs_started_actor', 'iceberg_tables') LIMIT 1"
        (page,) = connection.execute(root).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * size : page * size] = b"\xa5" * size
    file.write_bytes(bytes(content))
    subject = {"ledger.db": "ledger", "catalog.db": "catalogue"}[database]
    assert [one for one in not_in_order(built) if one[0] == subject]
    assert run(["-C", str(built), "doctor", "--deep"]) == 13
    said = capsys.readouterr()
    assert "FAIL" in said.out
    assert "BUG001" not in said.err


def tampered(mesh: Path, statement: str) -> None:
    with sqlite3.connect(mesh / ".weft/ledger.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "code", "what"),
    [
        ("UPDATE runs_started SET actor = 'bo'", "LEDGER004", "runs_started: 1 is not what was recorded"),
        ("DELETE FROM publications", "LEDGER005", "publications: 1 is gone"),
        (
            "INSERT INTO rollbacks VALUES (4, '2026-05-01 00:00:00.000000', 'bo', 'sales/orders', 1, 2, NULL)",
            "LEDGER006",
            "rollbacks: 4 was not recorded by weft",
        ),
        ("UPDATE chain SET hash = 'f00' WHERE position = 1", "LEDGER007", "link 1 to 2 of the chain was changed"),
    ],
)
def test_what_was_changed_in_the_ledger_is_named_even_without_deep(
    built: Path, statement: str, code: str, what: str
) -> None:
    tampered(built, statement)
    found = [one for one in examine_mesh(opened(built)) if one.subject == "ledger"]
    assert [(one.state, one.code, one.what) for one in found] == [("failed", code, what)]


def test_each_build_adds_the_head_to_the_file_of_the_environment(mesh: Path) -> None:
    (mesh / "weft.yaml").write_text(
        "name: shop\nenvironments: {dev: {quarantine_tolerance: 50%, anchor: audit/heads.ndjson}}\n"
    )
    workspace = opened(mesh)
    build_mesh(workspace, BuildRequest(), lambda event: None)
    build_mesh(workspace, BuildRequest(), lambda event: None)  # nothing to do, so nothing to add
    build_mesh(workspace, BuildRequest(full=True), lambda event: None)
    file = anchor_file(workspace)
    assert file == mesh / "audit/heads.ndjson"
    heads = [json.loads(line) for line in file.read_text().splitlines()]
    head = workspace.ledger.head()
    assert head is not None
    assert (len(heads), heads[-1]["position"], heads[-1]["hash"]) == (2, head.position, head.hash)
    found = {one.subject: one.what for one in examine_mesh(opened(mesh))}
    assert found["anchors"] == "heads.ndjson: the ledger holds 2 heads of it"


def test_a_ledger_that_was_cut_off_is_told_by_its_anchor(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heads = built / "heads.ndjson"
    assert run(["-C", str(built), "anchor", str(heads)]) == 0
    assert run(["-C", str(built), "doctor", "--against", str(heads)]) == 0
    tampered(built, "DELETE FROM chain WHERE position = (SELECT max(position) FROM chain)")
    tampered(built, "DELETE FROM runs_ended")
    assert run(["-C", str(built), "doctor", "--deep"]) == 0
    assert run(["-C", str(built), "doctor", "--against", str(heads)]) == 13
    assert "what was recorded since was cut off  (weft explain LEDGER008)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("no json\n", "The line is no anchor."),
        ('{"mesh": "shop"}\n', "The line is no anchor."),
        ("", 'The file holds no anchor of the environment "dev" of mesh "shop".'),
    ],
)
def test_a_file_that_holds_no_anchors_is_told(built: Path, text: str, what: str) -> None:
    heads = built / "heads.ndjson"
    heads.write_text(text)
    assert not_in_order(built, against=heads) == [("anchors", "LEDGER010", what)]
    heads.unlink()
    assert not_in_order(built, against=heads) == [
        ("anchors", "LEDGER010", "The anchors cannot be read: No such file or directory.")
    ]


def test_an_anchor_that_cannot_be_written_is_told_after_the_build(mesh: Path) -> None:
    (mesh / "taken").write_text("a file, where a folder should be")
    (mesh / "weft.yaml").write_text(
        "name: shop\nenvironments: {dev: {quarantine_tolerance: 50%, anchor: taken/heads.ndjson}}\n"
    )
    with pytest.raises(Problem) as caught:
        build_mesh(opened(mesh), BuildRequest(), lambda event: None)
    assert caught.value.code == "LEDGER011"
    assert opened(mesh).lake.snapshot(PortName.parse("sales/orders")) is not None


def test_an_anchor_inside_the_storage_is_warned_of(mesh: Path) -> None:
    (mesh / "weft.yaml").write_text(
        "name: shop\nenvironments: {dev: {quarantine_tolerance: 50%, anchor: .weft/heads.ndjson}}\n"
    )
    build_mesh(opened(mesh), BuildRequest(), lambda event: None)
    told = [(one.state, one.what) for one in examine_mesh(opened(mesh)) if one.subject == "anchors"]
    assert told == [
        ("ok", "heads.ndjson: the ledger holds 1 head of it"),
        ("warning", "heads.ndjson lies in the storage folder, beside what it is to vouch for"),
    ]


def test_the_head_is_printed_for_a_machine(built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(built), "anchor", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    head = opened(built).ledger.head()
    assert head is not None
    assert (said["mesh"], said["environment"], said["position"], said["hash"]) == (
        "shop",
        "dev",
        head.position,
        head.hash,
    )


def test_a_ledger_without_facts_has_no_head_to_write_down(mesh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(mesh), "anchor", str(mesh / "heads.ndjson")]) == 0
    assert "Nothing was recorded yet" in capsys.readouterr().err
    assert not (mesh / "heads.ndjson").exists()
