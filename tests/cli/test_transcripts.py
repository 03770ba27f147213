"""What each command prints on the harbour mesh, kept as files that are read in review.

Only what differs from run to run is replaced: instants, durations, ids, sizes and folders. To write them anew after
a change: `pytest tests/cli --force-regen`, then read the difference.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

_REPLACED = (
    (r"\b\d{8}T\d{6}-[0-9a-f]{6}\b", "<run>"),
    (r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d+)?( UTC|\+00:00)", "<instant>"),
    (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?= {2})", "<minute>"),
    # An id has as many digits as it happens to have, and its column is as wide as the widest.
    (r"\b\d{15,19}\b +(?=<instant>)", "<snapshot>  "),
    (r"\b\d{15,19}\b", "<snapshot>"),
    (r"\bsnapshot +(?=published)", "snapshot  "),
    (r"\b\d+\.\d s\b", "<seconds>"),
    (r"\b\d+(\.\d+)? (B|KB|MB|bytes)\b", "<size>"),
    (r" +$", ""),
)

# Read by nothing else here, so that one mesh serves every command that only looks.
LOOKS = {
    "check": ["check"],
    "build_again": ["build"],
    "plan_full": ["plan", "--full", "billing/fees+"],
    "ls": ["ls"],
    "ls_json": ["ls", "owner:planning", "--format", "json"],
    "lineage": ["lineage", "planning/visits.fees_total"],
    "lineage_mermaid": ["lineage", "operations/calls.arrived_at", "--down", "--format", "mermaid"],
    "impact": ["impact", "operations/calls.ship_imo"],
    "show_product": ["show", "billing/fees"],
    "show_port": ["show", "planning/visits/by_month"],
    "query": ["query", "SELECT quay, sum(visits) AS visits FROM planning.visits.by_month GROUP BY ALL ORDER BY ALL"],
    "query_json": ["query", "SELECT min(month) AS first FROM planning.visits.by_month", "--format", "json"],
    "query_refused": ["query", "SELECT * FROM read_csv('data/berths.csv')"],
    "quarantine_list": ["quarantine", "list"],
    "quarantine_by_rule": ["quarantine", "list", "--by", "rule"],
    "quarantine_by_origin": ["quarantine", "list", "--by", "origin"],
    "quarantine_sample": ["quarantine", "show", "billing/fees", "--sample", "2", "--seed", "7"],
    "quarantine_expire_dry_run": ["quarantine", "expire", "--older-than", "0d", "--dry-run"],
    "show_run": ["show", "run:last"],
    "quarantine_show": ["quarantine", "show", "operations/calls", "--rule", "cargo.enum"],
    "explain": ["explain", "CONTRACT122"],
    "test": ["test"],
    "contract_infer": ["contract", "infer", "data/berths.csv"],
    "contract_infer_explain": ["contract", "infer", "calls=data/calls-*.csv", "berths=data/berths.csv", "--explain"],
    "contract_test": ["contract", "test", "domains/operations/calls/contracts/berths.yaml", "data/berths.csv"],
    "contract_test_broken": [
        "contract",
        "test",
        "domains/billing/fees/contracts/fees.yaml",
        "data/berths.csv",
        "--all",
    ],
    "drift": ["drift"],
    "rollback_list": ["rollback", "billing/fees"],
    "maintain_dry_run": ["maintain", "--dry-run"],
    "mistyped": ["ls", "operations/cals"],
}


class Mesh:
    """The harbour mesh in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.weft("init", str(folder), "--template", "harbour", cwd=folder.parent)

    def weft(self, *arguments: str, cwd: Path | None = None) -> str:
        """One call as it would stand in a terminal: what was typed, both streams, and the exit code."""
        environ = {key: value for key, value in os.environ.items() if not key.startswith("WEFT_")}
        environ |= {"WEFT_ACTOR": "ines", "NO_COLOR": "1", "COLUMNS": "200"}
        done = subprocess.run(
            [sys.executable, "-m", "weft", *arguments],
            cwd=cwd or self.folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        said = f"$ weft {' '.join(arguments)}\n{done.stdout}"
        if done.stderr:
            said += f"--- standard error\n{done.stderr}"
        return f"{said}--- exit code {done.returncode}\n"

    def transcript(self, *arguments: str) -> str:
        """The same, with placeholders for what differs from run to run."""
        text = self.weft(*arguments).replace(str(self.folder), "<mesh>")
        for pattern, placeholder in _REPLACED:
            text = re.sub(pattern, placeholder, text, flags=re.MULTILINE)
        return text


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    mesh = Mesh(tmp_path_factory.mktemp("transcripts") / "harbour")
    mesh.first_plan = mesh.transcript("plan")
    mesh.first_build = mesh.transcript("build", "--jobs", "1")
    return mesh


@pytest.fixture
def fresh(tmp_path):
    return Mesh(tmp_path / "harbour")


@pytest.mark.parametrize("name", LOOKS)
def test_a_command_that_only_looks(name, built, file_regression):
    file_regression.check(built.transcript(*LOOKS[name]), basename=name)


def test_the_first_plan_and_build(built, file_regression):
    file_regression.check(built.first_plan, basename="plan")
    file_regression.check(built.first_build, basename="build")


def test_a_difference_of_contracts(fresh, file_regression):
    # Of a mesh that nobody has asked anything: who asked lately is part of the answer.
    arguments = ("contract", "diff", "billing.fees", "domains/operations/calls/contracts/berths.yaml")
    file_regression.check(fresh.transcript(*arguments), basename="contract_diff")


def test_a_mesh_with_several_mistakes_at_once(fresh, file_regression):
    for path, old, new in (
        ("billing/fees/product.yaml", "team:", "teem:"),
        ("billing/fees/contracts/fees.yaml", "version: 1.0.0", "version: one"),
        ("planning/visits/product.yaml", "contractId: billing/fees", "contractId: billing/feez"),
        ("operations/calls/models/calls.sql", "FROM calls_log", "FROM calls_lag"),
        ("operations/calls/build.yaml", "sources:", "materialisation: upsert\nsources:"),
        ("planning/domain.yaml", "owner: planning", "owner: planing"),
    ):
        file = fresh.folder / "domains" / path
        assert old in file.read_text(encoding="utf-8")
        file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    file_regression.check(fresh.transcript("check"), basename="check_broken")


def test_a_rollback_and_the_build_behind_it(fresh, file_regression):
    fresh.weft("build", "operations/calls")
    fresh.weft("build", "operations/calls", "--full")
    told = fresh.transcript("rollback", "operations/calls/berths", "--to", "previous", "--reason", "counted twice")
    told += fresh.transcript("build", "operations/calls")
    told += fresh.transcript("rollback", "operations/calls/berths")
    file_regression.check(told, basename="rollback")


def test_decisions_about_rows_that_are_held_back(fresh, file_regression):
    fresh.weft("build", "operations/calls")
    name = "operations/calls"
    told = fresh.transcript(
        "quarantine", "replay", name, "--set", "cargo = 'containers'", "--where", "cargo LIKE 'cont%'"
    )
    told += fresh.transcript("show", "run:last")
    told += fresh.transcript("quarantine", "replay", name, "--sql", "SELECT * FROM quarantined WHERE false")
    told += fresh.transcript("quarantine", "dismiss", name, "--rule", "ship_imo.pattern", "--reason", "a test")
    told += fresh.transcript("quarantine", "expire")
    told += fresh.transcript("quarantine", "expire", "--older-than", "0d")
    told += fresh.transcript("quarantine", "list")
    file_regression.check(told, basename="quarantine_decisions")
