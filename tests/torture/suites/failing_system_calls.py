"""The disk is full, or broken, from one system call on: weft says so by a Problem, and the next build mends it."""

from pathlib import Path

from child_process import Command, weft
from outcome import Outcome
from system_calls import READING, WRITING, spread, traced, why_not
from trial import BUILD, Trial

_POINTS_A_MESH = 40
_KINDS = (  # what is told to the build, by which calls, how long
    ("ENOSPC once", WRITING, "error=ENOSPC:when={number}"),
    ("ENOSPC from then on", WRITING, "error=ENOSPC:when={number}+"),
    ("EIO once", WRITING, "error=EIO:when={number}"),
    ("EIO when reading", READING, "error=EIO:when={number}"),
)


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Let `count` calls fail, evenly over the whole build and over the kinds of failure."""
    outcome = Outcome("failing system calls", "ENOSPC and EIO at the system calls of a build that write, sync or read.")
    if why := why_not():
        outcome.skipped = why
        return outcome.done()
    points = _points(folder, outcome, count)
    for first in range(0, len(points), _POINTS_A_MESH):
        trial = Trial(folder / "mesh", outcome)
        trial.give_next()
        trial.settle("nothing")
        for kind, inject, thread, call, number in points[first : first + _POINTS_A_MESH]:
            trial.give_next()
            told = inject.format(number=number)
            tried = traced(weft(trial.folder, *BUILD), folder / "log", (call,), told, main_only=thread == "main thread")
            harmed = [line for line in tried.harmed if str(trial.folder) in line]
            if not harmed:
                outcome.seen["the build made fewer calls"] += 1
            else:
                outcome.tried[kind] += 1
                at = f"{kind} at {call} number {number} of the {thread}, {_short(harmed[0], trial.folder)}"
                if tried.ended.was_killed:
                    outcome.blame(at, [f"the build ended by signal {tried.ended.signal} without a word"])
                else:
                    judge(outcome, at, Command(**tried.ended.answer))
                trial.check_after(at)
            trial.settle(f"{kind} at {call} number {number} of the {thread}")
    return outcome.done()


def judge(outcome: Outcome, at: str, command: Command) -> None:
    """A failure that is no mistake of weft is told as a Problem, with the exit code that says so."""
    said = (command.errors + command.output).strip()
    told = " ".join(said.split())[-300:]
    if "Traceback" in said or command.exit_code == 70 or "BUG001" in said:
        outcome.blame(at, [f"exit code {command.exit_code}, a bug of weft: {told}"])
    elif command.exit_code != 0 and not command.codes:
        outcome.blame(at, [f"exit code {command.exit_code} without a Problem: {told}"])
    else:
        outcome.seen["told as " + ", ".join(sorted(set(command.codes))) if command.exit_code else "did no harm"] += 1


def _points(folder: Path, outcome: Outcome, count: int) -> list[tuple[str, str, str, str, int]]:
    """Kind of failure, what strace is told, thread, kind of call and its number."""
    trial = Trial(folder / "counted", outcome)
    trial.give_next()
    trial.settle("nothing")
    found = []
    for thread in ("main thread", "worker"):
        trial.give_next()
        both = (*WRITING, *READING)
        counted = traced(weft(trial.folder, *BUILD), folder / "log", both, main_only=thread == "main thread")
        found += [
            (kind, inject, thread, call, number)
            for kind, calls, inject in _KINDS
            for call in calls
            for number in range(1, counted.busiest[call] + 1)
        ]
    outcome.figures["such points"] = str(len(found))
    return spread(found, count)


def _short(line: str, folder: Path) -> str:
    """The call and the path, as strace wrote them."""
    return line.partition(" ")[2].replace(str(folder), "").split(" (INJECTED)")[0][:160]
