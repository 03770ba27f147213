"""Look at what was just published once, and remember its profile."""

from typing import TYPE_CHECKING

from weft.base.problem import Problem
from weft.build.events import Event
from weft.build.profile import profile
from weft.build.run_state import RunState
from weft.ledger.facts import Profiled
from weft.spec.product import OutputPort

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_RELATION = "weft published now"


def remember_profile(run: RunState, engine: "Engine", port: OutputPort, snapshot_id: int) -> None:
    """Profile a snapshot. It is published already: a profile that cannot be made is told and fails nothing."""
    files = run.context.lake.files(port.name, snapshot_id)
    if files is None or port.table is None:
        return
    try:
        engine.add_files(_RELATION, files)
        rows, columns = profile(engine, _RELATION, port.table)
    except Problem as problem:
        run.say(Event("note", port.name.product_name, port.name.port, text=f"no profile: {problem.what}"))
        return
    finally:
        engine.drop(_RELATION)
    run.context.ledger.record(
        Profiled(
            at=run.context.clock.now(),
            run_id=run.run_id,
            port=str(port.name),
            snapshot_id=snapshot_id,
            rows=rows,
            columns=columns,
        )
    )
