"""The quarantine of a port: rows that broke a promise, kept beside it in batches until somebody decides on them.

A batch is what one build held back: Parquet files with the original rows and `_broken_rules`, `_quarantined_at` and
`_run`. It keeps its name while rows leave it: they are replayed, come again, are dismissed, or expire.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.stored_file import refuse_damaged
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text, text_list
from weft.ledger.facts import Quarantined

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

RECORDED, REFUSED = "recorded", "refused"
REPLAYED, SUPERSEDED, DISMISSED, EXPIRED = "replayed", "superseded", "dismissed", "expired"
HELD_COUNT = "held"  # in `Quarantined.moved`: rows that came
WAYS_OUT = (REPLAYED, SUPERSEDED, DISMISSED, EXPIRED)
BATCH = "_batch"  # which batch a row is of; added on reading
STORED_COLUMNS = ("_broken_rules", "_quarantined_at", "_run")  # in the files, beside those of the contract
ADDED_COLUMNS = (*STORED_COLUMNS, BATCH)


@dataclass(frozen=True)
class Batch:
    """What one build held back and nobody has decided on since."""

    port: PortName
    batch: str
    run_id: str
    at: datetime
    state: str  # recorded: open; refused: of a candidate that was not published at all
    rows: int
    files: tuple[Path, ...]
    rules: dict[str, int]  # broken rule -> rows; a row that broke two counts in both
    held_at: datetime  # when the batch came
    origin: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "batch": self.batch,
            "run": self.run_id,
            "at": self.at.isoformat(),
            "held_at": self.held_at.isoformat(),
            "state": self.state,
            "rows": self.rows,
            "rules": self.rules,
            "origin": dict(self.origin),
        }


def quarantine_folder(storage: Path, port: PortName) -> Path:
    """Where a port's batches and corrections lie."""
    return storage / "quarantine" / port.domain / port.product / port.port


def held_files(storage: Path, port: PortName) -> set[Path]:
    """The files of a port's batches, whatever their state."""
    return set(quarantine_folder(storage, port).glob("*.parquet"))


def open_batches(
    ledger: "Ledger", storage: Path, port: PortName | None = None, *, states: Iterable[str] = (RECORDED,)
) -> list[Batch]:
    """The batches that are still open, oldest first, of one port or of all."""
    only = {} if port is None else {"port": str(port)}
    newest = ledger.latest_by(Quarantined, "port", "batch", **only)
    wanted = set(states)
    found = [_batch(fact, storage) for fact in newest.values() if fact.state in wanted]
    return sorted(found, key=lambda batch: batch.held_at)


def forget_closed(ledger: "Ledger", storage: Path, port: PortName) -> int:
    """Remove the files that no open batch needs any more; returns how many.

    Their rows are published, were made again since, or are not wanted: keeping copies of broken personal data helps
    nobody. A file that the ledger never named is left alone.
    """
    newest = ledger.latest_by(Quarantined, "port", "batch", port=str(port))
    needed = {file for fact in newest.values() if fact.state in (RECORDED, REFUSED) for file in fact.files}
    folder = quarantine_folder(storage, port)
    there = {path.relative_to(storage).as_posix() for path in folder.glob("*.parquet")} - needed
    if not there:
        return 0
    named = {file for fact in ledger.facts(Quarantined, port=str(port)) for file in fact.files}
    for file in there & named:
        (storage / file).unlink(missing_ok=True)
    return len(there & named)


def held_relation(engine: Engine, name: str, batches: Iterable[Batch]) -> dict[str, str]:
    """Make the rows of batches readable as a relation, each with its `_batch`; returns its columns."""
    batch_by_path = {str(path): batch.batch for batch in batches for path in batch.files}
    refuse_damaged(batch_by_path)
    paths = text_list(engine.names_read(list(batch_by_path)))
    names = text_list(list(batch_by_path.values()))
    scan = engine.scan(list(batch_by_path), "union_by_name = true, filename = 'weft_path'")
    # A file that was expired or rewritten is another one, so a path belongs to one batch.
    engine.add_view(
        name,
        f"SELECT * EXCLUDE (weft_path), MAP({paths}, {names})[weft_path] AS {BATCH} FROM {scan}",
    )
    return engine.describe(f"FROM {identifier(name)}")


def rules_of_rows(engine: Engine, relation: str) -> dict[str, int]:
    """How many rows of a relation broke each rule, the most broken first."""
    query = f"SELECT rule, count(*) FROM (SELECT unnest(_broken_rules) AS rule FROM {identifier(relation)})"
    return dict(engine.rows(f"{query} GROUP BY rule ORDER BY count(*) DESC, rule"))


def of_batch(batch: str) -> str:
    """The condition that a row is of one batch."""
    return f"{BATCH} = {text(batch)}"


def _batch(fact: Quarantined, storage: Path) -> Batch:
    return Batch(
        port=PortName.parse(fact.port),
        batch=fact.batch,
        run_id=fact.run_id,
        at=fact.at,
        state=fact.state,
        rows=fact.rows,
        files=tuple(storage / file for file in fact.files),
        rules=dict(fact.rules),
        held_at=fact.held_at or fact.at,
        origin=dict(fact.origin or {}),
    )
