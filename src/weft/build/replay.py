"""Replay a port's quarantine: check its rows again, corrected or as they are, and publish those that are good now.

Good rows are added to the published table, after a check that takes the published rows into account: a key that is
published already, or a reference that is still missing, keeps a row where it is. Whatever is replayed leaves the
quarantine in the same step as it is published, so that a row is never counted twice and never in neither place.
"""

import os
import socket
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from weft import __version__
from weft.base.data_files import WrittenFile
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.check.finding import Finding
from weft.build.context import BuildContext
from weft.build.contract_digest import promise_digest
from weft.build.correct_rows import AS_HELD, CANDIDATE, CHANGED, HELD, correct_rows
from weft.build.corrections import keep_corrections
from weft.build.quarantine import (
    ADDED_COLUMNS,
    RECORDED,
    REPLAYED,
    Batch,
    forget_closed,
    held_relation,
    open_batches,
    quarantine_folder,
    rules_of_rows,
)
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.ledger.facts import Fact, Published, Quarantined, RunEnded, RunStarted
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract, Table
from weft.spec.contract_walk import relationships_of
from weft.spec.product import OutputPort, Product
from weft.spec.relationship_target import is_outside_mesh, target_of

COMMAND = "quarantine replay"
_PUBLISHED, _STILL_HELD, _GOOD = "weft published before", "weft still held", "weft good again"


@dataclass(frozen=True)
class ReplayRequest:
    """What to replay and how it is corrected; at most one of the two ways."""

    port: PortName
    fix: Path | None = None  # a CSV file: key columns and corrected columns
    sql: str | None = None  # a SELECT over `quarantined` that keeps `_row`
    dry_run: bool = False


@dataclass(frozen=True)
class Replayed:
    """What became of the rows: rows = published + still_held."""

    port: PortName
    run_id: str
    rows: int
    corrected: int  # rows that a correction made others
    published: int
    still_held: int
    rules: Mapping[str, int]  # what the rows that are still held break
    findings: tuple[Finding, ...]
    snapshot_id: int | None = None
    unmatched: int = 0  # lines of the correction file that fit no row
    dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "run": self.run_id,
            "rows": self.rows,
            "corrected": self.corrected,
            "published": self.published,
            "still_held": self.still_held,
            "rules": dict(self.rules),
            "snapshot": self.snapshot_id,
            "unmatched_corrections": self.unmatched,
            "dry_run": self.dry_run,
        }


@dataclass(frozen=True)
class _Port:
    product: Product
    port: OutputPort
    contract: Contract
    table: Table


