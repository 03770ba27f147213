"""`kill -9` at every system call of a build that changes a file or a folder: one build a call, in order."""

from pathlib import Path

from child_process import weft
from outcome import Outcome
from system_calls import CHANGING, spread, traced, why_not
from trial import BUILD, Trial

_POINTS_A_MESH = 40
_CALLS = tuple(call for call in CHANGING if call != "openat")  # opening alone changes nothing that writing would not


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Kill at `count` calls, evenly over the whole build; all of them where it makes no more than that."""
    outcome = Outcome(
        "kills at system calls", "`kill -9` at every system call of a build that changes a file or a folder."
    )
    if why := why_not():
        outcome.skipped = why
        return outcome.done()
    points = _points(folder, outcome, count)
    for first in range(0, len(points), _POINTS_A_MESH):
        trial = Trial(folder / "mesh", outcome)
        trial.give_next()
        trial.settle("nothing")
        for thread, call, number in points[first : first + _POINTS_A_MESH]:
            trial.give_next()
            inject = f"signal=KILL:when={number}"
            killed = traced(
                weft(trial.folder, *BUILD), folder / "log", (call,), inject, main_only=thread == "main thread"
            )
            at = f"kill at {call} number {number} of the {thread}"
            outcome.tried[f"kill -9 at a system call of the {thread}"] += killed.ended.was_killed
            outcome.seen["the build made fewer calls"] += not killed.ended.was_killed
            found = trial.check_after(at)
            published = sum(version == trial.given for version in found["versions"].values())
            outcome.seen[f"killed with {published} of 4 ports published"] += killed.ended.was_killed
            trial.settle(at)
    return outcome.done()


def _points(folder: Path, outcome: Outcome, count: int) -> list[tuple[str, str, int]]:
    """Thread, kind of call and its number: where to kill, as counted in builds that nobody disturbs."""
    trial = Trial(folder / "counted", outcome)
    trial.give_next()
    trial.settle("nothing")
    found = []
    for thread in ("main thread", "worker"):
        trial.give_next()
        counted = traced(weft(trial.folder, *BUILD), folder / "log", _CALLS, main_only=thread == "main thread")
        outcome.figures[f"such calls of the {thread}"] = str(counted.busiest.total())
        found += [
            (thread, call, number) for call, times in sorted(counted.busiest.items()) for number in range(1, times + 1)
        ]
    return spread(found, count)
