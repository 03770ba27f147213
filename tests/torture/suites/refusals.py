"""A candidate that breaks its contract: readers and lake see nothing of it, the ledger keeps what was found."""

from pathlib import Path
from typing import Any

from child_process import in_child, run_weft
from invariants import files_of
from outcome import Outcome
from small_mesh import GAUGES, give
from trial import BUILD, Trial


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Let `count` candidates be refused, between versions that are published."""
    outcome = Outcome("refusals", "Candidates that break their contract, between versions that keep it.")
    trial = Trial(folder / "mesh", outcome)
    for _ in range(count):
        trial.give_next()
        trial.settle("nothing")
        give(trial.folder, trial.given, spoiled=True)
        before = in_child(lambda: _trace(trial.folder))
        files = set(_of_gauges(trial.folder))
        built = run_weft(trial.folder, *BUILD)
        after = in_child(lambda: _trace(trial.folder))
        outcome.tried["refused publications"] += 1
        if built.exit_code != 11 or "BUILD010" not in built.codes:
            outcome.blame("a refusal", [f"exit code {built.exit_code}, told {built.codes}"])
        if before["snapshots"] != after["snapshots"] or before["published"] != after["published"]:
            outcome.blame("a refusal", ["the lake or the ledger knows of a new publication"])
        if after["findings"] <= before["findings"]:
            outcome.blame("a refusal", ["the ledger kept no findings"])
        trial.check_after("a refusal")
        give(trial.folder, trial.given)
        trial.settle("a refusal")
        left = set(_of_gauges(trial.folder)) - files
        outcome.blame("a refusal, after maintenance", [f"{path.name} is left" for path in left])
    return outcome.done()


def _of_gauges(folder: Path) -> list[Path]:
    return [path for path in files_of(folder) if "/gauges/gauges/" in path.as_posix()]


def _trace(folder: Path) -> dict[str, Any]:
    from weft.base.names import PortName
    from weft.ledger.facts import CheckFinding, Published
    from weft.workspace.workspace import Workspace

    workspace = Workspace.open(folder)
    found = {
        "snapshots": [snapshot.snapshot_id for snapshot in workspace.lake.snapshots(PortName.parse(GAUGES))],
        "published": workspace.ledger.count(Published, port=GAUGES),
        "findings": workspace.ledger.count(CheckFinding, port=GAUGES, status="failed"),
    }
    workspace.ledger.close()
    workspace.lake.close()
    return found
