"""`weft contract import` and `weft contract export` as they are called."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from weft.base.yaml_source import read_yaml
from weft.cli.main import run
from weft.spec.odcs.validate import validate_contract

HARBOUR = Path(__file__).parents[4] / "meshes" / "harbour"
DDL = """CREATE TABLE orders (id INT PRIMARY KEY, total DECIMAL(12,2) CHECK (total >= 0));
INSERT INTO orders VALUES (1, 2);"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "shop.sql").write_text(DDL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_import_writes_a_valid_contract_and_tells_what_is_lost(folder, capsys):
    code = run(["contract", "import", "shop.sql", "--output", "shop.yaml", "--id", "shop-orders"])
    file, problems = read_yaml(folder / "shop.yaml", "shop.yaml")
    assert (code, problems, validate_contract(file)) == (0, [], [])
    assert (file.data["id"], file.data["version"], file.data["schema"][0]["name"]) == ("shop-orders", "1.0.0", "orders")
    assert capsys.readouterr().err == (
        "shop.yaml written.\nFORMAT007  shop.sql:2\n  A statement INSERT says nothing that a contract could hold.\n"
    )


def test_strict_makes_a_loss_an_error_and_writes_nothing(folder, capsys):
    code = run(["contract", "import", "shop.sql", "--output", "shop.yaml", "--strict"])
    assert (code, (folder / "shop.yaml").exists()) == (10, False)
    assert "FORMAT007  shop.sql:2" in capsys.readouterr().err


def test_a_machine_reads_contract_and_notes(folder, capsys):
    assert run(["contract", "import", "shop.sql", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["from"], shown["contract"]["schema"][0]["name"]) == ("sql", "orders")
    assert [(note["code"], note["line"]) for note in shown["notes"]] == [("FORMAT007", 2)]


def test_an_export_writes_what_the_next_tool_reads(folder, capsys):
    run(["contract", "import", "shop.sql", "--output", "shop.yaml"])
    capsys.readouterr()
    assert run(["contract", "export", "shop.yaml", "--to", "avro"]) == 0
    said = capsys.readouterr()
    assert [field["name"] for field in json.loads(said.out)["fields"]] == ["id", "total"]
    assert 'Avro does not carry "minimum" of orders.total: ranges of numbers.' in said.err


def test_a_binary_export_goes_to_a_file_or_in_base64(folder, capsys):
    run(["contract", "import", "shop.sql", "--output", "shop.yaml"])
    call = ["contract", "export", "shop.yaml", "--to", "parquet"]
    assert run([*call, "--output", "out/shop.parquet"]) == 0
    assert (folder / "out" / "shop.parquet").read_bytes()[:4] == b"PAR1"
    capsys.readouterr()
    assert run([*call, "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["encoding"], shown["content"][:5]) == ("base64", "UEFSM")


@pytest.mark.parametrize("name", ["operations/calls", "operations.calls", "operations/calls/ships"])
def test_a_port_of_the_mesh_is_a_contract_too(tmp_path, capsys, name):
    mesh = tmp_path / "harbour"
    shutil.copytree(HARBOUR, mesh, ignore=shutil.ignore_patterns(".weft", "storage"))
    assert run(["-C", str(mesh), "contract", "export", name, "--to", "html"]) == 0
    assert "<h1>" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import", "none.sql"], "FORMAT006  none.sql\n  The file cannot be read."),
        (["import", "."], "FORMAT006  .\n  The file cannot be read: it is no file."),
        (["import", "shop.sql", "--from", "sqll"], 'Fix: Did you mean "sql"?'),
        (["import", "shop.sql", "--dialect", "postgre"], 'Fix: Did you mean "postgres"?'),
        (["export", "none.yaml", "--to", "html"], "none.yaml"),
        (["export", "sales/orders", "--to", "html"], "GIVEN003  sales/orders"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(folder, capsys, arguments, said):
    code = run(["contract", *arguments])
    err = capsys.readouterr().err
    assert (code, said in err, "Traceback" in err) == (2, True, False), err


def test_an_import_never_replaces_a_contract_unless_told_to(folder, capsys):
    assert run(["contract", "import", "shop.sql", "-o", "shop.yaml"]) == 0
    mine = (folder / "shop.yaml").read_text().replace("1.0.0", "1.1.0") + "# looked at\n"
    (folder / "shop.yaml").write_text(mine)
    assert run(["contract", "import", "shop.sql", "-o", "shop.yaml"]) == 2
    assert ((folder / "shop.yaml").read_text(), "INFER001" in capsys.readouterr().err) == (mine, True)
    assert run(["contract", "import", "shop.sql", "-o", "shop.yaml", "--force"]) == 0
    assert "version: 1.0.0" in (folder / "shop.yaml").read_text()


def test_a_revision_of_git_is_exported_like_a_file(folder, capsys):
    run(["contract", "import", "shop.sql", "-o", "shop.yaml"])
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "a"]):
        subprocess.run(["git", *words], check=True)
    (folder / "shop.yaml").unlink()
    capsys.readouterr()
    assert run(["contract", "export", "HEAD:shop.yaml", "--to", "sql"]) == 0
    assert "CREATE TABLE" in capsys.readouterr().out
