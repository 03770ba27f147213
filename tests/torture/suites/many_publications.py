"""Hundreds of publications in a row: the last take no longer than the first, and metadata stays bounded."""

import resource
import statistics
from pathlib import Path
from typing import Any

from child_process import in_child, run_weft, weft
from outcome import Outcome
from small_mesh import PORTS
from trial import BUILD, Trial

_COMPARED = 50
_METADATA_FILES = 21  # Iceberg keeps the newest twenty versions of a table's metadata, and the one that is read


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Publish every port `count` times."""
    outcome = Outcome("many publications", "Publications of the same ports, one after the other.", is_fault=False)
    trial = Trial(folder / "mesh", outcome)
    seconds = []
    for _ in range(count):
        trial.give_next()
        answer = in_child(_with_seconds(weft(trial.folder, *BUILD)))
        seconds.append(answer["seconds"])
        if answer["exit_code"] != 0:
            outcome.blame(f"publication {trial.given}", [f"exit code {answer['exit_code']}: {answer['errors'][-300:]}"])
            return outcome.done()
    trial.acknowledged = trial.given
    outcome.tried["publications of each port"] = count
    trial.settle("all of them")
    compared = min(_COMPARED, count // 3)
    first, last = statistics.median(seconds[1 : compared + 1]), statistics.median(seconds[-compared:])
    outcome.figures[f"CPU time of the last {compared} builds to that of the first"] = f"{last / first:.2f}"
    most = max(len(list(_metadata(trial.folder, port).glob("*.metadata.json"))) for port in PORTS)
    outcome.figures["metadata files of a port, at most"] = str(most)
    if most > _METADATA_FILES:
        outcome.blame("metadata", [f"{most} metadata files of one port"])
    if compared == _COMPARED and last > 2 * first:
        outcome.blame("speed", [f"the last {compared} builds took {last / first:.2f} times as long as the first"])
    swept = run_weft(trial.folder, "maintain", "--grace-hours", "0", "--keep-days", "0")
    if swept.exit_code != 0:
        outcome.blame("maintain", [swept.errors[-300:]])
    outcome.figures["files of all ports after `weft maintain`"] = str(
        sum(1 for path in (trial.folder / ".weft/tables").rglob("*") if path.is_file())
    )
    return outcome.done()


def _with_seconds(function: Any) -> Any:
    """What a function returns, with the seconds of CPU that it took: on a busy machine the clock says nothing."""

    def run_it() -> Any:
        before = resource.getrusage(resource.RUSAGE_SELF)
        answer = function()
        after = resource.getrusage(resource.RUSAGE_SELF)
        return {**answer, "seconds": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}

    return run_it


def _metadata(folder: Path, port: str) -> Path:
    domain, product, *rest = port.split("/")
    return folder / ".weft/tables" / domain / product / (rest[0] if rest else product) / "metadata"
