"""The power goes right after a build was reported as done, or at a random moment of it."""

import os
import random
import time
from pathlib import Path

from child_process import Child, run_weft, weft
from mounts import PowerSupply, why_not
from outcome import Outcome
from trial import BUILD, Trial

_CUTS_A_DISK = 15


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Cut the power `count` times."""
    outcome = Outcome(
        "power cut",
        "ext4 on a loop device, shut down without flushing its journal (EXT4_IOC_SHUTDOWN), then mounted again.",
    )
    if why := why_not():
        outcome.skipped = why
        return outcome.done()
    chance = random.Random(seed)
    left = count
    while left > 0:
        power = PowerSupply(folder / "image", folder / "disk")
        try:
            trial = Trial(power.place / "mesh", outcome)
            os.sync()  # the mesh's own files came from Git; nothing of weft's is there yet
            trial.give_next()
            trial.settle("nothing")
            usual = 1.0
            for number in range(min(left, _CUTS_A_DISK)):
                left -= 1
                trial.give_next()
                if number % 3 == 2:
                    child = Child(weft(trial.folder, *BUILD)).release()
                    delay = chance.uniform(0, usual)
                    time.sleep(delay)
                    child.send(9)
                    child.wait()
                    at = f"a power cut {delay:.3f} s into a build"
                    outcome.tried["power cut in a build"] += 1
                    _cut(power, trial)
                    trial.check_after(at)
                    trial.settle(at)
                    continue
                started = time.perf_counter()
                built = run_weft(trial.folder, *BUILD)
                usual = time.perf_counter() - started
                at = "a power cut after a build was reported as done"
                if built.exit_code != 0:
                    outcome.blame("a build before a power cut", [f"exit code {built.exit_code}: {built.errors[-300:]}"])
                    continue
                trial.acknowledged = trial.given
                outcome.tried["power cut after a build was reported as done"] += 1
                _cut(power, trial)
                trial.check_after(at)
                trial.settle(at)
        finally:
            power.disconnect()
    return outcome.done()


def _cut(power: PowerSupply, trial: Trial) -> None:
    """Cut the power; what the sources held comes from elsewhere, so it is given again."""
    power.cut()
    trial.give_again()
