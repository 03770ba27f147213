"""Let held-back rows expire: their files are removed, and the ledger keeps the proof of what went.

The order matters. First the digests of the files are taken, then the ledger is told, then the files go. So nothing can
go that the ledger does not name; and what a crash leaves behind, the next call removes.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import sha256_of, sync_folder
from weft.build.context import BuildContext
from weft.build.quarantine.batch_changes import By, closed
from weft.build.quarantine.batches import (
    EXPIRED,
    RECORDED,
    REFUSED,
    Batch,
    forget_closed,
    open_batches,
    quarantine_folder,
)
from weft.build.quarantine.dismiss import no_such_batch
from weft.build.quarantine.replay_facts import decision_facts
from weft.ledger.facts import Quarantined

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

COMMAND = "quarantine expire"


@dataclass(frozen=True)
class Expiry:
    """One batch that expired, or would."""

    batch: Batch
    sha256_by_file: dict[str, str]  # relative to the storage folder; of one that is not there: "missing"

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {**self.batch.as_json(), "files": self.sha256_by_file}


@dataclass(frozen=True)
class Proof:
    """What is known of a batch: every fact in order, and whether its files are gone."""

    batch: str
    facts: tuple[Quarantined, ...]
    files_there: tuple[str, ...]  # of those that were ever named
    adds_up: bool  # held = every way out + open

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        history = [
            {
                "at": fact.at.isoformat(),
                "run": fact.run_id,
                "state": fact.state,
                "rows": fact.rows,
                "moved": dict(fact.moved or {}),
                "rules": dict(fact.rules),
                "actor": fact.actor,
                "reason": fact.reason,
                "proof": dict(fact.proof) if fact.proof else None,
            }
            for fact in self.facts
        ]
        first = self.facts[0]
        return {
            "batch": self.batch,
            "port": first.port,
            "origin": dict(first.origin or {}),
            "history": history,
            "files_there": list(self.files_there),
            "adds_up": self.adds_up,
        }


def expire(
    context: BuildContext, port: PortName | None, older_than: timedelta, *, dry_run: bool = False
) -> tuple[str, list[Expiry]]:
    """Remove the files of batches that have been open for too long. The caller holds the build lock.

    Args:
        context: the opened mesh.
        port: only its batches; None for all ports, also of products that are no longer declared.
        older_than: since they were held back.
        dry_run: say what would go; remove nothing.

    Returns:
        The run's id, and what expired.
    """
    storage, ledger, at = context.storage, context.ledger, context.clock.now()
    by = By(f"expire-{at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}", at, context.actor)
    batches = open_batches(ledger, storage, port, states=(RECORDED, REFUSED))
    old = [batch for batch in batches if batch.held_at <= at - older_than]
    found = [Expiry(batch, _digests(batch, storage)) for batch in old]
    if dry_run:
        return by.run_id, found
    if found:
        facts = [_fact(one, by, storage) for one in found]
        options = {"older_than_days": older_than / timedelta(days=1)}
        ledger.record(*decision_facts(context, COMMAND, port, by, facts, options))
    for name in sorted({batch.port for batch in batches} | ({port} if port else set()), key=str):
        forget_closed(ledger, storage, name)
        folder = quarantine_folder(storage, name)
        if folder.is_dir():
            sync_folder(folder)  # a name that came back after a power cut would be rows that were proven gone
    return by.run_id, found


def proof_of(ledger: "Ledger", storage: Path, batch: str, port: PortName | None = None) -> Proof:
    """The history of a batch.

    Args:
        ledger: knows it.
        storage: where its files lay.
        batch: its name, which is that of the run that held its rows back.
        port: of which port; a run may hold back a batch of several.

    Raises:
        Problem: QUARANTINE013 there is no such batch, QUARANTINE014 several ports have one.
    """
    only: dict[str, Any] = {"port": str(port)} if port else {}
    facts = ledger.facts(Quarantined, batch=batch, **only)
    if not facts:
        newest = ledger.facts(Quarantined, newest_first=True, limit=20)
        raise no_such_batch(batch, list(dict.fromkeys(fact.batch for fact in newest)))
    ports = sorted({fact.port for fact in facts})
    if len(ports) > 1:
        raise Problem(
            "QUARANTINE014",
            f"Several ports have a batch {batch}.",
            found=", ".join(ports),
            fix=f"weft quarantine proof {batch} --port {ports[0]}",
        )
    named = sorted({file for fact in facts for file in fact.files})
    there = tuple(file for file in named if (storage / file).exists())
    return Proof(batch, tuple(facts), there, _adds_up(facts))


def _adds_up(facts: Sequence[Quarantined]) -> bool:
    from weft.build.quarantine.row_balance import standing_balance

    return standing_balance(facts).adds_up


def _digests(batch: Batch, storage: Path) -> dict[str, str]:
    return {
        path.relative_to(storage).as_posix(): sha256_of(path) if path.exists() else "missing" for path in batch.files
    }


def _fact(one: Expiry, by: By, storage: Path) -> Quarantined:
    proof = {"files": one.sha256_by_file, "rows": one.batch.rows, "rules": one.batch.rules}
    return replace(closed(one.batch, EXPIRED, by, storage), proof=proof)
