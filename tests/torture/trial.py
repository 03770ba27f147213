"""One small mesh under torture: what it was given, what was acknowledged, and whether it still keeps every promise."""

import shutil
from pathlib import Path
from typing import Any

from child_process import Command, in_child, run_weft
from invariants import check_all, files_of, needed_files
from outcome import Outcome
from small_mesh import give, make_mesh

BUILD = ("build", "--jobs", "1")


class Trial:
    """A mesh in a folder of its own."""

    def __init__(self, folder: Path, outcome: Outcome, databases: str = "") -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = make_mesh(folder, databases)
        self.outcome = outcome
        self.given = 0
        self.acknowledged = 0
        self._faults = 0  # since the last build that ended well
        self._files_of_a_build = 0

    def give_next(self) -> int:
        """Let the sources hold the next version."""
        self.given += 1
        give(self.folder, self.given)
        return self.given

    def give_again(self) -> None:
        """Let the sources hold the same version once more, whatever became of their files."""
        for path in (self.folder / "data").glob("*"):
            path.unlink()
        give(self.folder, self.given)

    def check_after(self, fault: str) -> dict[str, Any]:
        """What must hold at once, whatever was done to the build."""
        self._faults += 1
        return self._check(fault, settled=False)

    def settle(self, fault: str) -> Command:
        """Build again with nothing in the way: the result must be the one of a build that was never disturbed."""
        before = set(files_of(self.folder))
        built = run_weft(self.folder, *BUILD)
        if built.exit_code != 0:
            told = " ".join((built.errors or built.output).split())[:400]
            self.outcome.blame(f"a build after {fault}", [f"exit code {built.exit_code}: {told}"])
            return built
        self.acknowledged = self.given
        self._check(f"a build after {fault}", settled=True)
        made = len(set(files_of(self.folder)) - before)
        if self._faults == 0:
            self._files_of_a_build = max(self._files_of_a_build, made)
        else:
            self._sweep(fault)
        self._faults = 0
        return built

    def _check(self, fault: str, *, settled: bool) -> dict[str, Any]:
        try:
            found: dict[str, Any] = in_child(lambda: _told(self.folder, self.acknowledged, self.given, settled))
        except (RuntimeError, TimeoutError) as error:
            found = {"versions": {}, "violations": [str(error)]}
        self.outcome.blame(fault, found["violations"])
        return found

    def _sweep(self, fault: str) -> None:
        """Orphans are bounded by what the disturbed builds wrote, and `weft maintain` removes every one."""
        orphans = in_child(lambda: [str(path) for path in set(files_of(self.folder)) - needed_files(self.folder)])
        if self._files_of_a_build and len(orphans) > self._faults * self._files_of_a_build:
            self.outcome.blame(fault, [f"{len(orphans)} orphan files after {self._faults} builds"])
        self.outcome.seen["orphan files swept"] += len(orphans)
        swept = run_weft(self.folder, "maintain", "--orphans", "--grace-hours", "0")
        if swept.exit_code != 0:
            self.outcome.blame(f"maintain after {fault}", [f"exit code {swept.exit_code}: {swept.errors[:300]}"])
        left = in_child(lambda: [str(path) for path in _left_over(self.folder)])
        self.outcome.blame(
            f"maintain after {fault}", [f"{Path(path).relative_to(self.folder)} is left" for path in left]
        )


def _told(folder: Path, low: int, high: int, settled: bool) -> dict[str, Any]:
    from weft.base.problem import Problem

    try:
        return check_all(folder, low, high, settled=settled)
    except Problem as problem:
        told = f"{problem.code} {problem.what} {problem.found}"
    except Exception as error:
        import traceback

        last = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"
    return {"versions": {}, "violations": [f"the check itself was stopped: {told}"]}


def _left_over(folder: Path) -> list[Path]:
    """Files that nothing needs, everywhere below the storage folder."""
    from weft.build.quarantine.batches import RECORDED, REFUSED, open_batches
    from weft.workspace.workspace import Workspace

    workspace = Workspace.open(folder)
    storage = workspace.storage
    left = list(set(files_of(folder)) - needed_files(folder))
    named = {
        path for batch in open_batches(workspace.ledger, storage, states=(RECORDED, REFUSED)) for path in batch.files
    }
    left += [path for path in (storage / "quarantine").rglob("*.parquet") if path not in named]
    left += [path for path in (storage / "landings").rglob("*") if path.name.startswith((".scratch-", ".part-"))]
    return left
