"""`weft quarantine` as it is called: words for people, JSON for machines, exit codes for scripts."""

import json

import pytest

from weft.cli.main import run

CONTRACT = """
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0
status: active
description: {purpose: Orders.}
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: total, logicalType: integer, logicalTypeOptions: {minimum: 0}}
      - {name: email, logicalType: string, description: Address., tags: [pii]}
customProperties: [{property: quarantineTolerance, value: 90%}]
"""
PRODUCT = """
apiVersion: v1.1.0
kind: DataProduct
id: sales/orders
name: orders
version: 1.0.0
status: active
outputPorts: [{name: orders, version: 1.0.0, contractId: sales/orders}]
team: {name: team}
"""


@pytest.fixture
def mesh(tmp_path, monkeypatch, capsys):
    files = {
        "weft.yaml": "name: test\nenvironments: {dev: {}}\ndefault_environment: dev\n",
        "teams.yaml": "teams: [{name: team}]\n",
        "domains/sales/domain.yaml": "owner: team\n",
        "domains/sales/orders/product.yaml": PRODUCT,
        "domains/sales/orders/contracts/orders.yaml": CONTRACT,
        "domains/sales/orders/build.yaml": "sources: {raw: {kind: csv, path: orders.csv}}\n",
        "domains/sales/orders/models/orders.sql": "SELECT id, total::BIGINT AS total, email FROM raw\n",
        "orders.csv": "id,total,email\n1,10,a@x.no\n2,-2,b@x.no\n3,-3,\n",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    assert run(["build"]) == 0, capsys.readouterr()
    capsys.readouterr()
    return tmp_path


def test_rows_are_listed_shown_corrected_and_gone(mesh, capsys):
    assert run(["quarantine", "list", "--format", "json"]) == 0
    (batch,) = json.loads(capsys.readouterr().out)
    assert (batch["port"], batch["rows"], batch["rules"], batch["state"]) == (
        "sales/orders",
        2,
        {"total.minimum": 2},
        "recorded",
    )
    assert run(["quarantine", "show", "sales/orders"]) == 0
    shown = capsys.readouterr()
    assert [line.split() for line in shown.out.splitlines() if line.strip()][2:] == [
        ["total.minimum", "2", "-2", "•••"],
        ["total.minimum", "3", "-3"],
    ]
    assert shown.err == "2 shown of 2 held back\n"
    (mesh / "fix.csv").write_text("id,total\n2,2\n9,9\n")
    assert run(["quarantine", "replay", "sales/orders", "--fix", "fix.csv"]) == 11
    assert capsys.readouterr().out == (
        "sales/orders: 1 of 2 rows are published, 1 are still held back.\n"
        "  corrected: 1\n"
        "  lines of the file that fit no row: 1\n"
        "  still broken: total.minimum (1)\n"
    )
    replay = ["quarantine", "replay", "sales/orders", "--format", "json"]
    assert run([*replay, "--sql", "SELECT * REPLACE (-total AS total) FROM quarantined"]) == 0
    assert json.loads(capsys.readouterr().out)["published"] == 1
    assert run(["quarantine", "list"]) == 0
    assert capsys.readouterr().out == "Nothing is held back.\n"


def test_wrong_calls_are_told(mesh, capsys):
    assert run(["quarantine", "show", "sales/orders/orders"]) == 0  # the full name of a port is right, too
    assert run(["quarantine", "show", "sales/ordres"]) == 2
    assert 'Did you mean "sales/orders"?' in capsys.readouterr().err
    assert run(["quarantine", "replay", "sales/orders", "--fix", "a.csv", "--sql", "SELECT 1"]) == 2
    assert run(["quarantine", "replay", "sales/orders", "--fix", "a.csv"]) == 2
    assert "QUARANTINE003" in capsys.readouterr().err
    assert run(["quarantine", "show", "sales/orders", "--rule", "total.minimun"]) == 2
    assert 'Did you mean "total.minimum"?' in capsys.readouterr().err


def told(capsys) -> object:
    return json.loads(capsys.readouterr().out)


def test_rows_are_grouped_dismissed_and_expire_with_proof(mesh, capsys):
    assert run(["quarantine", "list", "--by", "rule", "--format", "json"]) == 0
    (group,) = told(capsys)
    assert (group["key"], group["rows"], group["ports"]) == ("total.minimum", 2, ["sales/orders"])
    dismiss = ["quarantine", "dismiss", "sales/orders", "--key", "id=2", "--reason", "a test", "--format", "json"]
    assert run([*dismiss, "--dry-run"]) == 0
    assert told(capsys)["left"] == 1
    assert run(dismiss) == 0
    assert told(capsys)["dismissed"] == 1
    assert run(["quarantine", "expire", "--older-than", "1h", "--format", "json"]) == 0
    assert told(capsys)["expired"] == []
    assert run(["quarantine", "expire", "--older-than", "0h", "--format", "json"]) == 0
    (expired,) = told(capsys)["expired"]
    assert (expired["rows"], [len(digest) for digest in expired["files"].values()]) == (1, [64])
    assert run(["quarantine", "proof", expired["batch"], "--format", "json"]) == 0
    proof = told(capsys)
    assert [step["moved"] for step in proof["history"]] == [{"held": 2}, {"dismissed": 1}, {"expired": 1}]
    assert (proof["files_there"], proof["adds_up"]) == ([], True)
    assert proof["history"][-1]["proof"]["files"] == expired["files"]
    assert run(["show", "run:last", "--format", "json"]) == 0
    (standing,) = told(capsys)["balance"]["standing"]
    assert standing == {
        "name": "sales/orders",
        "rows": 2,
        "replayed": 0,
        "superseded": 0,
        "dismissed": 1,
        "expired": 1,
        "open": 0,
        "adds_up": True,
    }


def test_the_environment_may_say_how_long_rows_are_held_back(mesh, capsys, monkeypatch):
    assert run(["quarantine", "expire"]) == 2
    assert "QUARANTINE015" in capsys.readouterr().err
    monkeypatch.setenv("WEFT_QUARANTINE_RETENTION", "for ever")
    assert run(["quarantine", "expire"]) == 2
    assert "QUARANTINE016" in capsys.readouterr().err
    monkeypatch.setenv("WEFT_QUARANTINE_RETENTION", "2w")
    assert run(["quarantine", "expire"]) == 0
    assert capsys.readouterr().out == "Nothing has been held back for 2w.\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ["replay", "sales/orders", "--where", "id = 2"],
        ["replay", "sales/orders", "--next"],
        ["replay", "sales/orders", "--fix", "a.csv", "--dismiss", "why"],
        ["dismiss", "sales/orders", "--reason", "why"],
        ["dismiss", "sales/orders", "--reason", "why", "--all", "--rule", "total.minimum"],
        ["dismiss", "sales/orders", "--reason", "why", "--key", "2"],
        ["list", "--by", "colour"],
    ],
)
def test_calls_that_contradict_themselves_are_refused(mesh, capsys, wrong):
    assert run(["quarantine", *wrong]) == 2
