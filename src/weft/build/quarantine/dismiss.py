"""Dismiss held-back rows: a person decides that they are never to be published, and says why.

Their files go, what stays of the batches is written anew, and a digest of each row is remembered, so that the next
build that makes the same row does not hold it back once more.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.build.context import BuildContext
from weft.build.quarantine.batch_changes import By, changed_batches, moved_by_batch, new_files, rows_by_batch
from weft.build.quarantine.batches import (
    BATCH,
    DISMISSED,
    Batch,
    forget_closed,
    held_relation,
    open_batches,
    quarantine_folder,
    rules_of_rows,
)
from weft.build.quarantine.dismissals import remember_dismissed
from weft.build.quarantine.pending_file import let_count
from weft.build.quarantine.replay_facts import decision_facts
from weft.build.quarantine.replay_target import replay_target
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.spec.contract import Table

COMMAND = "quarantine dismiss"
_HELD, _OUT, _LEFT = "weft quarantine", "weft rows to dismiss", "weft rows that stay"


@dataclass(frozen=True)
class DismissRequest:
    """Which rows, and why; conditions hold together, and without one all open rows of the port are meant."""

    port: PortName
    reason: str
    rule: str | None = None
    batch: str | None = None
    key: Mapping[str, str] = field(default_factory=dict)  # column -> value, as text
    dry_run: bool = False


@dataclass(frozen=True)
class Dismissed:
    """What was closed: held before = dismissed + left."""

    port: PortName
    run_id: str
    dismissed: int
    left: int
    rules: Mapping[str, int]  # what the dismissed rows broke
    dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "run": self.run_id,
            "dismissed": self.dismissed,
            "left": self.left,
            "rules": dict(self.rules),
            "dry_run": self.dry_run,
        }


def dismiss(context: BuildContext, request: DismissRequest) -> Dismissed:
    """Close rows for good. The caller holds the build lock.

    Raises:
        Problem: QUARANTINE001 nothing is held back, QUARANTINE002 the port is unknown, QUARANTINE005 a key names no
            column, QUARANTINE009 no row broke that rule, QUARANTINE011 no row is meant, QUARANTINE012 no reason.
    """
    if not request.reason.strip():
        raise Problem("QUARANTINE012", "A dismissal needs a reason.", fix='Say why: --reason "test orders".')
    target = replay_target(context, request.port)
    batches = open_batches(context.ledger, context.storage, request.port)
    if not batches:
        raise Problem(
            "QUARANTINE001",
            f"Nothing of {request.port} is held back.",
            fix="`weft quarantine list` shows the ports with rows in quarantine.",
        )
    at = context.clock.now()
    by = By(f"dismiss-{at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}", at, context.actor, request.reason)
    with context.new_engine() as engine:
        columns = held_relation(engine, _HELD, batches)
        where = _condition(engine, request, batches, columns, target.table)
        out = engine.add_table(_OUT, f"SELECT * FROM {identifier(_HELD)} WHERE {where}")
        if not out:
            raise Problem(
                "QUARANTINE011",
                f"No row of {request.port} that is held back is meant.",
                fix=f"`weft quarantine show {request.port}` shows the rows.",
            )
        total = sum(batch.rows for batch in batches)
        outcome = Dismissed(
            request.port, by.run_id, out, total - out, rules_of_rows(engine, _OUT), dry_run=request.dry_run
        )
        if not request.dry_run:
            engine.add_view(_LEFT, f"SELECT * FROM {identifier(_HELD)} WHERE ({where}) IS NOT TRUE")
            _record(context, engine, request.port, target.table, batches, by)
    return outcome


def _record(context: BuildContext, engine: Engine, port: PortName, table: Table, batches: list[Batch], by: By) -> None:
    storage = context.storage
    moved = moved_by_batch(rows_by_batch(engine, _OUT), DISMISSED)
    changed = changed_batches(engine, storage, batches, _LEFT, moved, by)
    written = new_files(changed, storage)
    try:
        digests = remember_dismissed(engine, _OUT, table, quarantine_folder(storage, port), by)
        written += [digests] if digests else []
        context.ledger.record(*decision_facts(context, COMMAND, port, by, changed, {"reason": by.reason}))
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise
    # Should the process end here, the rows are closed, and held back once more by the next build: nothing is lost.
    let_count([digests] if digests else [])
    forget_closed(context.ledger, storage, port)


def _condition(
    engine: Engine, request: DismissRequest, batches: list[Batch], columns: Mapping[str, str], table: Table
) -> str:
    conditions = ["true"]
    if request.rule is not None:
        known = rules_of_rows(engine, _HELD)
        if request.rule not in known:
            raise no_such_rule(request.port, request.rule, known)
        conditions.append(f"list_contains(_broken_rules, {text(request.rule)})")
    if request.batch is not None:
        names = [batch.batch for batch in batches]
        if request.batch not in names:
            raise no_such_batch(request.batch, names)
        conditions.append(f"{BATCH} = {text(request.batch)}")
    by_folded = {name.casefold(): name for name in columns}
    for name, value in request.key.items():
        column = by_folded.get(name.casefold())
        if column is None:
            raise Problem(
                "QUARANTINE005",
                f'--key names a column "{name}", which the rows have not.',
                fix=did_you_mean(name, [column.stored_name for column in table.columns]),
            )
        conditions.append(f"CAST({identifier(column)} AS VARCHAR) = {text(value)}")
    return " AND ".join(conditions)


def no_such_rule(port: PortName, rule: str, known: Mapping[str, int]) -> Problem:
    """No row that is held back broke a rule of that name."""
    return Problem(
        "QUARANTINE009",
        f'No row of {port} that is held back broke "{rule}".',
        expected=f"one of {', '.join(known)}",
        fix=did_you_mean(rule, known),
    )


def no_such_batch(batch: str, known: list[str]) -> Problem:
    """No batch is called so."""
    return Problem(
        "QUARANTINE013",
        f'There is no batch "{batch}".',
        expected=f"such as {', '.join(known[:5])}" if known else None,
        fix=did_you_mean(batch, known) or "`weft quarantine list` shows the batches that are open.",
    )