def replay(context: BuildContext, request: ReplayRequest) -> Replayed:
    """Check the open rows of a port again and publish those that keep its contract.

    The caller holds the build lock.

    Raises:
        Problem: QUARANTINE001 nothing is held back, QUARANTINE002 the port is unknown or was never published,
            QUARANTINE003 to QUARANTINE007 the correction cannot be applied, QUARANTINE008 the published table as a
            whole would break its contract, LAKE002 somebody published meanwhile.
    """
    target = _port_of(context, request.port)
    batches = open_batches(context.ledger, context.storage, request.port)
    if not batches:
        raise Problem(
            "QUARANTINE001",
            f"Nothing of {request.port} is held back.",
            fix="`weft quarantine list` shows the ports with rows in quarantine.",
        )
    head = context.lake.snapshot(request.port)
    files = context.lake.files(request.port)
    if head is None or files is None:
        raise Problem(
            "QUARANTINE002", f"{request.port} was never published.", fix=f"Build it first: weft build {request.port}"
        )
    at = context.clock.now()
    run_id = f"replay-{at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    folder = quarantine_folder(context.storage, request.port)
    with context.new_engine() as engine:
        engine.add_files(_PUBLISHED, files)
        known = held_relation(engine, "weft quarantine", batches)
        change = correct_rows(engine, "weft quarantine", known, target.table, request.fix, request.sql)
        targets = AuditTargets(
            context.lake.fields_for(request.port, columns_of(target.table.columns)),
            context.lake.data_folder(request.port) / f"{run_id}.parquet",
            context.storage / "cache" / f"{run_id}.parquet",
            run_id,
        )
        checked = audit(
            engine,
            CANDIDATE,
            target.table,
            target.contract,
            port=request.port,
            references=_references(context, engine, target),
            now=at,
            tolerance=context.environment.quarantine_tolerance,
            write=targets,
            published=_published_as_promised(engine, target.table),
            carried=("_row",),
            refuses_for_rows=False,
        )
        try:
            if checked.refused:
                raise _refused(request.port, target, checked)
            still = _write_still_held(engine, checked, folder / f"{run_id}.parquet")
            rules = rules_of_rows(engine, _STILL_HELD) if still else {}
            outcome = Replayed(
                request.port,
                run_id,
                checked.rows_in,
                change.rows,
                checked.rows_published,
                checked.rows_quarantined,
                rules,
                checked.findings,
                unmatched=change.unmatched,
                dry_run=request.dry_run,
            )
            if request.dry_run or not checked.rows_published:
                _remove([*checked.good, *([still] if still else [])])
                return outcome
            good = f"SELECT * FROM {identifier(CANDIDATE)}{_only_good(checked)}"
            engine.add_table(_GOOD, f"{good} WHERE _row IN (SELECT _row FROM {identifier(CHANGED)})")
            corrections = keep_corrections(
                engine, target.table, AS_HELD, _GOOD, folder, run_id=run_id, actor=context.actor, at=at
            )
        finally:
            _remove(checked.quarantined)
    try:
        snapshot = context.lake.publish(
            request.port,
            targets.fields,
            checked.good,
            mode="append",
            parent=head.snapshot_id,
            properties={
                **{key: head.properties[key] for key in ("weft.fingerprint",) if key in head.properties},
                "weft.run": run_id,
                "weft.contract": target.contract.id,
                "weft.contract-version": target.contract.version,
                "weft.quarantined": str(checked.rows_quarantined),
            },
        )
    except BaseException:  # nothing was published: no trace of it stays
        _remove([*checked.good, *([still] if still else [])])
        if corrections is not None:
            corrections.unlink(missing_ok=True)
        raise
    outcome = replace(outcome, snapshot_id=snapshot.snapshot_id)
    context.ledger.record(*_facts(context, target, outcome, snapshot.rows, head.snapshot_id, batches, still, at))
    forget_closed(context.ledger, context.storage, request.port)
    return outcome


def _port_of(context: BuildContext, name: PortName) -> _Port:
    product = context.mesh.product(name.product_name)
    port = context.mesh.output_port(name)
    if product is None or port is None or port.contract is None or port.table is None:
        raise Problem("QUARANTINE002", f"{name} is no output port with a contract.", fix="`weft ls` lists the ports.")
    return _Port(product, port, port.contract, port.table)


def _references(context: BuildContext, engine: Engine, target: _Port) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for relationship in relationships_of(target.table):
        name = relationship.to_table
        if is_outside_mesh(name) or name in found:
            continue
        leads_to = target_of(context.mesh, target.product, target.contract, name)
        if leads_to is None or leads_to.port is None:
            continue
        files = context.lake.files(leads_to.port)
        found[name] = None
        if files is not None:
            found[name] = f"weft reference {leads_to.port}"
            engine.add_files(f"weft reference {leads_to.port}", files)
    return found


def _published_as_promised(engine: Engine, table: Table) -> str:
    """The published rows with the contract's columns: one that was added since is NULL in them."""
    known = {name.casefold(): name for name in engine.describe(f"FROM {identifier(_PUBLISHED)}")}
    columns = []
    for name, kind in columns_of(table.columns).items():
        source = known.get(name.casefold())
        columns.append(f"CAST({identifier(source) if source else 'NULL'} AS {kind}) AS {identifier(name)}")
    engine.add_view("weft published as promised", f"SELECT {', '.join(columns)} FROM {identifier(_PUBLISHED)}")
    return "weft published as promised"


def _only_good(checked: Audit) -> str:
    if not checked.quarantined:
        return ""
    return f" ANTI JOIN (SELECT _row FROM read_parquet({text(checked.quarantined[0].path)})) USING (_row)"


