"""`weft contract infer`, `test` and `diff` as they are called: output for machines, exit codes, ports of a mesh."""

import json
import xml.etree.ElementTree as ET

import pytest

from weft.cli.main import run
from weft.workspace.new_mesh import make_mesh

ROWS = "\n".join(f"C{n:03d},u{n}@example.org,{n % 3}" for n in range(40))


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "calls.csv").write_text(f"call_id,email,kind\n{ROWS}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def said(capsys, *words):
    capsys.readouterr()
    code = run(["contract", *words])
    return code, capsys.readouterr().out


def test_a_draft_is_printed_or_written_and_explained(here, capsys):
    code, text = said(capsys, "infer", "calls.csv")
    assert (code, text.splitlines()[:3]) == (0, ["apiVersion: v3.2.0", "kind: DataContract", "id: calls"])
    code, text = said(capsys, "infer", "calls.csv", "--format", "json")
    found = json.loads(text)
    assert [table["rows"] for table in found["tables"]] == [40]
    key = next(guess for guess in found["tables"][0]["guesses"] if guess["promise"] == "primary key")
    assert (key["value"], key["written"], key["confidence"]) == (["call_id"], True, 0.95)
    assert "example.org" not in text
    code, text = said(capsys, "infer", "calls.csv", "--explain")
    assert "its name says e-mail address" in text
    assert "example.org" not in text


def test_a_written_draft_is_not_overwritten_unless_forced(here, capsys):
    assert said(capsys, "infer", "calls.csv", "--output", "calls.yaml")[0] == 0
    assert said(capsys, "infer", "calls.csv", "--output", "calls.yaml")[0] == 2
    assert said(capsys, "infer", "calls.csv", "--output", "calls.yaml", "--force")[0] == 0


def test_a_broken_promise_ends_with_11_and_is_told_to_build_servers(here, capsys):
    said(capsys, "infer", "calls.csv", "--output", "calls.yaml")
    assert said(capsys, "test", "calls.yaml")[0] == 0
    with (here / "calls.csv").open("a") as file:
        file.write("C1,x@example.org,2\n")
    code, text = said(capsys, "test", "calls.yaml", "calls.csv", "--format", "junit")
    assert code == 11
    suite = ET.fromstring(text).find("testsuite")
    failed = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert (suite.get("name"), suite.get("failures"), failed) == ("calls.calls", "1", ["call_id.pattern"])
    code, text = said(capsys, "test", "calls.yaml", "calls.csv", "--format", "json")
    found = json.loads(text)
    assert (code, found["kept"], found["tables"][0]["broken_rows"]) == (11, False, 1)
    code, text = said(capsys, "test", "calls.yaml", "calls.csv")
    assert "  FAIL  call_id.pattern  (1 row broken; promised: must be 0)" in text.splitlines()
    assert "x@example" not in text


def test_a_published_port_is_drafted_and_the_read_is_recorded(tmp_path, capsys, monkeypatch):
    make_mesh(tmp_path / "mesh", "harbour")
    monkeypatch.chdir(tmp_path / "mesh")
    assert said(capsys, "infer", "operations.calls.berths")[0] == 12  # never published
    assert run(["-q", "build", "operations/calls"]) == 0
    code, text = said(capsys, "infer", "operations.calls.berths", "--output", "b.yaml", "--format", "json")
    assert (code, json.loads(text)["tables"][0]["table"]) == (0, "berths")
    assert said(capsys, "test", "b.yaml", "operations.calls.berths")[0] == 0
    from weft.ledger.facts import ReadServed
    from weft.workspace.workspace import Workspace

    reads = Workspace.open(tmp_path / "mesh").ledger.facts(ReadServed)
    assert [(read.purpose, read.decision, list(read.ports)) for read in reads] == [
        ("weft contract", "GATE005", []),
        ("weft contract", "allowed", ["operations/calls/berths"]),
        ("weft contract", "allowed", ["operations/calls/berths"]),
    ]


def test_a_mesh_word_outside_a_mesh_is_told_and_not_a_crash(here, capsys):
    assert said(capsys, "infer", "operations.calls")[0] == 2
    assert said(capsys, "diff", "operations.calls", "calls.yaml")[0] == 2
