"""Ledger and catalogue on Postgres, which crashes or is restarted in the middle of builds."""

import random
import time
from pathlib import Path

from child_process import Child, Command, weft
from outcome import Outcome
from postgres import Server, why_not
from suites.failing_system_calls import judge
from trial import BUILD, Trial


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Restart the server during `count` builds."""
    outcome = Outcome(
        "Postgres restarts", "Ledger and catalogue on a Postgres that crashes or restarts during a build."
    )
    if why := why_not():
        outcome.skipped = why
        return outcome.done()
    chance = random.Random(seed)
    server = Server()
    try:
        server.make_databases("ledger", "catalog")
        url = f"postgresql://weft@127.0.0.1:{server.port}"
        trial = Trial(folder / "mesh", outcome, f"ledger: {url}/ledger\ncatalog: {url}/catalog")
        trial.give_next()
        trial.settle("nothing")
        usual = 1.0
        for number in range(count):
            trial.give_next()
            child = Child(weft(trial.folder, *BUILD)).release()
            delay, mode = chance.uniform(0.05, usual), ("immediate", "fast")[number % 2]
            time.sleep(delay)
            server.stop(mode)
            time.sleep(chance.choice((0.0, 0.5)))
            server.start()
            ended = child.wait()
            at = f"a restart of Postgres ({mode}) after {delay:.3f} s"
            outcome.tried["crash of Postgres" if mode == "immediate" else "restart of Postgres"] += 1
            judge(outcome, at, Command(**ended.answer))
            if ended.answer["exit_code"] == 0:
                trial.acknowledged = trial.given
                usual = min(usual, max(0.3, ended.seconds))
            trial.check_after(at)
            trial.settle(at)
    finally:
        server.remove()
    return outcome.done()
