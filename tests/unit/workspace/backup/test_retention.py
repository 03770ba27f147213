"""Which backups go, and which objects with them."""

import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from weft.workspace.backup.file_list import objects_of
from weft.workspace.backup.folder_place import FolderPlace
from weft.workspace.backup.manifest import Manifest, Stored
from weft.workspace.backup.marks import backing_up
from weft.workspace.backup.retention import Retention, prune, to_remove
from weft.workspace.backup.store import Store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NO_GRACE = timedelta(0)


def backup(store, days_ago, contents):
    """A backup of some bytes, without a mesh."""
    files = []
    for content in contents:
        files.append(store.put_bytes(content, {}, {}))
    lines = "".join(f'["{one.sha256}", "{one.sha256}", {one.size_bytes}, 0]\n' for one in files)
    manifest = Manifest(
        id=f"backup-{days_ago:03}",
        at=NOW - timedelta(days=days_ago),
        mesh="m",
        environment="dev",
        weft="0",
        engine="duckdb 0",
        storage="/s",
        ledger_revision="0001",
        ledger_position=0,
        ledger_hash="",
        ledger=(),
        catalog=files[0],
        ports={},
        files=store.put_bytes(lines.encode(), {}, {}),
        file_count=len(files),
        file_bytes=0,
    )
    store.write_manifest(manifest)
    return manifest


@pytest.fixture
def store(tmp_path):
    return Store(FolderPlace(tmp_path))


@pytest.mark.parametrize(
    ("newest", "days", "kept"),
    [
        (None, None, [40, 10, 5, 0]),
        (1, None, [0]),
        (3, None, [10, 5, 0]),
        (9, None, [40, 10, 5, 0]),
        (None, 7, [5, 0]),
        (None, 0, [0]),  # the newest always stays
        (3, 7, [10, 5, 0]),  # either is enough
        (1, 30, [10, 5, 0]),
    ],
)
def test_a_backup_stays_if_it_is_among_the_newest_or_young_enough(store, newest, days, kept):
    made = [replace(backup(store, days_ago, [b"x"])) for days_ago in (40, 10, 5, 0)]
    gone = to_remove(made, Retention(newest, None if days is None else timedelta(days=days)), NOW)
    assert [int(one.id[-3:]) for one in made if one not in gone] == kept


def test_objects_go_with_the_last_backup_that_needs_them(store):
    old = backup(store, 2, [b"shared", b"of the old"])
    young = backup(store, 1, [b"shared", b"of the young"])
    pruned = prune(store, Retention(newest=1), NOW, grace=NO_GRACE)
    assert (pruned.removed, pruned.kept, pruned.objects) == ((old.id,), (young.id,), 2)  # and its list of files
    assert set(store.objects()) == set(objects_of(store, young))
    assert store.ids() == [young.id]


def test_a_dry_run_tells_the_same_and_removes_nothing(store):
    backup(store, 2, [b"shared", b"of the old"])
    backup(store, 1, [b"shared", b"of the young"])
    before = store.objects()
    told = prune(store, Retention(newest=1), NOW, dry_run=True, grace=NO_GRACE)
    assert store.objects() == before
    assert told == prune(store, Retention(newest=1), NOW, grace=NO_GRACE)


def test_objects_of_a_backup_that_was_killed_go_when_they_are_old_enough(store, tmp_path):
    backup(store, 1, [b"needed"])
    left = store.put_bytes(b"of a backup that never wrote its manifest", {}, {})
    unfinished = tmp_path / "objects" / "ab" / ".part-1"
    unfinished.parent.mkdir(exist_ok=True)
    unfinished.write_bytes(b"half")
    assert prune(store, Retention(newest=1), NOW).objects == 0
    hours_ago = time.time() - 2 * 3600
    for path in (unfinished, tmp_path / "objects" / left.sha256[:2] / left.sha256):
        os.utime(path, (hours_ago, hours_ago))
    assert prune(store, Retention(newest=1), NOW).objects == 1
    assert left.sha256 not in store.objects()
    assert not unfinished.exists()


def test_no_object_goes_while_a_backup_runs(store):
    backup(store, 2, [b"old"])
    backup(store, 1, [b"young"])
    with backing_up(store, "a-running-one"):
        pruned = prune(store, Retention(newest=1), NOW, grace=NO_GRACE)
    assert (len(pruned.removed), pruned.objects) == (1, 0)
    assert "running" in pruned.waits
    assert prune(store, Retention(newest=1), NOW, grace=NO_GRACE).objects == 2


def test_a_backup_waits_for_a_prune_that_is_removing_objects(store, monkeypatch):
    from weft.workspace.backup import marks

    store.mark("pruning", "somebody")
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        store.unmark("pruning", "somebody")

    monkeypatch.setattr(marks.time, "sleep", sleep)
    with backing_up(store, "me"):
        assert len(slept) == 1


def test_no_object_goes_while_a_manifest_cannot_be_read(store, tmp_path):
    backup(store, 2, [b"old"])
    damaged = backup(store, 1, [b"young"])
    backup(store, 0, [b"youngest"])
    path = tmp_path / "backups" / f"{damaged.id}.json"
    path.write_bytes(path.read_bytes()[:-9])
    before = set(store.objects())
    pruned = prune(store, Retention(newest=1), NOW, grace=NO_GRACE)
    assert (pruned.objects, set(store.objects())) == (0, before)
    assert "cannot be read" in pruned.waits


def test_what_is_stored_comes_back_and_is_stored_once(store):
    first = store.put_bytes(b"the same", {}, {})
    assert store.put_bytes(b"the same", {first.sha256: first.size_bytes}, {}) == first
    assert store.get_bytes(first) == b"the same"
    assert store.objects().keys() == {first.sha256}
    assert first == Stored(first.sha256, first.size_bytes)
