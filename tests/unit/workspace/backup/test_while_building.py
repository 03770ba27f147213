"""A backup that is taken while another process builds and maintains is one state, whole."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from weft.base.names import PortName
from weft.workspace.backup.retention import Retention, prune
from weft.workspace.backup.verify import verify

_LOOP = """
import importlib.util, sys
from datetime import timedelta
from pathlib import Path
from weft.base.names import PortName
from weft.build.context import BuildRequest
from weft.workspace.building import build_mesh
from weft.workspace.maintain import MaintenanceRequest, maintain
from weft.workspace.workspace import Workspace

spec = importlib.util.spec_from_file_location("small_mesh", sys.argv[1])
small_mesh = importlib.util.module_from_spec(spec)
spec.loader.exec_module(small_mesh)
root = Path(sys.argv[2])
for version in range(2, 1000):
    small_mesh.give(root, version)
    workspace = Workspace.open(root, environ={}, actor="grace")
    assert build_mesh(workspace, BuildRequest(), lambda event: None).status == "done"
    if version % 3 == 0:  # files go while they are being copied
        maintain(workspace, MaintenanceRequest(keep_days=0, grace_hours=0))
    print(version, flush=True)
"""
_BACK_UP = """
import sys
from pathlib import Path
from weft.workspace.backup.backup import BackupRequest, make_backup
from weft.workspace.backup.folder_place import FolderPlace
from weft.workspace.backup.store import Store
from weft.workspace.workspace import Workspace

class Place(FolderPlace):
    written = 0
    def write(self, name, chunks):
        size = super().write(name, chunks)
        Place.written += name.startswith("objects")
        if Place.written == int(sys.argv[3]):
            print("there", flush=True)
            import time
            time.sleep(60)
        return size

workspace = Workspace.open(Path(sys.argv[1]), environ={}, actor="ada")
make_backup(workspace, Store(Place(Path(sys.argv[2]))), BackupRequest())
"""
_RESTORE = """
import sys, time
from pathlib import Path
from weft.workspace.backup import restore as module
from weft.workspace.backup.folder_place import FolderPlace
from weft.workspace.backup.store import Store
from weft.workspace.workspace import Workspace

def stop(*_arguments, **_more):
    print("there", flush=True)
    time.sleep(60)

setattr(module, sys.argv[3], stop)
workspace = Workspace.open(Path(sys.argv[1]), environ={}, actor="ada")
module.restore(workspace, Store(FolderPlace(Path(sys.argv[2]))), module.RestoreRequest())
"""


def killed_at(script, *arguments):
    """Run a script until it says that it is there, then kill -9."""
    process = subprocess.Popen([sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE)
    assert process.stdout.readline().strip() == b"there"
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_every_backup_taken_while_builds_and_maintenance_run_is_one_whole_state(bench):
    bench.build(1)
    script = [sys.executable, "-c", _LOOP, bench.small_mesh.__file__, str(bench.root)]
    builder = subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        made = {}  # by the ledger's head: builds go on between them, and in the middle of them
        until = time.monotonic() + 120
        while len(made) < 5 and time.monotonic() < until and builder.poll() is None:
            manifest = bench.back_up()
            made[manifest.ledger_position] = manifest
    finally:
        builder.kill()
        _, said = builder.communicate()
    assert b"Error" not in said, said.decode()
    assert len(made) == 5, "nothing was built meanwhile"
    assert verify(bench.store, None).problems == ()
    for one in made.values():
        bench.wipe()
        bench.restore(backup_id=one.id)
        version_by_port = {}
        told = bench.published()
        for name, rows in bench.rows().items():
            versions = [v for v in range(1, 200) if bench.small_mesh.expected(name, v) == rows]
            assert versions, f"{name} is at no version"
            version_by_port[name] = versions[0]
        merged = {
            json.dumps(fact["report"]["snapshot_id"])
            for fact in bench.facts()["maintenance"]
            if fact["action"] == "compact"
        }
        for name, (published, seen) in told.items():
            assert published == seen or str(seen) in merged, name
        bench.build()  # what it stands on can be built on


@pytest.mark.parametrize("objects", [1, 20])
def test_a_backup_that_is_killed_leaves_nothing_that_counts(bench, objects):
    bench.build(1)
    first = bench.back_up()
    bench.build(2)
    killed_at(_BACK_UP, bench.root, bench.store.place.folder, objects)
    assert bench.store.ids() == [first.id]
    assert verify(bench.store, None).problems == ()
    second = bench.back_up()
    assert verify(bench.store, second.id).problems == ()
    hours_ago = time.time() - 2 * 3600
    for path in bench.store.place.folder.rglob("*"):
        os.utime(path, (hours_ago, hours_ago))
    prune(bench.store, Retention(newest=1), bench.open().clock.now())
    assert verify(bench.store, None).problems == ()
    bench.wipe()
    bench.restore()
    assert bench.rows() == bench.expected(2)


@pytest.mark.parametrize("step", ["note_storage_place", "load_databases", "_change_places", "compare", "_roll_back"])
def test_a_restore_that_is_killed_is_done_again(bench, step):
    bench.build(1)
    bench.back_up()
    bench.wipe()
    killed_at(_RESTORE, bench.root, bench.store.place.folder, step)
    is_in_place = step in ("compare", "_roll_back")
    bench.restore(force=is_in_place)
    assert bench.rows() == bench.expected(1)
    assert not list(bench.root.glob(".weft.restoring-*"))
    assert PortName.parse("works/totals") in bench.open().lake.heads()
