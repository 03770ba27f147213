"""The machine's clock is set a day back and forward between builds."""

from pathlib import Path
from typing import Any

from child_process import Command, in_child, weft
from outcome import Outcome
from suites.failing_system_calls import judge
from trial import BUILD, Trial

_HOURS = (0, -24, 0, 24, -24, 48, 0)


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Build `count` times under clocks that jump."""
    outcome = Outcome("clocks", "Builds under a clock that is set a day back and forward between them.")
    trial = Trial(folder / "mesh", outcome)
    trial.give_next()
    trial.settle("nothing")
    for number in range(count):
        hours = _HOURS[number % len(_HOURS)]
        trial.give_next()
        built = Command(**in_child(_at(hours, weft(trial.folder, *BUILD))))
        at = f"a build with the clock {hours:+} hours off"
        outcome.tried["builds with the clock off" if hours else "builds with the clock right again"] += 1
        judge(outcome, at, built)
        if built.exit_code == 0:
            trial.acknowledged = trial.given
        else:
            outcome.blame(at, [f"exit code {built.exit_code}: {built.errors[-300:]}"])
        trial.check_after(at)
        swept = Command(**in_child(_at(hours, weft(trial.folder, "maintain", "--keep-days", "0", "--keep-last", "50"))))
        judge(outcome, f"maintain with the clock {hours:+} hours off", swept)
        trial.check_after(f"maintain with the clock {hours:+} hours off")
    trial.settle("all that")
    return outcome.done()


def _at(hours: int, function: Any) -> Any:
    """A function under another clock: all of Python's ways to ask for the time."""

    def run_it() -> Any:
        import datetime

        import time_machine

        wanted = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=hours)
        with time_machine.travel(wanted):
            return function()

    return run_it
