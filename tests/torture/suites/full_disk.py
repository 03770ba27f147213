"""The disk fills up in a build: while landing, writing, committing or recording, by how much room was left."""

import random
from pathlib import Path

from child_process import Command, run_weft
from mounts import free_kilobytes, small_disk, why_not
from outcome import Outcome
from suites.failing_system_calls import judge
from trial import BUILD, Trial

_POINTS_A_MESH = 12
_DISK_KILOBYTES = 16_000


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Let `count` builds run with too little room."""
    outcome = Outcome("full disk", "Builds on a file system with too little room, from none to almost enough.")
    if why := why_not():
        outcome.skipped = why
        return outcome.done()
    chance = random.Random(seed)
    left = count
    while left > 0:
        with small_disk(folder / "disk", _DISK_KILOBYTES) as disk:
            trial = Trial(disk / "mesh", outcome)
            trial.give_next()
            trial.settle("nothing")
            before = free_kilobytes(disk)
            trial.give_next()
            trial.settle("nothing")
            needed = max(before - free_kilobytes(disk), 64)
            for _ in range(min(left, _POINTS_A_MESH)):
                left -= 1
                trial.give_next()
                room = chance.randrange(0, needed * 2, 4)
                _leave(disk, room)
                built = run_weft(trial.folder, *BUILD)
                at = f"a build with {room} KB of room"
                outcome.tried["builds with too little room"] += built.exit_code != 0
                outcome.seen["there was just room enough"] += built.exit_code == 0
                judge(outcome, at, Command(built.exit_code, built.output, built.errors))
                (disk / "ballast").unlink()
                trial.check_after(at)
                trial.settle(at)
    return outcome.done()


def _leave(disk: Path, kilobytes: int) -> None:
    """Fill the disk up to this much room."""
    with (disk / "ballast").open("wb") as file:
        while (free := free_kilobytes(disk) - kilobytes) > 0:
            file.write(b"\0" * 1024 * min(free, 1024))
            file.flush()
