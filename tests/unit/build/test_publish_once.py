"""Tables and ledger agree after a process ended anywhere between the note, the commit, the record and the end."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.publish.publication_note import pending_notes, publication_key, read_note
from weft.lake.iceberg_lake import Lake
from weft.ledger.facts import Published, StepEnded
from weft.ledger.ledger import Ledger

ORDERS = PortName("sales", "orders", "orders")

# A build in a process of its own that is killed at one of the four places; `last` is what it has just done.
KILLED_BUILD = """
import os, signal, sys
from pathlib import Path
from weft.build.publish import publish_once
from weft.build.context import BuildRequest
from weft.lake.iceberg_lake import Lake
from weft.ledger.ledger import Ledger
from weft.workspace.building import build_mesh
from weft.workspace.workspace import Workspace

def then_die(function):
    def killed(*arguments, **options):
        function(*arguments, **options)
        os.kill(os.getpid(), signal.SIGKILL)
    return killed

last = sys.argv[2]
if last == "noted":
    publish_once.write_note = then_die(publish_once.write_note)
elif last == "committed":
    Lake.publish = then_die(Lake.publish)
elif last == "recorded":
    publish_once.drop_note = lambda path: os.kill(os.getpid(), signal.SIGKILL)
elif last == "finished":
    publish_once.drop_note = then_die(publish_once.drop_note)
workspace = Workspace.open(Path(sys.argv[1]), actor="ada", environ={})
build_mesh(workspace, BuildRequest(("sales/orders",)), lambda event: None)
"""


def killed_build(mesh, last: str) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED_BUILD, str(mesh.root), last], capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def agree(mesh) -> bool:
    """Whether each publication is in both databases, once."""
    workspace = mesh.workspace()
    facts = [(fact.run_id, fact.snapshot_id, fact.rows) for fact in workspace.ledger.facts(Published)]
    snapshots = [
        (snapshot.properties["weft.run"], snapshot.snapshot_id, snapshot.rows)
        for port in workspace.lake.ports()
        for snapshot in workspace.lake.snapshots(port)
    ]
    return sorted(facts) == sorted(snapshots) and not pending_notes(workspace.storage)


@pytest.mark.parametrize(
    ("last", "is_published"), [("noted", False), ("committed", True), ("recorded", True), ("finished", True)]
)
@pytest.mark.parametrize("is_first", [True, False])
def test_the_next_command_settles_what_a_killed_build_left(shop, last, is_published, is_first) -> None:
    if not is_first:
        shop.build("sales/orders")
        shop.rows_file("data/orders.csv", "id,customer,total", "1,ann,11")
    before = shop.rows("sales/orders") if not is_first else None
    killed_build(shop, last)
    storage = shop.workspace().storage
    assert bool(pending_notes(storage)) == (last != "finished")
    new = [(1, "ann", 11)] if not is_first else [(1, "ann", 10), (2, "bob", 20), (3, "ann", 30)]
    if is_published or not is_first:
        assert shop.rows("sales/orders") == (new if is_published else before)
    assert agree(shop)
    data = {path.name for path in (storage / "tables").rglob("data/*.parquet")}
    lake = shop.workspace().lake
    named = {Path(path).name for s in lake.snapshots(ORDERS) for path in lake.files(ORDERS, s.snapshot_id).paths}
    assert data == named, "files of what was not published are gone"


def test_a_build_after_a_kill_makes_what_is_missing_and_nothing_twice(shop) -> None:
    killed_build(shop, "committed")
    assert shop.build("sales/orders").status == "nothing", "it was published, with the step's fact in the same note"
    assert len(shop.workspace().lake.snapshots(ORDERS)) == 1
    killed_build_of_new_rows(shop, "noted")
    steps = {step.step: step.status for product in shop.build("sales/orders").products for step in product.steps}
    assert steps["orders"] == "made"
    assert shop.rows("sales/orders") == [(1, "ann", 11)]
    assert agree(shop)


def killed_build_of_new_rows(mesh, last: str) -> None:
    mesh.rows_file("data/orders.csv", "id,customer,total", "1,ann,11")
    killed_build(mesh, last)


def test_the_quick_answer_does_not_overlook_a_note(shop) -> None:
    shop.build()
    assert shop.quick_answer() is not None
    note = shop.workspace().storage / "pending" / "some.json"
    note.parent.mkdir(exist_ok=True)
    note.write_text("{}")
    assert shop.quick_answer() is None


def test_a_ledger_that_fails_after_the_commit_is_told_and_learns_it_later(shop, monkeypatch) -> None:
    record = Ledger.record

    def failing(self, *facts):
        if any(isinstance(fact, Published) for fact in facts):
            raise Problem("LEDGER003", "The ledger does not answer.")
        record(self, *facts)

    monkeypatch.setattr(Ledger, "record", failing)
    result = shop.build("sales/orders")
    assert [p.code for p in result.problems] == ["LEDGER003"]
    monkeypatch.setattr(Ledger, "record", record)
    assert agree(shop)
    assert shop.rows("sales/orders") == [(1, "ann", 10), (2, "bob", 20), (3, "ann", 30)]


def test_a_commit_that_fails_leaves_no_note_and_no_file(shop, monkeypatch) -> None:
    def failing(self, *arguments, **options):
        raise Problem("LAKE002", "somebody published")

    with monkeypatch.context() as patched:
        patched.setattr(Lake, "publish", failing)
        shop.build("sales/orders")
    storage = shop.workspace().storage
    assert pending_notes(storage) == []
    assert list((storage / "tables").rglob("*.parquet")) == []
    assert shop.workspace().ledger.count(Published) == 0


def test_nobody_settles_while_another_build_runs(shop) -> None:
    killed_build(shop, "committed")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
            "print('held', flush=True); time.sleep(60)",
            str(shop.workspace().storage / "lock"),
        ],
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert shop.workspace().ledger.count(Published) == 0
    finally:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
    assert agree(shop)


def test_a_note_that_cannot_be_read_is_set_aside(shop) -> None:
    shop.build("sales/orders")
    note = shop.workspace().storage / "pending" / "broken.json"
    note.write_text('{"version": 1')
    assert agree(shop)
    assert note.with_suffix(".unreadable").exists()


def test_a_note_holds_all_that_is_recorded(shop) -> None:
    killed_build(shop, "noted")
    storage = shop.workspace().storage
    [path] = pending_notes(storage)
    note = read_note(path)
    assert note.key == publication_key(note.run_id, ORDERS)
    assert {type(fact) for fact in note.facts} >= {Published, StepEnded}
    assert all((storage / name).exists() for name in note.written)
    assert json.loads(path.read_text())["port"] == str(ORDERS)
