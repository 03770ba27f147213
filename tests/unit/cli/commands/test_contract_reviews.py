"""`weft contract duties` and `weft contract review` on a mesh with one port that has a rule in words."""

import json

import pytest

from weft.cli.main import run
from weft.ledger.facts import CheckFinding, ReviewRecorded
from weft.workspace.workspace import Workspace

FILES = {
    "weft.yaml": "name: test\n",
    "domains/sales/domain.yaml": "owner: team-crm\n",
    "domains/sales/orders/product.yaml": """
apiVersion: v1.1.0
kind: DataProduct
id: sales/orders
name: orders
version: 1.0.0
status: active
outputPorts: [{name: orders, version: 1.0.0, contractId: sales/orders}]
""",
    "domains/sales/orders/contracts/orders.yaml": """
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties: [{name: price, logicalType: integer}]
    quality: [{type: text, name: prices_before_tax, description: Prices are before tax.}]
""",
    "domains/sales/orders/models/orders.sql": "SELECT 1 AS price\n",
}


@pytest.fixture
def mesh(tmp_path, monkeypatch):
    for path, text in FILES.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("WEFT_ACTOR", "ada")
    return tmp_path


def said(capsys):
    return capsys.readouterr().out


def review(*more):
    return run(["contract", "review", "sales/orders", "prices_before_tax", *more])


def test_a_duty_opens_with_the_first_publication_and_closes_with_a_review(mesh, capsys):
    assert run(["contract", "duties"]) == 0
    assert said(capsys).splitlines()[:3] == [
        "waiting  sales/orders  prices_before_tax  (team-crm)",
        "         Prices are before tax.",
        "         It is due when the port is first published.",
    ]
    assert run(["-q", "build"]) == 0
    capsys.readouterr()
    assert run(["contract", "duties", "sales/orders", "--format", "json"]) == 0
    (duty,) = json.loads(said(capsys))["duties"]
    assert (duty["state"], duty["owner"], duty["why"]) == ("open", "team-crm", "Nobody has looked yet.")
    assert review("--passed", "--note", "looked at all orders") == 0
    assert "kept. To be looked at again on" in said(capsys)
    assert run(["contract", "duties", "--open"]) == 0
    assert said(capsys) == "No rule in words waits for anybody.\n"
    (fact,) = Workspace.open(mesh).ledger.facts(ReviewRecorded)
    assert (fact.actor, fact.port, fact.rule, fact.passed, fact.note, fact.contract_version) == (
        "ada",
        "sales/orders",
        "prices_before_tax",
        True,
        "looked at all orders",
        "1.0.0",
    )


def test_the_finding_says_who_looked_and_never_counts_as_passed(mesh, capsys):
    assert run(["-q", "build"]) == 0
    assert review("--failed", "--note", "one has tax in it") == 0
    assert "not kept, and still open" in said(capsys)
    (mesh / "domains/sales/orders/models/orders.sql").write_text("SELECT 2 AS price\n")
    assert run(["-q", "build"]) == 0
    first, second = Workspace.open(mesh).ledger.facts(CheckFinding, kind="text")
    assert (first.status, first.message) == ("not_run", "It is written for people and waits for review.")
    assert second.status == "not_run"
    assert second.message.startswith(
        "It waits for review again. The last review found that the rule is not kept. ada looked on "
    )
    assert second.message.endswith("at version 1.0.0: it is not kept.")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["contract", "duties", "sales/ordres"], 2, "REVIEW001"),
        (["contract", "review", "sales/orders", "prices", "--passed", "--note", "x"], 2, "REVIEW002"),
        (["contract", "review", "sales/orders", "prices_before_tax", "--passed", "--note", "x"], 2, "REVIEW003"),
        (["contract", "review", "sales/orders", "prices_before_tax", "--note", "x"], 2, "Say --passed or --failed."),
        (["contract", "review", "sales/orders", "prices_before_tax", "--passed", "--note", " "], 2, "it is empty"),
        (["contract", "review", "sales/orders", "prices_before_tax", "--passed"], 2, "--note"),
    ],
)
def test_a_review_of_what_is_not_there_is_refused(mesh, capsys, arguments, code, told):
    assert run(arguments) == code
    assert told in capsys.readouterr().err
