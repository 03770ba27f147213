"""The only way to published data: parse, resolve ports, lock down, run, record.

Every answer names the snapshots it read; every read, refused ones included, becomes a fact in the ledger.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from weft.base.clock import Clock
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.query.answer import Answer, SnapshotRead
from weft.query.columns_read import columns_read
from weft.query.port_references import find_port_references, with_relations
from weft.spec.mesh import Mesh

if TYPE_CHECKING:
    from weft.base.data_files import DataFiles
    from weft.engine.protocol import Engine
    from weft.lake.iceberg_lake import Lake
    from weft.lake.snapshot import Snapshot
    from weft.ledger.ledger import Ledger


@dataclass(frozen=True)
class Gateway:
    """What the gateway works with."""

    mesh: Mesh
    lake: "Lake"
    ledger: "Ledger"
    new_engine: "Callable[[], Engine]"
    clock: Clock


@dataclass(frozen=True)
class Question:
    """One query: who asks what, for which purpose, as of when."""

    sql: str
    actor: str
    purpose: str | None = None
    as_of: datetime | int | None = None  # an instant, or the id of a snapshot of the one port that is read
    limit: int | None = None  # rows; None: all


def ask(gateway: Gateway, question: Question) -> Answer:
    """Answer a query over published ports, and record the read.

    Raises:
        Problem: GATE0xx when the gateway refuses; ENGINE0xx when the engine does.
    """
    started = time.perf_counter()
    try:
        answer, reads = _answer(gateway, question, started)
    except Problem as problem:
        _record(gateway, question, (), 0, time.perf_counter() - started, problem.code)
        raise
    _record(gateway, question, reads, answer.table.num_rows, answer.duration_seconds, "allowed")
    return answer


def _answer(gateway: Gateway, question: Question, started: float) -> tuple[Answer, tuple[SnapshotRead, ...]]:
    references = find_port_references(question.sql, [port.name for port in gateway.mesh.output_ports()])
    ports = sorted({reference.port for reference in references})
    if isinstance(question.as_of, int) and len(ports) != 1:
        raise Problem(
            "GATE006",
            "A snapshot id fits one port, but the query reads several.",
            found=f"{len(ports)} ports",
            fix="Give an instant, such as --as-of 2026-01-31T12:00, or read one port.",
        )
    relation_by_port = {port: str(port) for port in ports}
    snapshots = {port: _snapshot(gateway, port, question.as_of) for port in ports}
    files = {port: _files(gateway, port, snapshot) for port, snapshot in snapshots.items()}
    sql = with_relations(question.sql.rstrip().rstrip(";"), references, relation_by_port)
    used = columns_read(sql, {relation_by_port[port]: _types(files[port]) for port in ports})
    with gateway.new_engine() as engine:
        for port in ports:
            engine.add_files(relation_by_port[port], files[port])
        engine.lock_down([path for port in ports for path in files[port].paths])
        limited = sql if question.limit is None else f"SELECT * FROM (\n{sql}\n) LIMIT {question.limit + 1}"
        table = engine.arrow(limited)
    is_cut = question.limit is not None and table.num_rows > question.limit
    reads = tuple(
        SnapshotRead(
            str(port),
            snapshots[port].snapshot_id,
            snapshots[port].committed_at,
            snapshots[port].properties.get("weft.contract-version"),
            used[relation_by_port[port]],
        )
        for port in ports
    )
    answer = Answer(
        table=table.slice(0, question.limit) if is_cut else table,
        snapshots=reads,
        applied=_applied(question),
        is_cut=is_cut,
        duration_seconds=time.perf_counter() - started,
    )
    return answer, reads


def _snapshot(gateway: Gateway, port: PortName, as_of: datetime | int | None) -> "Snapshot":
    if isinstance(as_of, int):
        snapshot = next((s for s in gateway.lake.snapshots(port) if s.snapshot_id == as_of), None)
        if snapshot is None:
            raise Problem(
                "GATE005",
                f'Port "{port}" has no snapshot of that id.',
                fix=f"List them with `weft show {port}`.",
            )
        return snapshot
    snapshot = gateway.lake.snapshot(port) if as_of is None else gateway.lake.as_of(port, as_of)
    if snapshot is None:
        when = "yet" if as_of is None else "at that time"
        raise Problem(
            "GATE005",
            f'Port "{port}" was not published {when}.',
            fix=f"Build it: `weft build {port.product_name}`.",
        )
    return snapshot


def _files(gateway: Gateway, port: PortName, snapshot: "Snapshot") -> "DataFiles":
    files = gateway.lake.files(port, snapshot.snapshot_id)
    assert files is not None, "a snapshot that was found has files, if only none"
    return files


def _types(files: "DataFiles") -> Mapping[str, str]:
    return {field.name: field.type for field in files.fields}


def _applied(question: Question) -> tuple[str, ...]:
    purpose = f'read for purpose "{question.purpose}"' if question.purpose else "read without a stated purpose"
    as_of = f"; as of {question.as_of}" if question.as_of is not None else ""
    return (f"{purpose} by {question.actor}{as_of}; recorded",)


def _record(
    gateway: Gateway,
    question: Question,
    reads: tuple[SnapshotRead, ...],
    rows: int,
    duration_seconds: float,
    decision: str,
) -> None:
    from weft.ledger.facts import ReadServed

    gateway.ledger.record(
        ReadServed(
            at=gateway.clock.now(),
            actor=question.actor,
            purpose=question.purpose,
            query_hash=hashlib.sha256(" ".join(question.sql.split()).encode()).hexdigest(),
            ports={read.port: {"snapshot": read.snapshot_id, "columns": list(read.columns)} for read in reads},
            rows=rows,
            duration_seconds=duration_seconds,
            decision=decision,
        )
    )
