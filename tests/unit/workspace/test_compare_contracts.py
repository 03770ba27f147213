"""Two contracts side by side: what breaks, by which version, and who in the mesh reads it."""

import shutil
import subprocess

import pytest

from weft.base.problem import Problem
from weft.cli.main import run
from weft.workspace.compare_contracts import compare_contracts
from weft.workspace.given_contract import given_contract
from weft.workspace.new_mesh import make_mesh
from weft.workspace.workspace import Workspace

CALLS = "domains/operations/calls/contracts/calls.yaml"


def no_mesh():
    raise Problem("SPEC001", "There is no mesh here.")


@pytest.fixture
def harbour(tmp_path):
    make_mesh(tmp_path / "mesh", "harbour")
    shutil.copy(tmp_path / "mesh" / CALLS, tmp_path / "new.yaml")
    return tmp_path / "mesh"


def compare(mesh, *replaced, in_mesh=True):
    """The contract of the mesh beside a copy with some words replaced."""
    new = mesh.parent / "new.yaml"
    text = new.read_text()
    for old_words, new_words in replaced:
        assert old_words in text
        text = text.replace(old_words, new_words, 1)
    new.write_text(text)

    def workspace():
        return Workspace.open(mesh) if in_mesh else no_mesh()

    before = given_contract(CALLS, root=mesh, open_mesh=no_mesh)
    after = given_contract(str(new), root=mesh, open_mesh=no_mesh)
    return compare_contracts(before, after, workspace)


def told(found):
    return {
        (change.change.kind, change.change.column): [(reader.name, reader.how) for reader in change.readers]
        for change in found.changes
    }


def test_a_column_that_goes_names_those_that_read_it(harbour):
    found = compare(harbour, ("- name: cargo", "- name: freight"))
    assert told(found) == {
        ("column_removed", "cargo"): [("planning/visits", "model")],
        ("column_added", "freight"): [],
    }
    assert [change.readers[0].owner for change in found.hurting] == ["planning"]
    assert found.needed_version == "2.0.0"


def test_a_column_that_nobody_reads_is_breaking_and_hurts_nobody(harbour):
    fees = harbour / "domains/billing/fees/contracts/fees.yaml"
    new = harbour.parent / "fees.yaml"
    new.write_text(fees.read_text().replace("- name: kind", "- name: sort", 1))
    given = [given_contract(str(path), root=harbour, open_mesh=no_mesh) for path in (fees, new)]
    found = compare_contracts(*given, lambda: Workspace.open(harbour))
    assert told(found) == {("column_removed", "kind"): [], ("column_added", "sort"): []}
    assert (len(found.breaking), found.hurting) == (1, ())


def test_contracts_whose_relationships_lead_to_a_column_are_readers_of_it(harbour):
    found = compare(harbour, ("- name: call_id", "- name: call_number"))
    assert set(told(found)[("column_removed", "call_id")]) >= {
        ("billing/fees", "contract"),
        ("planning/visits", "contract"),
    }


def test_who_asked_for_a_column_lately_is_a_reader_of_it(harbour, monkeypatch):
    monkeypatch.setenv("WEFT_ACTOR", "mira")
    assert run(["-C", str(harbour), "-q", "build", "operations/calls"]) == 0
    assert run(["-C", str(harbour), "query", "SELECT ship_name FROM operations.calls LIMIT 1", "--format", "json"]) == 0
    found = compare(harbour, ("- name: ship_name", "- name: name_of_ship"))
    assert ("mira", "query") in told(found)[("column_removed", "ship_name")]


def test_changed_words_have_no_readers_and_ask_for_no_version(harbour):
    found = compare(harbour, ("What it carried.", "What it carried, by kind."))
    assert told(found) == {("words_changed", "cargo"): []}
    assert (found.breaking, found.needed_version) == ((), None)


def test_outside_a_mesh_the_difference_is_told_and_readers_are_not_known(harbour):
    found = compare(harbour, ("- name: cargo", "- name: freight"), in_mesh=False)
    assert [(change.change.kind, change.readers) for change in found.breaking] == [("column_removed", None)]
    assert found.note is not None


def test_a_contract_of_no_port_has_no_readers_in_the_mesh(harbour):
    new = harbour.parent / "new.yaml"
    new.write_text(new.read_text().replace("id: operations/calls", "id: elsewhere", 1))
    old = harbour.parent / "old.yaml"
    old.write_text(new.read_text().replace("- name: cargo", "- name: load", 1))
    given = [given_contract(str(path), root=harbour, open_mesh=no_mesh) for path in (old, new)]
    found = compare_contracts(*given, lambda: Workspace.open(harbour))
    assert found.ports == ()
    assert "elsewhere" in found.note


def test_a_revision_of_git_and_a_port_are_contracts_too(harbour, capsys, monkeypatch):
    def git(*words):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=harbour, check=True)

    git("init", "-q", ".")
    git("add", "domains")
    git("commit", "-q", "-m", "first")
    monkeypatch.chdir(harbour)
    changed = (harbour / CALLS).read_text().replace("- name: cargo", "- name: freight", 1)
    (harbour / CALLS).write_text(changed)
    capsys.readouterr()
    assert run(["contract", "diff", f"HEAD:{CALLS}", CALLS, "--exit-code"]) == 11
    told_text = capsys.readouterr().out
    assert 'The column "cargo" is gone.' in told_text
    assert run(["contract", "diff", f"HEAD:{CALLS}", "operations.calls", "--format", "markdown"]) == 0
    assert '| breaking | The column "cargo" is gone.' in capsys.readouterr().out
    assert run(["contract", "diff", "operations/calls", CALLS, "--exit-code"]) == 0
    with pytest.raises(Problem, match="GIVEN003"):
        given_contract("HEAD:nothing.yaml", root=harbour, open_mesh=no_mesh)
