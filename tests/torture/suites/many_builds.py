"""Two and eight builds of one mesh at once, with readers running: one works, the others wait or say who works."""

from pathlib import Path

from child_process import Child, Command, weft
from outcome import Outcome
from reader import Reader
from suites.failing_system_calls import judge
from trial import BUILD, Trial


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Let builds race in `count` rounds."""
    outcome = Outcome("many builds", "Two and eight builds of the same mesh at once while two consumers read.")
    trial = Trial(folder / "mesh", outcome)
    readers = [Reader(trial.folder, 0) for _ in range(2)]
    for number in range(count):
        for reader in readers:
            reader.newest = trial.given + 1
        trial.give_next()
        builders = 8 if number % 2 else 2
        patience = ("--wait", "60") if number % 4 < 2 else ()
        children = [Child(weft(trial.folder, *BUILD, *patience)) for _ in range(builders)]
        ended = [child.release() for child in children]
        answers = [Command(**child.wait().answer) for child in ended]
        at = f"{builders} builds at once{' that wait' if patience else ''}"
        outcome.tried[at] += 1
        for answer in answers:
            judge(outcome, at, answer)
            if answer.exit_code != 0 and (patience or answer.codes != ["BUILD001"]):
                outcome.blame(at, [f"one ended with exit code {answer.exit_code}: {answer.errors[-300:]}"])
        if not any(answer.exit_code == 0 for answer in answers):
            outcome.blame(at, ["no build came through"])
        trial.acknowledged = trial.given
        trial.check_after(at)
        trial.settle(at)
    for reader in readers:
        got, wrong = reader.stop()
        outcome.seen["answers to readers"] += got
        outcome.blame("meanwhile", wrong)
    return outcome.done()