def _write_still_held(engine: Engine, checked: Audit, path: Path) -> WrittenFile | None:
    """The rows that stay, as they were held back: a correction that was not enough changes nothing.

    A row that nobody touched carries the rules that it breaks under the present contract, one that was corrected in
    vain those that it broke before, for these are what it still breaks.
    """
    if not checked.quarantined:
        return None
    kept = [name for name in engine.describe(f"FROM {identifier(HELD)}") if name not in ("_row", *ADDED_COLUMNS)]
    columns = ", ".join(f"h.{identifier(name)}" for name in kept)
    touched = f"h._row IN (SELECT _row FROM {identifier(CHANGED)})"
    query = (
        f"SELECT {columns}, CASE WHEN {touched} THEN h._broken_rules ELSE b._broken_rules END AS _broken_rules,"
        f" h._quarantined_at, h._run FROM {identifier(HELD)} AS h"
        f" JOIN (SELECT _row, _broken_rules FROM read_parquet({text(checked.quarantined[0].path)})) AS b USING (_row)"
        f" ORDER BY h._row"
    )
    written = engine.write_parquet(query, str(path))
    engine.add_parquet(_STILL_HELD, [written.path])
    return written


def _refused(port: PortName, target: _Port, checked: Audit) -> Problem:
    return Problem(
        "QUARANTINE008",
        f"Nothing of {port} was replayed: with these rows the table as a whole would break its contract.",
        target.contract.place,
        found=" ".join(checked.refusals),
        fix="Correct the rows, or change the contract.",
    )


def _facts(
    context: BuildContext,
    target: _Port,
    outcome: Replayed,
    rows: int,
    parent_id: int,
    batches: list[Batch],
    still: WrittenFile | None,
    at: datetime,
) -> list[Fact]:
    """The replayed batches are closed and what is left of them is a batch of its own, in one transaction."""
    port, run_id = str(outcome.port), outcome.run_id
    assert outcome.snapshot_id is not None
    before = context.ledger.latest(Published, port=port)
    facts: list[Fact] = [
        RunStarted(
            at=at,
            run_id=run_id,
            command=COMMAND,
            actor=context.actor,
            environment=context.environment.name,
            host=socket.gethostname(),
            pid=os.getpid(),
            weft_version=__version__,
            selection=(port,),
        ),
        Published(
            at=at,
            run_id=run_id,
            port=port,
            snapshot_id=outcome.snapshot_id,
            parent_id=parent_id,
            rows=rows,
            quarantined=outcome.still_held,
            contract_id=target.contract.id,
            contract_version=target.contract.version,
            contract_digest=promise_digest(target.contract, target.table),
            mode="append",
            materialization=before.materialization if before else "replace",
            inputs=before.inputs if before else {},
        ),
        *(_closed(batch, run_id, at, context) for batch in batches),
    ]
    if still is not None:
        facts.append(
            Quarantined(
                at=at,
                run_id=run_id,
                port=port,
                batch=run_id,
                state=RECORDED,
                rows=still.rows,
                files=(Path(still.path).relative_to(context.storage).as_posix(),),
                rules=outcome.rules,
                actor=context.actor,
            )
        )
    facts.append(
        RunEnded(
            at=at,
            run_id=run_id,
            status="done",
            products_built=1,
            rows_in=outcome.rows,
            rows_published=outcome.published,
            rows_quarantined=outcome.still_held,
        )
    )
    return facts


def _closed(batch: Batch, run_id: str, at: datetime, context: BuildContext) -> Quarantined:
    return Quarantined(
        at=at,
        run_id=run_id,
        port=str(batch.port),
        batch=batch.batch,
        state=REPLAYED,
        rows=batch.rows,
        files=tuple(path.relative_to(context.storage).as_posix() for path in batch.files),
        rules=batch.rules,
        actor=context.actor,
    )


def _remove(files: "list[WrittenFile] | tuple[WrittenFile, ...]") -> None:
    for file in files:
        Path(file.path).unlink(missing_ok=True)
