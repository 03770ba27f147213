"""`weft ls`, `weft lineage` and `weft impact` on the harbour mesh."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from weft.cli.main import run
from weft.ledger.facts import ContractPublished
from weft.workspace.workspace import Workspace

HARBOUR = Path(__file__).parents[4] / "meshes" / "harbour"


@pytest.fixture
def harbour(tmp_path, monkeypatch):
    shutil.copytree(HARBOUR, tmp_path / "harbour", ignore=shutil.ignore_patterns(".weft"))
    monkeypatch.chdir(tmp_path / "harbour")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.mark.usefixtures("harbour")
def test_products_are_listed_after_those_they_read(capsys):
    assert run(["ls"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "product",
        "operations/calls",
        "billing/fees",
        "planning/visits",
    ]


@pytest.mark.usefixtures("harbour")
def test_a_selection_and_what_is_excluded_choose(capsys):
    assert run(["ls", "+planning/visits", "--exclude", "domain:billing", "--format", "json"]) == 0
    assert [(one["product"], one["read_by"]) for one in json.loads(capsys.readouterr().out)] == [
        ("operations/calls", ["billing/fees", "planning/visits"]),
        ("planning/visits", []),
    ]


@pytest.mark.usefixtures("harbour")
def test_a_selection_of_nothing_is_wrong_usage(capsys):
    assert run(["ls", "planing/visits"]) == 2
    assert 'Did you mean "planning/visits"?' in capsys.readouterr().err


@pytest.mark.usefixtures("harbour")
def test_lineage_goes_through_sql_ibis_and_a_model_on_the_way(capsys):
    assert run(["lineage", "planning/visits/by_month.fees_total", "--direct"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "planning/visits/by_month.fees_total comes from",
        "  planning/visits.fees_total  [aggregation]",
        "    model:planning/visits/fees_by_call.fees_total  [transformation]",
        "      billing/fees.amount  [aggregation]",
        "        source:billing/fees/fee_lines.amount  [identity]",
    ]


@pytest.mark.usefixtures("harbour")
def test_an_arrow_models_lineage_is_told_as_declared(capsys):
    assert run(["lineage", "operations/calls/ships.is_imo_valid", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(n["name"], n["exactness"]) for n in told["nodes"] if n["distance"] == 0] == [
        ("operations/calls/ships.is_imo_valid", "declared")
    ]
    assert {
        "from": "operations/calls.ship_imo",
        "to": "operations/calls/ships.is_imo_valid",
        "kinds": ["declared"],
    } in (told["edges"])


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(("form", "first"), [("mermaid", "flowchart LR"), ("dot", "digraph lineage {")])
def test_lineage_is_drawn(form, first, capsys):
    assert run(["lineage", "billing/fees", "--both", "--format", form]) == 0
    assert capsys.readouterr().out.splitlines()[0] == first


@pytest.mark.usefixtures("harbour")
def test_impact_names_columns_and_owners(capsys):
    assert run(["impact", "billing/fees.amount"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "billing/fees.amount",
        "  touches 3 tables of 1 product; talk to planning",
        "    model:planning/visits/fees_by_call (reads it): fees_owed, fees_total",
        "    planning/visits: fees_owed, fees_total",
        "    planning/visits/by_month: fees_total",
    ]


@pytest.mark.usefixtures("harbour")
def test_without_a_publication_nothing_has_changed(capsys):
    assert run(["impact"]) == 0
    assert capsys.readouterr().out == "No contract differs from its last publication.\n"


@pytest.mark.usefixtures("harbour")
def test_a_column_taken_away_breaks_those_who_read_it_as_published(capsys):
    workspace = Workspace.open(Path())
    for port in workspace.mesh.output_ports():
        workspace.ledger.record(_published(port))
    path = Path("domains/operations/calls/contracts/berths.yaml")
    before, _, after = path.read_text().partition("      - name: quay\n")
    path.write_text(before + after[after.index("      - name:") :])
    assert run(["impact"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "operations/calls/berths  BREAKING",
        '  breaking: The column "quay" is gone.',
        "  touches 2 tables of 1 product; talk to planning",
        "    planning/visits (reads it): quay",
        "    planning/visits/by_month: quay, its rows",
    ]


def _published(port):
    contract = port.contract
    return ContractPublished(
        at=datetime(2026, 6, 1, tzinfo=UTC),
        run_id="run-1",
        port=str(port.name),
        contract_id=contract.id,
        contract_version=contract.version,
        digest="as published",
        document=contract.document,
        path=contract.path,
        standard_version=contract.standard_version,
    )
