"""Make a published port readable in an engine session for a look at all of its rows, and record the read."""

import hashlib
from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.query.gateway import Gateway

if TYPE_CHECKING:
    from weft.engine.protocol import Engine


def attach_port(gateway: Gateway, engine: "Engine", port: PortName, relation: str, *, actor: str, why: str) -> None:
    """Add the newest snapshot of a port as a relation: nothing of it is copied, so any number of rows will do.

    Args:
        gateway: of the mesh.
        engine: the session to read it in.
        port: which one.
        relation: what the session calls it.
        actor: who reads.
        why: the purpose that is recorded.

    Raises:
        Problem: GATE005, the port was not published yet.
    """
    from weft.ledger.facts import ReadServed

    snapshot = gateway.lake.snapshot(port)
    files = gateway.lake.files(port, snapshot.snapshot_id) if snapshot is not None else None
    decision = "allowed" if files is not None else "GATE005"
    columns = [field.name for field in files.fields] if files is not None else []
    gateway.ledger.record(
        ReadServed(
            at=gateway.clock.now(),
            actor=actor,
            purpose=why,
            query_hash=hashlib.sha256(f"FROM {port}".encode()).hexdigest(),
            ports={str(port): {"snapshot": snapshot.snapshot_id, "columns": columns}} if snapshot is not None else {},
            rows=snapshot.rows if snapshot is not None else 0,
            duration_seconds=0.0,
            decision=decision,
        )
    )
    if files is None:
        raise Problem(
            "GATE005", f'Port "{port}" was not published yet.', fix=f"Build it: `weft build {port.product_name}`."
        )
    engine.add_files(relation, files)
