"""Backups of a mesh whose stored data are encrypted hold nothing in clear."""

import base64
import json

import pytest

from weft.base.problem import Problem
from weft.spec.mesh import EncryptionSettings
from weft.workspace.backup.destination import open_store
from weft.workspace.backup.verify import verify


@pytest.fixture
def encrypted(bench, tmp_path):
    keys, scratch = tmp_path / "keys.json", tmp_path / "scratch"
    keys.write_text(json.dumps({"main": {"1": base64.b64encode(b"k" * 32).decode()}}))
    keys.chmod(0o600)
    return {"encryption": EncryptionSettings(f"file:{keys}", "main", str(scratch))}


def test_an_encrypted_mesh_comes_back_and_its_backup_shows_neither_rows_nor_facts(bench, encrypted):
    bench.build(1, **encrypted)
    place = str(bench.store.place.folder)
    bench.store = open_store(bench.open(**encrypted), place)
    first = bench.back_up(**encrypted)
    again = bench.back_up(**encrypted)
    assert first.new_objects > 0
    # What is encrypted has other bytes each time, and is known again all the same.
    assert again.new_objects == 0
    objects = [path.read_bytes() for path in (bench.store.place.folder / "objects").rglob("*") if path.is_file()]
    assert not [content for content in objects if b"G001" in content]  # a gauge
    assert not [
        content for content in objects if content.startswith(b"\x1f\x8b")
    ]  # gzip: ledger and catalogue in clear
    assert verify(bench.store, None).problems == ()
    bench.wipe()
    bench.restore(settings=encrypted)
    assert bench.rows(**encrypted) == bench.expected(1)
    bench.build(2, **encrypted)
    assert bench.rows(**encrypted) == bench.expected(2)


def test_an_encrypted_backup_is_of_no_use_without_its_key(bench, encrypted):
    bench.build(1, **encrypted)
    place = str(bench.store.place.folder)
    bench.store = open_store(bench.open(**encrypted), place)
    bench.back_up(**encrypted)
    bench.wipe()
    bench.store = open_store(bench.open(), place)
    with pytest.raises(Problem) as refused:
        bench.restore()
    assert refused.value.code == "BACKUP016"
    assert not (bench.storage / "tables").exists()
