"""Folders that may be read but not written: readers go on, a build says what is wrong, and goes on afterwards."""

import os
from pathlib import Path

from child_process import Command, in_child, weft
from outcome import Outcome
from suites.failing_system_calls import judge
from trial import BUILD, Trial

_FOLDERS = ("", "tables", "tables/works/gauges/gauges/data", "tables/works/gauges/gauges/metadata", "landings",
            "landings/works/gauges/gauge_list", "quarantine/works/gauges/gauges", "cache")  # fmt: skip
_NOBODY = 65534


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Take the right to write from one folder after the other."""
    outcome = Outcome("read-only folders", "Builds by a user who may not write to one of the folders.")
    trial = Trial(folder / "mesh", outcome)
    trial.give_next()
    trial.settle("nothing")
    for name in _FOLDERS[: max(3, count)]:
        trial.give_next()
        target = trial.folder / ".weft" / name
        _hand_over(trial.folder, folder)
        target.chmod(0o555)
        built = Command(**in_child(_as_nobody(weft(trial.folder, *BUILD))))
        target.chmod(0o755)
        at = f"a build that may not write to .weft/{name}"
        outcome.tried["builds without the right to write"] += 1
        judge(outcome, at, built)
        trial.check_after(at)
        trial.settle(at)
    return outcome.done()


def _as_nobody(function):  # type: ignore[no-untyped-def]
    """Root may write anywhere, so the build runs as somebody else."""

    def run_it():  # type: ignore[no-untyped-def]
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(_NOBODY)
            os.setuid(_NOBODY)
        return function()

    return run_it


def _hand_over(mesh: Path, top: Path) -> None:
    if os.geteuid() != 0:
        return
    for folder in (top.parent, top):
        folder.chmod(0o755)
    for path in [mesh, *mesh.rglob("*")]:
        os.chown(path, _NOBODY, _NOBODY)
