"""The reply to a commit is lost: the server has it, the build does not know. Nothing may be published twice."""

from pathlib import Path

from child_process import run_weft
from outcome import Outcome
from postgres import Server, Wire, why_not
from suites.failing_system_calls import judge
from trial import BUILD, Trial


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Lose the replies of the commits of a build one after the other."""
    outcome = Outcome("lost replies", "The reply to each commit of a build in turn is lost between Postgres and weft.")
    if why := why_not():
        outcome.skipped = why
        return outcome.done()
    server = Server()
    wire = Wire(server.port)
    try:
        server.make_databases("ledger", "catalog")
        url = f"postgresql://weft@127.0.0.1:{wire.port}"
        trial = Trial(folder / "mesh", outcome, f"ledger: {url}/ledger\ncatalog: {url}/catalog")
        trial.give_next()
        trial.settle("nothing")
        wire.lose(0)
        trial.give_next()
        trial.settle("nothing")
        commits = wire.commits
        outcome.figures["commits of a build and its check"] = str(commits)
        for number in range(count):
            lost = number % commits + 1
            trial.give_next()
            wire.lose(lost)
            built = run_weft(trial.folder, *BUILD)
            was_lost = wire.commits >= lost
            wire.lose(0)
            at = f"the reply to commit {lost} was lost"
            outcome.tried["lost reply to a commit"] += was_lost
            outcome.seen["the build made fewer commits"] += not was_lost
            judge(outcome, at, built)
            outcome.seen["the build came through all the same"] += was_lost and built.exit_code == 0
            if built.exit_code == 0:
                trial.acknowledged = trial.given
            trial.check_after(at)
            trial.settle(at)
    finally:
        wire.cut()
        server.remove()
    return outcome.done()
