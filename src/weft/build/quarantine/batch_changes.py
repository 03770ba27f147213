"""Take rows out of open batches: what stays is written anew, what leaves is counted by the way it went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from weft.base.stored_file import DIGEST
from weft.build.quarantine.batches import (
    ADDED_COLUMNS,
    BATCH,
    DISMISSED,
    HELD_COUNT,
    RECORDED,
    STORED_COLUMNS,
    SUPERSEDED,
    Batch,
    of_batch,
    quarantine_folder,
    rules_of_rows,
)
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.ledger.facts import Quarantined

_LEFT = "weft left of a batch"


@dataclass(frozen=True)
class By:
    """Who changes batches, in which run, when, and why."""

    run_id: str
    at: datetime
    actor: str
    reason: str | None = None


def new_batch(
    by: By, storage: Path, port: object, files: Iterable[str], rules: Mapping[str, int], **fields: object
) -> Quarantined:
    """The fact of a batch that this run holds back: `state`, `rows`, `moved`, `origin`."""
    return Quarantined(
        at=by.at,
        run_id=by.run_id,
        port=str(port),
        batch=by.run_id,
        files=tuple(Path(file).relative_to(storage).as_posix() for file in files),
        rules=dict(rules),
        actor=by.actor,
        held_at=by.at,
        **fields,  # type: ignore[arg-type]
    )


def closed(batch: Batch, state: str, by: By, storage: Path, moved: Mapping[str, int] | None = None) -> Quarantined:
    """The fact that nothing of a batch is open any more; all its rows went one way unless `moved` says otherwise."""
    all_of_it = {state: batch.rows} if batch.state == RECORDED else {}  # refused rows were never counted as held
    return _fact(batch, by, storage, state, batch.rows, batch.files, batch.rules, all_of_it if moved is None else moved)


def changed_batches(
    engine: Engine,
    storage: Path,
    batches: Sequence[Batch],
    left: str,
    moved: Mapping[str, Mapping[str, int]],
    by: By,
) -> list[Quarantined]:
    """The facts of batches that lost rows, or whose rows break other rules now.

    Args:
        engine: the session that knows `left`.
        storage: the environment's folder.
        batches: open ones.
        left: relation of the rows that stay, with their columns, those that the quarantine adds and `_batch`.
        moved: batch -> way out -> rows. A batch that is in it is written anew, even where no row left it.
        by: who does it.

    Raises:
        AssertionError: the rows of a batch do not add up; then nothing was recorded.
    """
    columns = [name for name in engine.describe(f"FROM {identifier(left)}") if name not in ADDED_COLUMNS]
    listed = ", ".join(identifier(name) for name in (*columns, *STORED_COLUMNS))
    facts: list[Quarantined] = []
    written: list[Path] = []
    try:
        for batch in batches:
            ways = {way: rows for way, rows in moved.get(batch.batch, {}).items() if rows}
            if batch.batch not in moved:
                continue
            if sum(ways.values()) == batch.rows:
                facts.append(closed(batch, _main(ways), by, storage, ways))
                continue
            target = quarantine_folder(storage, batch.port) / f"{batch.batch}.{by.run_id}-{DIGEST}.parquet"
            query = f"SELECT {listed} FROM {identifier(left)} WHERE {of_batch(batch.batch)}"
            file = engine.write_parquet(query, str(target))
            path, rows = Path(file.path), file.rows
            written.append(path)
            if rows + sum(ways.values()) != batch.rows:
                raise AssertionError(f"batch {batch.batch}: {batch.rows} rows, but {rows} are left and {ways} left it")
            engine.add_parquet(_LEFT, [str(path)])
            rules = rules_of_rows(engine, _LEFT)
            facts.append(_fact(batch, by, storage, RECORDED, rows, (path,), rules, ways))
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return facts


def rows_by_batch(engine: Engine, relation: str, where: str = "true") -> dict[str, int]:
    """How many rows of a relation each batch has."""
    query = f"SELECT {BATCH}, count(*) FROM {identifier(relation)} WHERE {where} GROUP BY ALL"
    return {str(batch): int(rows) for batch, rows in engine.rows(query)}


def moved_by_batch(rows: Mapping[str, int], way: str) -> dict[str, dict[str, int]]:
    """One way out for all of them.

    >>> moved_by_batch({"run1": 2}, "dismissed")
    {'run1': {'dismissed': 2}}
    """
    return {batch: {way: count} for batch, count in rows.items()}


def new_files(facts: Iterable[Quarantined], storage: Path) -> list[Path]:
    """Files that facts of open batches name: to be removed where nothing comes of it."""
    return [storage / file for fact in facts if fact.state == RECORDED for file in fact.files]


def _main(ways: Mapping[str, int]) -> str:
    """The way that closed a batch: a decision of a person counts for more than how many went with it."""
    order = {DISMISSED: -1, SUPERSEDED: 1}
    return min(ways, key=lambda way: (order.get(way, 0), -ways[way]))


def _fact(
    batch: Batch,
    by: By,
    storage: Path,
    state: str,
    rows: int,
    files: Iterable[Path],
    rules: Mapping[str, int],
    moved: Mapping[str, int],
) -> Quarantined:
    assert HELD_COUNT not in moved, moved
    return Quarantined(
        at=by.at,
        run_id=by.run_id,
        port=str(batch.port),
        batch=batch.batch,
        state=state,
        rows=rows,
        files=tuple(path.relative_to(storage).as_posix() for path in files),
        rules=dict(rules),
        actor=by.actor,
        moved=dict(moved),
        held_at=batch.held_at,
        origin=dict(batch.origin),
        reason=by.reason,
    )
