"""What the quarantine keeps of an audit, and what becomes of the batches that are there.

A build that makes all rows again overtakes the earlier batches, because their rows came again. One that adds rows
overtakes only what came again; the rest stays open. A row that a person dismissed before is counted and not kept.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.stored_file import DIGEST
from weft.build.check.audit import Audit
from weft.build.quarantine.batch_changes import By, changed_batches, closed, moved_by_batch, new_batch
from weft.build.quarantine.batches import (
    BATCH,
    DISMISSED,
    HELD_COUNT,
    RECORDED,
    REFUSED,
    SUPERSEDED,
    Batch,
    held_relation,
    open_batches,
    quarantine_folder,
    rules_of_rows,
)
from weft.build.quarantine.dismissals import dismissed_before
from weft.build.quarantine.row_digest import row_digest
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.ledger.facts import Quarantined
from weft.spec.contract import Table

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

_OLD, _NEW, _GOOD, _LEFT, _WANTED = (
    "weft held before",
    "weft held now",
    "weft published now",
    "weft held before and still",
    "weft held now and wanted",
)


def hold(
    engine: Engine,
    ledger: "Ledger",
    storage: Path,
    port: PortName,
    checked: Audit,
    table: Table,
    *,
    by: By,
    remade: bool,
    origin: Mapping[str, Any] | None = None,
    current: str | None = None,
) -> list[Quarantined]:
    """The facts of what an audit held back, to be recorded together with the publication.

    Args:
        engine: a session to compare earlier batches in.
        ledger: knows the earlier batches.
        storage: the environment's folder.
        port: whose rows.
        checked: the audit, refused or not.
        table: of the contract.
        by: the build, which names the batch.
        remade: whether the build made all rows of the port anew, rather than adding some.
        origin: what the rows were made of.
        current: relation of the rows that were published before; None where there are none.
    """
    refused_before = open_batches(ledger, storage, port, states=(REFUSED,))
    facts = [closed(batch, SUPERSEDED, by, storage) for batch in refused_before]
    files = [file.path for file in checked.quarantined]
    rows, rules = checked.rows_quarantined, dict(checked.held_by_rule)
    if checked.refused:
        # The published rows and what was held back beside them stay as they were.
        more: dict[str, Any] = {"state": REFUSED, "rows": rows, "moved": {}, "origin": origin}
        return [*facts, new_batch(by, storage, port, files, rules, **more)]
    before = open_batches(ledger, storage, port)
    if remade:
        facts += [closed(batch, SUPERSEDED, by, storage) for batch in before]
    elif before:
        facts += _come_again(engine, storage, before, checked, table, by, current)
    if rows:
        facts.append(_held_now(engine, storage, port, checked, table, by, origin))
    return facts


def _held_now(
    engine: Engine,
    storage: Path,
    port: PortName,
    checked: Audit,
    table: Table,
    by: By,
    origin: Mapping[str, Any] | None,
) -> Quarantined:
    """The new batch, without the rows that somebody dismissed when they came before."""
    files = [file.path for file in checked.quarantined]
    rules, rows, moved = dict(checked.held_by_rule), checked.rows_quarantined, {HELD_COUNT: checked.rows_quarantined}
    folder = quarantine_folder(storage, port)
    dismissed = 0
    if any((folder / "dismissals").glob("*.parquet")):
        engine.add_parquet(_NEW, files)
        wanted = dismissed_before(engine, _NEW, table, folder)
        if wanted is not None:
            kept = engine.write_parquet(wanted, str(folder / f"{by.run_id}.wanted-{DIGEST}.parquet"))
            dismissed = rows - kept.rows
            for file in files if dismissed else [kept.path]:
                Path(file).unlink()
            if dismissed:
                files = [kept.path]
                engine.add_parquet(_WANTED, files)
                rules = rules_of_rows(engine, _WANTED)
                moved |= {DISMISSED: dismissed}
    left = rows - dismissed
    more: dict[str, Any] = {
        "state": RECORDED if left else DISMISSED,
        "rows": left or rows,
        "moved": moved,
        "origin": origin,
    }
    return new_batch(by, storage, port, files, rules if left else checked.held_by_rule, **more)


def _come_again(
    engine: Engine, storage: Path, before: list[Batch], checked: Audit, table: Table, by: By, current: str | None
) -> list[Quarantined]:
    """The facts of earlier batches of which rows came again.

    A row came again if the same row is held back or newly published now, or if another one of its key is. Rows that
    broke the key itself are not known by it.
    """
    columns = held_relation(engine, _OLD, before)
    names = [column.stored_name for column in table.columns]
    if not {name.casefold() for name in names} <= {name.casefold() for name in columns}:
        return []  # held back under a contract with other columns: nothing to compare by
    conditions = []
    key = [identifier(name) for name in table.primary_key]
    texts = f"({', '.join(f'CAST({part} AS VARCHAR)' for part in key)})"
    came = []
    digest = row_digest(table, columns)
    if checked.quarantined:
        engine.add_parquet(_NEW, [file.path for file in checked.quarantined])
        new = row_digest(table, engine.describe(f"FROM {identifier(_NEW)}"))
        conditions.append(f"{digest} NOT IN (SELECT {new} FROM {identifier(_NEW)})")
        came.append(f"SELECT {texts} AS k FROM {identifier(_NEW)}")
    if any(file.rows for file in checked.good):
        engine.add_parquet(_GOOD, [file.path for file in checked.good])
        new = row_digest(table, engine.describe(f"FROM {identifier(_GOOD)}"))
        published = identifier(_GOOD)  # without a key rows are only added, so that all of these came now
        if key:
            published = f"({_newly_published(engine, table, texts, current)})"
            came.append(f"SELECT {texts} AS k FROM {published}")
        conditions.append(f"{digest} NOT IN (SELECT {new} FROM {published})")
    if key and came:
        has_key = " AND ".join(f"{part} IS NOT NULL" for part in key)
        keys = " UNION ALL ".join(came)
        by_key = f"{has_key} AND NOT list_contains(_broken_rules, 'primaryKey') AND {texts} IN (SELECT k FROM ({keys}))"
        conditions.append(f"({by_key}) IS NOT TRUE")
    if not conditions:
        return []
    engine.add_view(_LEFT, f"SELECT * FROM {identifier(_OLD)} WHERE {' AND '.join(conditions)}")
    left = dict(engine.rows(f"SELECT {BATCH}, count(*) FROM {identifier(_LEFT)} GROUP BY ALL"))
    gone = {b.batch: b.rows - left.get(b.batch, 0) for b in before if left.get(b.batch, 0) < b.rows}
    return changed_batches(engine, storage, before, _LEFT, moved_by_batch(gone, SUPERSEDED), by)


def _newly_published(engine: Engine, table: Table, key: str, current: str | None) -> str:
    """Good rows of keys that are held, without those that were published before just so: they did not come now.

    A merge writes the whole table, so that most of its rows are there already.
    """
    asked = f"SELECT * FROM {identifier(_GOOD)} WHERE {key} IN (SELECT {key} FROM {identifier(_OLD)})"
    if current is None:
        return asked
    known = {name.casefold() for name in engine.describe(f"FROM {identifier(current)}")}
    names = [column.stored_name for column in table.columns]
    if not {name.casefold() for name in names} <= known:
        return asked
    values = ", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in names)
    return f"{asked} AND [{values}] NOT IN (SELECT [{values}] FROM {identifier(current)})"
