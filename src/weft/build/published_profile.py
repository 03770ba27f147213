"""Look at what was just published once, and remember its profile and how it differs from what was before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from weft.base.problem import Problem
from weft.build.drift.look import look
from weft.build.drift.measure import Measure
from weft.build.drift.measure_drift import measure_drift
from weft.build.drift.publication import Publication
from weft.build.events import Event
from weft.build.personal import without_values
from weft.build.run_state import RunState
from weft.ledger.facts import DriftMeasured, Fact, Profiled
from weft.spec.product import OutputPort

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_RELATION = "weft published now"


def remember_profile(
    run: RunState,
    engine: "Engine",
    port: OutputPort,
    snapshot_id: int,
    history: Sequence[Publication],
    seen: Publication | None = None,
) -> tuple[Measure, ...]:
    """Profile a snapshot, and hold it against the publications before it.

    It is published already: a profile that cannot be made is told and fails nothing.

    Args:
        run: the run.
        engine: a session.
        port: of the snapshot.
        snapshot_id: what was published.
        history: what was published before, oldest first.
        seen: the same rows, where they were looked at as a candidate.

    Returns:
        The measures of drift.
    """
    now = run.context.clock.now()
    try:
        found = seen or _looked(run, engine, port, snapshot_id, history)
    except Problem as problem:
        run.say(Event("note", port.name.product_name, port.name.port, text=f"no profile: {problem.what}"))
        return ()
    finally:
        engine.drop(_RELATION)
    if found is None:
        return ()
    facts: list[Fact] = [
        Profiled(
            at=now,
            run_id=run.run_id,
            port=str(port.name),
            snapshot_id=snapshot_id,
            rows=found.rows,
            columns=without_values(found.columns) if run.context.vault else found.columns,
        )
    ]
    measures = measure_drift(history, found) if history else ()
    if measures:
        facts.append(
            DriftMeasured(
                at=now,
                run_id=run.run_id,
                port=str(port.name),
                snapshot_id=snapshot_id,
                drifted=sum(measure.status == "drifted" for measure in measures),
                measures={measure.name: measure.as_fact() for measure in measures},
            )
        )
    run.context.ledger.record(*facts)
    return measures


def _looked(
    run: RunState, engine: "Engine", port: OutputPort, snapshot_id: int, history: Sequence[Publication]
) -> Publication | None:
    files = run.context.lake.files(port.name, snapshot_id)
    if files is None or port.table is None:
        return None
    engine.add_files(_RELATION, files)
    return look(engine, _RELATION, port.table, history, run.context.clock.now(), snapshot_id)
