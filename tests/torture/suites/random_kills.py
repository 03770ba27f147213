"""`kill -9` at a random moment of a build, with a reader running; the next attempt may be killed too."""

import random
import signal
from pathlib import Path

from child_process import Child, weft
from outcome import Outcome
from reader import Reader
from trial import BUILD, Trial

_KILLS_A_MESH = 25
_SETTLED = 0.25  # how often a kill is followed by a build that nobody disturbs; else by the next kill
_LATEST = 1.15  # of a build's usual time: some kills come after the end, most before it


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Kill `count` builds."""
    outcome = Outcome("random kills", "`kill -9` at a random moment of a build while a consumer reads without pause.")
    chance = random.Random(seed)
    answers = attempts = 0
    while outcome.tried["kill -9 at a random moment"] < count:
        trial = Trial(folder / "mesh", outcome)
        reader = Reader(trial.folder, 0)
        usual = 1.0  # s; of the first build, which makes everything
        for _ in range(_KILLS_A_MESH):
            if outcome.tried["kill -9 at a random moment"] >= count:
                break
            if trial.given == trial.acknowledged:
                reader.newest = trial.given + 1
                trial.give_next()
            child = Child(weft(trial.folder, *BUILD)).release()
            delay = chance.uniform(0, usual * _LATEST)
            ended = _killed_after(child, delay)
            attempts += 1
            outcome.tried["kill -9 at a random moment"] += ended is None  # one that came too late harmed nothing
            at = f"attempt {attempts}, killed after {delay:.3f} s"
            if ended is not None:
                outcome.seen["the build had ended before the kill"] += 1
                usual = ended
            found = trial.check_after(at)
            published = sum(version == trial.given for version in found["versions"].values())
            outcome.seen[f"killed with {published} of 4 ports published"] += ended is None
            if chance.random() < _SETTLED:
                trial.settle(at)
        trial.settle("the last kill")
        got, wrong = reader.stop()
        answers += got
        outcome.blame("meanwhile", wrong)
    outcome.figures["answers to the reader"] = str(answers)
    return outcome.done()


def _killed_after(child: Child, delay: float) -> float | None:
    """Kill a child after a delay; how long it took where it had ended by itself before."""
    import time

    time.sleep(delay)
    child.send(signal.SIGKILL)
    ended = child.wait()
    return None if ended.was_killed else ended.seconds
