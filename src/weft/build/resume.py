"""The run that `--resume` goes on with."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from weft.build.context import BuildRequest
from weft.ledger.facts import RunEnded, RunStarted, StepEnded

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger


@dataclass(frozen=True)
class Resumed:
    """A run that did not end well, with the runs that went on with it before."""

    run_id: str
    selection: tuple[str, ...]
    exclude: tuple[str, ...]
    full: bool
    made: frozenset[tuple[str, str]]  # product and step

    def request_for(self, request: BuildRequest) -> BuildRequest:
        """The same work as that run was asked to do."""
        return replace(request, selection=self.selection, exclude=self.exclude, full=self.full or request.full)


def last_failed_run(ledger: "Ledger") -> Resumed | None:
    """The last build where it failed, was interrupted or killed; None where it ended well or there is none."""
    ended = {fact.run_id: fact for fact in ledger.facts(RunEnded, newest_first=True, limit=100)}
    chain: list[RunStarted] = []
    for started in ledger.facts(RunStarted, newest_first=True, limit=100, command="build"):
        end = ended.get(started.run_id)
        if end is not None and end.status == "done":
            break
        chain.append(started)
        if not started.options.get("resume"):
            break
    if not chain:
        return None
    first = chain[-1]  # the one that was asked for; those after it only went on
    steps = ledger.facts(StepEnded, run_id=[run.run_id for run in chain], status=["made", "refreshed"])
    return Resumed(
        run_id=chain[0].run_id,
        selection=first.selection,
        exclude=tuple(first.options.get("exclude", ())),
        full=any(bool(run.options.get("full")) for run in chain),
        made=frozenset((step.product, step.step) for step in steps),
    )
