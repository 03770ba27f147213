"""Corrections that wait for the next build, where that build does not make the held-back rows again itself.

A table that is made anew takes its corrections in as it is made. One that is added to sees only what is new, so that
its held-back rows are replayed with their corrections right after it was published.
"""

from dataclasses import replace

from weft.base.names import PortName
from weft.base.problem import Problem, Severity
from weft.build.decide import Decision
from weft.build.quarantine.batches import open_batches
from weft.build.quarantine.replay import replay
from weft.build.quarantine.replay_request import ReplayRequest
from weft.build.results import StepResult
from weft.build.run_state import RunState


def take_in_waiting(run: RunState, port: PortName, decision: Decision, result: StepResult) -> StepResult:
    """Replay the rows that corrections wait for; the result of the step with the snapshot that readers see then.

    Args:
        run: the run, whose later steps read that snapshot too.
        port: just published, by adding to it.
        decision: why it was made; corrections are taken in once, when they are the reason or among the reasons.
        result: of the publication.
    """
    context = run.context
    if not any(reason.kind == "corrections" for reason in decision.reasons):
        return result
    if not open_batches(context.ledger, context.storage, port):
        return result
    try:
        taken = replay(context, ReplayRequest(port))
    except Problem as problem:  # what the build made is published all the same
        return replace(result, problems=(*result.problems, replace(problem, severity=Severity.WARNING)))
    if taken.snapshot_id is None:
        return result
    head = context.lake.snapshot(port)
    assert head is not None, port
    run.snapshot_ids[port] = head.snapshot_id
    run.port_ids[port] = str(head.content_id)
    return replace(result, snapshot_id=head.snapshot_id)
