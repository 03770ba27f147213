"""What the ledger remembers of a decision about held-back rows: a run of its own, and the publication that it made."""

import os
import socket
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from weft import __version__
from weft.base.names import PortName
from weft.build.context import BuildContext
from weft.build.contract_digest import promise_digest
from weft.build.quarantine.batch_changes import By
from weft.build.quarantine.replay_target import ReplayTarget
from weft.ledger.facts import Fact, Published, Quarantined, RunEnded, RunStarted

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot


def decision_facts(
    context: BuildContext,
    command: str,
    port: PortName | None,
    by: By,
    batches: Sequence[Quarantined],
    options: Mapping[str, Any],
    **rows: int,
) -> tuple[Fact, ...]:
    """A run that changed batches.

    Args:
        context: the opened mesh.
        command: what was called.
        port: whose batches; None for all.
        by: who, in which run.
        batches: what became of each.
        options: what the run was asked for.
        **rows: totals of the run, by the names of `RunEnded`.
    """
    started = RunStarted(
        at=by.at,
        run_id=by.run_id,
        command=command,
        actor=by.actor,
        environment=context.environment.name,
        host=socket.gethostname(),
        pid=os.getpid(),
        weft_version=__version__,
        selection=(str(port),) if port else (),
        options=dict(options),
    )
    built = 1 if rows.get("rows_published") else 0
    ended = RunEnded(at=by.at, run_id=by.run_id, status="done", products_built=built, **rows)
    return (started, *batches, ended)


def publication_fact(
    context: BuildContext, target: ReplayTarget, by: By, rows_quarantined: int, head: "Snapshot", mode: str
) -> Published:
    """The publication of a replay; which snapshot it became is put in once it is known."""
    port = str(target.port.name)
    before = context.ledger.latest(Published, port=port)
    return Published(
        at=by.at,
        run_id=by.run_id,
        port=port,
        snapshot_id=0,
        parent_id=head.snapshot_id,
        rows=0,
        quarantined=rows_quarantined,
        contract_id=target.contract.id,
        contract_version=target.contract.version,
        contract_digest=promise_digest(target.contract, target.table),
        mode=mode,
        materialization=before.materialization if before else str(target.materialization),
        inputs=before.inputs if before else {},
    )
