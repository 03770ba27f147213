import os
import pickle
import time

import pytest

from weft.spec import mesh_cache
from weft.spec.load import load_mesh
from weft.spec.mesh_cache import FILE_NAME, load_mesh_cached

PRODUCT = "apiVersion: v1.1.0\nkind: DataProduct\nid: a\nname: A\nbad: 1\noutputPorts: [{name: a}]\n"
CONTRACT = (
    "apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: 1.0.0\n"
    "schema: [{name: a, quality: [{metric: rowCount, mustBe: 1}], properties: [{name: x}]}]\n"
)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "mesh"
    for path, text in {
        "weft.yaml": "name: harbour\n",
        "domains/d/a/product.yaml": PRODUCT,
        "domains/d/a/contracts/a.yaml": CONTRACT,
        "domains/d/a/models/a.sql": "SELECT 1 AS x",
    }.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        _age(target)
    return folder


def _age(path, seconds=60):
    """As if the file had been changed some time ago; a fresh one is not trusted."""
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.fixture
def reads(monkeypatch):
    """How many times a mesh was really read."""
    calls = []
    real = mesh_cache.read_mesh
    monkeypatch.setattr(mesh_cache, "read_mesh", lambda *arguments: calls.append(1) or real(*arguments))
    return calls


def test_the_second_load_reads_no_file_and_gives_the_same_mesh(root, reads):
    first = load_mesh_cached(root, root / ".weft", environ={})
    second = load_mesh_cached(root, root / ".weft", environ={})
    assert first == second == load_mesh(root, environ={})
    assert [problem.code for problem in second.problems] == ["ODPS001"]
    assert len(reads) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "domains/d/a/models/a.sql").write_text("SELECT 2 AS x"),
        lambda root: (root / "domains/d/a/models/b.sql").write_text("SELECT 1"),
        lambda root: (root / "domains/d/a/contracts/a.yaml").unlink(),
        lambda root: (root / "teams.yaml").write_text("teams: []"),
        lambda root: _age(root / "weft.yaml", 30),
    ],
)
def test_any_change_of_any_file_is_seen(root, reads, change):
    load_mesh_cached(root, root / ".weft", environ={})
    change(root)
    assert load_mesh_cached(root, root / ".weft", environ={}) == load_mesh(root, environ={})
    assert len(reads) == 2


def test_a_file_changed_within_one_tick_of_the_clock_is_not_cached(root, reads):
    model = root / "domains/d/a/models/a.sql"
    model.write_text("SELECT 3 AS x")
    load_mesh_cached(root, root / ".weft", environ={})
    model.write_text("SELECT 4 AS x")  # same size, and on a coarse clock the same time
    mesh = load_mesh_cached(root, root / ".weft", environ={})
    assert mesh.products[0].models[0].text == "SELECT 4 AS x"


def test_variables_of_the_process_are_never_cached(root):
    changed = load_mesh_cached(root, root / ".weft", environ={"WEFT_STORAGE": "/x"})
    plain = load_mesh_cached(root, root / ".weft", environ={})
    assert (changed.environments["dev"].storage, plain.environments["dev"].storage) == ("/x", ".weft")


@pytest.mark.parametrize("content", [b"", b"nonsense", pickle.dumps({"a": 1}), b"\x80\x05."])
def test_a_broken_cache_is_read_as_none_and_replaced(root, reads, content):
    (root / ".weft").mkdir()
    (root / ".weft" / FILE_NAME).write_bytes(content)
    load_mesh_cached(root, root / ".weft", environ={})
    load_mesh_cached(root, root / ".weft", environ={})
    assert len(reads) == 1


class _Attack:
    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return (os.mkdir, (str(self.target),))


def test_a_cache_that_came_with_a_repository_runs_nothing(root, tmp_path):
    (root / ".weft").mkdir()
    (root / ".weft" / FILE_NAME).write_bytes(pickle.dumps(_Attack(tmp_path / "attacked")))
    load_mesh_cached(root, root / ".weft", environ={})
    assert not (tmp_path / "attacked").exists()


def test_a_moved_mesh_is_read_anew(root, reads):
    load_mesh_cached(root, root / ".weft", environ={})
    moved = root.rename(root.with_name("moved"))
    assert load_mesh_cached(moved, moved / ".weft", environ={}).root == moved.resolve()
    assert len(reads) == 2


def test_a_folder_that_cannot_be_written_does_no_harm(root):
    (root / "file").write_text("")
    mesh = load_mesh_cached(root, root / "file" / "cache", environ={})
    assert mesh.name == "harbour"


def test_unchanged_contracts_are_not_validated_again(root, monkeypatch):
    load_mesh_cached(root, root / ".weft", environ={})
    (root / "domains/d/a/models/a.sql").write_text("SELECT 22 AS x")
    monkeypatch.setattr("weft.spec.load_contract.validate_contract", lambda file: pytest.fail("validated again"))
    assert load_mesh_cached(root, root / ".weft", environ={}).products[0].models[0].text == "SELECT 22 AS x"
