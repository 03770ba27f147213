"""The quarantine of a port: rows that broke a promise, kept beside it in batches until they are published or overtaken.

A batch is what one build held back: Parquet files with the original rows and `_broken_rules`, `_quarantined_at` and
`_run`. A build that makes all rows again overtakes the earlier batches, because their rows came again. One that adds
rows overtakes only what came again; the rest stays open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.build.check.audit import Audit
from weft.build.row_digest import row_digest
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.ledger.facts import Quarantined
from weft.spec.contract import Table

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

RECORDED, REPLAYED, SUPERSEDED, REFUSED = "recorded", "replayed", "superseded", "refused"
ADDED_COLUMNS = ("_broken_rules", "_quarantined_at", "_run")
_OLD, _NEW, _GOOD = "weft held before", "weft held now", "weft published now"


@dataclass(frozen=True)
class Batch:
    """What one build held back and nobody has published since."""

    port: PortName
    batch: str
    run_id: str
    at: datetime
    state: str  # recorded: open; refused: of a candidate that was not published at all
    rows: int
    files: tuple[Path, ...]
    rules: dict[str, int]  # broken rule -> rows; a row that broke two counts in both

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "batch": self.batch,
            "run": self.run_id,
            "at": self.at.isoformat(),
            "state": self.state,
            "rows": self.rows,
            "rules": self.rules,
        }


def quarantine_folder(storage: Path, port: PortName) -> Path:
    """Where a port's batches and corrections lie."""
    return storage / "quarantine" / port.domain / port.product / port.port


def open_batches(
    ledger: "Ledger", storage: Path, port: PortName | None = None, *, states: Iterable[str] = (RECORDED,)
) -> list[Batch]:
    """The batches that are still open, oldest first, of one port or of all."""
    only = {} if port is None else {"port": str(port)}
    newest = ledger.latest_by(Quarantined, "port", "batch", **only)
    wanted = set(states)
    return [_batch(fact, storage) for fact in newest.values() if fact.state in wanted]


def hold(
    engine: Engine,
    ledger: "Ledger",
    storage: Path,
    port: PortName,
    checked: Audit,
    table: Table,
    *,
    run_id: str,
    at: datetime,
    actor: str,
    remade: bool,
) -> list[Quarantined]:
    """The facts of what an audit held back, to be recorded together with the publication.

    Args:
        engine: a session to compare earlier batches in.
        ledger: knows the earlier batches.
        storage: the environment's folder.
        port: whose rows.
        checked: the audit, refused or not.
        table: of the contract.
        run_id: of the build, which names the batch.
        at: now.
        actor: who builds.
        remade: whether the build made all rows of the port anew, rather than adding some.
    """

    def fact(batch: str, state: str, rows: int, files: Iterable[str], rules: dict[str, int]) -> Quarantined:
        relative = tuple(Path(file).relative_to(storage).as_posix() for file in files)
        return Quarantined(
            at=at,
            run_id=run_id,
            port=str(port),
            batch=batch,
            state=state,
            rows=rows,
            files=relative,
            rules=rules,
            actor=actor,
        )

    def overtaken(batches: Iterable[Batch]) -> list[Quarantined]:
        return [fact(b.batch, SUPERSEDED, b.rows, map(str, b.files), b.rules) for b in batches]

    files = [file.path for file in checked.quarantined]
    facts = overtaken(open_batches(ledger, storage, port, states=(REFUSED,)))
    if checked.refused:
        # The published rows and what was held back beside them stay as they were.
        return [*facts, fact(run_id, REFUSED, checked.rows_quarantined, files, dict(checked.held_by_rule))]
    before = open_batches(ledger, storage, port)
    if remade:
        facts += overtaken(before)
    elif before:
        kept = _not_come_again(engine, before, checked, table, quarantine_folder(storage, port) / f"{run_id}-kept")
        if kept is not None:
            path, rows, rules = kept
            facts += overtaken(before)
            if rows:
                facts.append(fact(f"{run_id}-kept", RECORDED, rows, [str(path)], rules))
    if checked.rows_quarantined:
        facts.append(fact(run_id, RECORDED, checked.rows_quarantined, files, dict(checked.held_by_rule)))
    return facts


def forget_closed(ledger: "Ledger", storage: Path, port: PortName) -> int:
    """Remove the files of batches that are no longer open; returns how many.

    Their rows are published, or were made again since: keeping copies of broken personal data helps nobody.
    """
    newest = ledger.latest_by(Quarantined, "port", "batch", port=str(port))
    needed = {file for fact in newest.values() if fact.state in (RECORDED, REFUSED) for file in fact.files}
    removed = 0
    for fact in newest.values():
        for file in set(fact.files) - needed:
            path = storage / file
            if path.exists():
                path.unlink()
                removed += 1
    return removed


def held_relation(engine: Engine, name: str, batches: Iterable[Batch]) -> dict[str, str]:
    """Make the rows of batches readable as a relation; returns its columns."""
    engine.add_parquet(name, [str(path) for batch in batches for path in batch.files])
    return engine.describe(f"FROM {identifier(name)}")


def rules_of_rows(engine: Engine, relation: str) -> dict[str, int]:
    """How many rows of a relation broke each rule, the most broken first."""
    query = f"SELECT rule, count(*) FROM (SELECT unnest(_broken_rules) AS rule FROM {identifier(relation)})"
    return dict(engine.rows(f"{query} GROUP BY rule ORDER BY count(*) DESC, rule"))


def _not_come_again(
    engine: Engine, before: list[Batch], checked: Audit, table: Table, stem: Path
) -> tuple[Path, int, dict[str, int]] | None:
    """What is left of earlier batches; None where all of it is.

    A row came again if the same row is held back now, or if its key is published or held back now. Rows that broke
    the key itself are not known by it.
    """
    columns = held_relation(engine, _OLD, before)
    names = [column.stored_name for column in table.columns]
    if not {name.casefold() for name in names} <= {name.casefold() for name in columns}:
        return None  # held back under a contract with other columns: nothing to compare by
    conditions = []
    key = [identifier(name) for name in table.primary_key]
    came = []
    if checked.quarantined:
        engine.add_parquet(_NEW, [file.path for file in checked.quarantined])
        new = row_digest(table, engine.describe(f"FROM {identifier(_NEW)}"))
        conditions.append(f"{row_digest(table, columns)} NOT IN (SELECT {new} FROM {identifier(_NEW)})")
        came.append(_NEW)
    if any(file.rows for file in checked.good):
        engine.add_parquet(_GOOD, [file.path for file in checked.good])
        came.append(_GOOD)
    if key and came:
        texts = f"({', '.join(f'CAST({part} AS VARCHAR)' for part in key)})"
        keys = " UNION ALL ".join(f"SELECT {texts} AS k FROM {identifier(relation)}" for relation in came)
        has_key = " AND ".join(f"{part} IS NOT NULL" for part in key)
        by_key = f"{has_key} AND NOT list_contains(_broken_rules, 'primaryKey') AND {texts} IN (SELECT k FROM ({keys}))"
        conditions.append(f"({by_key}) IS NOT TRUE")
    if not conditions:
        return None
    query = f"SELECT * FROM {identifier(_OLD)} WHERE {' AND '.join(conditions)}"
    left = int(engine.rows(f"SELECT count(*) FROM ({query})")[0][0])
    if left == sum(batch.rows for batch in before):
        return None
    path = stem.with_suffix(".parquet")
    if left == 0:
        return path, 0, {}
    engine.write_parquet(query, str(path))
    engine.add_parquet(_OLD, [str(path)])
    return path, left, rules_of_rows(engine, _OLD)


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
    )
