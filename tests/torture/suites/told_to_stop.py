"""SIGTERM at a random moment: the build gives up what it does, says so in the ledger, and the next one goes on."""

import random
import signal
import time
from pathlib import Path

from child_process import Child, Command, in_child, weft
from outcome import Outcome
from suites.failing_system_calls import judge
from trial import BUILD, Trial

_SLOW_SECONDS = 20.0


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Tell `count` builds to stop."""
    outcome = Outcome("told to stop", "SIGTERM at a random moment of a build.")
    chance = random.Random(seed)
    trial = Trial(folder / "mesh", outcome)
    trial.give_next()
    trial.settle("nothing")
    usual = 0.6
    for _ in range(count):
        trial.give_next()
        child = Child(weft(trial.folder, *BUILD)).release()
        delay = chance.uniform(0.02, usual)
        time.sleep(delay)
        child.send(signal.SIGTERM)
        told = time.perf_counter()
        ended = child.wait()
        at = f"SIGTERM after {delay:.3f} s"
        if ended.was_killed:
            outcome.seen["before the command could hear it"] += 1
            if delay > _hears_after():
                outcome.blame(at, ["the build ended without a word"])
        else:
            answer = Command(**ended.answer)
            judge(outcome, at, Command(0, answer.output, answer.errors)) if answer.exit_code == 143 else judge(
                outcome, at, answer
            )
            outcome.tried["SIGTERM heard by a build"] += answer.exit_code == 143
            outcome.seen["the build had ended before"] += answer.exit_code == 0
            if answer.exit_code == 143:
                outcome.blame(at, in_child(lambda: _what_is_open(trial.folder)))
            else:
                usual = max(0.2, ended.seconds)
        if time.perf_counter() - told > _SLOW_SECONDS:
            outcome.blame(at, [f"it took {time.perf_counter() - told:.0f} s to stop"])
        trial.check_after(at)
        trial.settle(at)
    return outcome.done()


def _hears_after() -> float:
    """Seconds after which a command has set itself to hear signals, on a very busy machine."""
    return 0.5


def _what_is_open(folder: Path) -> list[str]:
    """A run that was told to stop has an end in the ledger."""
    from weft.ledger.facts import RunEnded, RunStarted
    from weft.workspace.workspace import Workspace

    workspace = Workspace.open(folder)
    ended = {fact.run_id: fact.status for fact in workspace.ledger.facts(RunEnded)}
    begun = workspace.ledger.facts(RunStarted)
    workspace.ledger.close()
    if not begun:
        return []
    last = begun[-1].run_id
    return [] if last in ended else [f"run {last} has no end in the ledger"]
