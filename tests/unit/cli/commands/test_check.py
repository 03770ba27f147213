"""`weft check` tells every mistake at once, with its file and line, and touches no data."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from weft.cli.main import run
from weft.ledger.facts import ContractPublished, Landed
from weft.ledger.ledger import Ledger

HARBOUR = Path(__file__).parents[4] / "meshes" / "harbour"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def harbour(tmp_path, monkeypatch):
    for variable in ("WEFT_ENV", "WEFT_STORAGE", "WEFT_LEDGER", "WEFT_MESH"):
        monkeypatch.delenv(variable, raising=False)
    return shutil.copytree(HARBOUR, tmp_path / "harbour", ignore=shutil.ignore_patterns(".weft"))


def edit(root, path, old, new):
    file = root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_good_mesh_has_no_problems_and_nothing_is_written_but_the_cache(harbour, capsys):
    assert run(["-C", str(harbour), "check"]) == 0
    assert capsys.readouterr().out.startswith("no errors, no warnings in 27 files, 3 products, 6 ports, 7 models")
    assert {path.name for path in (harbour / ".weft").iterdir()} <= {"cache"}


def test_all_problems_are_told_at_once_by_file_and_line(harbour, capsys):
    edit(harbour, "domains/planning/domain.yaml", "owner: planning", "owner: planing")
    edit(harbour, "domains/planning/visits/models/visits.sql", "    ship_name,", "    ship_nam,")
    edit(harbour, "domains/planning/visits/product.yaml", "contractId: billing/fees", "contractId: billing/fee")
    assert run(["-C", str(harbour), "check"]) == 10
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line[:1].isupper()] == [
        "SPEC102  domains/planning/domain.yaml:2:1",
        "SPEC106  domains/planning/visits/product.yaml:20:5",
    ]
    assert 'Fix: Did you mean "billing/fees"?' in out
    assert out.splitlines()[-1].startswith("2 errors, no warnings in 27 files")


def test_warnings_fail_only_when_they_are_asked_to(harbour, capsys):
    edit(harbour, "domains/planning/domain.yaml", "owner: planning\n", "")
    assert run(["-C", str(harbour), "check"]) == 0
    assert run(["-C", str(harbour), "check", "--strict"]) == 10
    assert "no errors, 1 warning in" in capsys.readouterr().out


def test_a_machine_reads_the_same_fields(harbour, capsys):
    edit(harbour, "domains/planning/visits/models/visits.sql", "    ship_name,", "    ship_nam,")
    assert run(["-C", str(harbour), "check", "--format", "json"]) == 10
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["errors"], told["models_bound"]) == (False, 1, 1)
    assert told["problems"] == [
        {
            "code": "MODEL103",
            "severity": "error",
            "file": "domains/planning/visits/models/visits.sql",
            "line": 9,
            "column": 5,
            "what": 'Model "visits" names the column "ship_nam", which its inputs do not have.',
            "found": None,
            "expected": told["problems"][0]["expected"],
            "fix": 'Did you mean "ship_name"?',
        }
    ]


def test_landed_columns_and_published_contracts_of_the_ledger_are_used(harbour, capsys):
    run(["-C", str(harbour), "check", "--format", "json"])
    contract_file = harbour / "domains/operations/calls/contracts/berths.yaml"
    from weft.base.yaml_source import read_yaml

    document = read_yaml(contract_file)[0].data
    ledger = Ledger.open(f"sqlite:///{harbour / '.weft' / 'ledger.db'}")
    ledger.record(
        ContractPublished(
            at=NOW,
            run_id="r1",
            port="operations/calls/berths",
            contract_id="operations/calls/berths",
            contract_version="1.0.0",
            digest="d",
            document=document,
            path="domains/operations/calls/contracts/berths.yaml",
            standard_version="v3.2.0",
        ),
        Landed(
            at=NOW,
            run_id="r1",
            product="operations/calls",
            source="berth_list",
            fingerprint="f",
            rows_in_files=1,
            rows_landed=1,
            rows_rejected=0,
            unchanged=False,
            landing={"columns": {"berth": "VARCHAR", "quay": "VARCHAR", "depth": "DOUBLE"}},
        ),
    )
    edit(harbour, "domains/operations/calls/contracts/berths.yaml", "maximum: 25", "maximum: 30")
    capsys.readouterr()
    assert run(["-C", str(harbour), "check", "--format", "json"]) == 10
    told = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["code"], Path(p["file"]).name) for p in told] == [
        ("CONTRACT122", "berths.yaml"),
        ("MODEL103", "berths.sql"),
    ]


def test_a_ledger_out_of_reach_is_said_and_stops_nothing(harbour, capsys, monkeypatch):
    monkeypatch.delenv("HARBOUR_LEDGER", raising=False)
    monkeypatch.setenv("HARBOUR_STORAGE", str(harbour / ".weft"))
    assert run(["-C", str(harbour), "--env", "prod", "check"]) == 0
    assert "WORK002" in capsys.readouterr().out
