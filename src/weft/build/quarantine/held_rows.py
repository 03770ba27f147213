"""The rows of a port's quarantine for a person to look at: through policy, and recorded as read."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.clock import Clock
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.quarantine.batches import (
    ADDED_COLUMNS,
    RECORDED,
    REFUSED,
    Batch,
    held_relation,
    open_batches,
    rules_of_rows,
)
from weft.build.quarantine.dismiss import no_such_rule
from weft.build.quarantine.row_digest import row_digest
from weft.build.quarantine.visible_columns import Reader, is_visible, shown
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.ledger.facts import ReadServed
from weft.spec.contract import Table
from weft.spec.mesh import Mesh

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

_OPEN, _REFUSED, _HELD = "weft open rows", "weft refused rows", "weft quarantine"


@dataclass(frozen=True)
class Look:
    """Which rows to show: the first ones, or a sample that is the same for the same seed."""

    port: PortName
    rule: str | None = None  # only rows that broke it
    limit: int = 20  # at most so many; of a sample exactly, where there are as many
    is_sample: bool = False
    seed: int = 0


@dataclass(frozen=True)
class HeldRows:
    """Some rows, and how many there are."""

    port: PortName
    columns: tuple[str, ...]  # `_broken_rules` first
    rows: tuple[tuple[Any, ...], ...]
    total: int
    masked: tuple[str, ...] = ()  # columns whose values the reader may not see
    rules: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"port": str(self.port), "total": self.total, "masked": list(self.masked), "rows": rows}


def held_rows(
    mesh: Mesh,
    ledger: "Ledger",
    storage: Path,
    new_engine: Callable[[], Engine],
    clock: Clock,
    look: Look,
    reader: Reader,
) -> HeldRows:
    """Rows that are held back, those of a candidate that was refused included; each row once.

    Args:
        mesh: its contract says what is in the columns.
        ledger: knows the batches, and gets the record of the read, refused ones included.
        storage: the environment's folder.
        new_engine: starts a session.
        clock: the time.
        look: which rows.
        reader: who reads, and what for.

    Raises:
        Problem: QUARANTINE009, no row broke that rule.
    """
    started = time.perf_counter()
    batches = open_batches(ledger, storage, look.port, states=(RECORDED, REFUSED))
    try:
        found = _look(mesh, new_engine, batches, look, reader) if batches else HeldRows(look.port, (), (), 0)
    except Problem as problem:
        ledger.record(_read(clock, look, reader, (), None, time.perf_counter() - started, problem.code))
        raise
    ledger.record(_read(clock, look, reader, batches, found, time.perf_counter() - started, "allowed"))
    return found


def _look(mesh: Mesh, new_engine: Callable[[], Engine], batches: list[Batch], look: Look, reader: Reader) -> HeldRows:
    declared = mesh.output_port(look.port)
    table = declared.table if declared else None
    with new_engine() as engine:
        columns = _add_rows(engine, batches, table)
        rules = rules_of_rows(engine, _HELD)
        if look.rule is not None and look.rule not in rules:
            raise no_such_rule(look.port, look.rule, rules)
        own = [name for name in columns if name not in ADDED_COLUMNS]
        declared_by_name = {name: table.column(name) if table else None for name in own}
        listed = ", ".join(
            ["_broken_rules", *(shown(name, column, reader) for name, column in declared_by_name.items())]
        )
        where = "" if look.rule is None else f" WHERE list_contains(_broken_rules, {text(look.rule)})"
        source = f"{identifier(_HELD)}{where}"
        # By what the rows say, so that the same rows of a later build are the same sample.
        values = f"CAST(to_json([{', '.join(f'CAST({identifier(name)} AS VARCHAR)' for name in own)}]) AS VARCHAR)"
        order = f" ORDER BY md5({text(f'{look.seed} ')} || {values})" if look.is_sample else ""
        rows = engine.rows(f"SELECT {listed} FROM {source}{order} LIMIT {look.limit}")
        total = int(engine.rows(f"SELECT count(*) FROM {source}")[0][0])
    masked = tuple(name for name, column in declared_by_name.items() if not is_visible(column, reader))
    return HeldRows(look.port, ("_broken_rules", *own), tuple(rows), total, masked, rules)


def _add_rows(engine: Engine, batches: list[Batch], table: Table | None) -> dict[str, str]:
    """Make all rows readable; a row that is open and was refused once more is the same row."""
    still_open = [batch for batch in batches if batch.state == RECORDED]
    refused = [batch for batch in batches if batch.state == REFUSED]
    if not still_open or not refused:
        return held_relation(engine, _HELD, batches)
    known, new = held_relation(engine, _OPEN, still_open), held_relation(engine, _REFUSED, refused)
    again = ""
    if table is not None and _has_columns(table, known) and _has_columns(table, new):
        digests = f"SELECT {row_digest(table, known)} FROM {identifier(_OPEN)}"
        again = f" WHERE {row_digest(table, new)} NOT IN ({digests})"
    engine.add_view(_HELD, f"FROM {identifier(_OPEN)} UNION ALL BY NAME FROM {identifier(_REFUSED)}{again}")
    return engine.describe(f"FROM {identifier(_HELD)}")


def _has_columns(table: Table, columns: dict[str, str]) -> bool:
    return {column.stored_name.casefold() for column in table.columns} <= {name.casefold() for name in columns}


def _read(
    clock: Clock,
    look: Look,
    reader: Reader,
    batches: "list[Batch] | tuple[Batch, ...]",
    found: HeldRows | None,
    seconds: float,
    decision: str,
) -> ReadServed:
    asked = json.dumps(["quarantine", str(look.port), look.rule, look.limit, look.is_sample, look.seed])
    read = [name for name in found.columns if name not in found.masked and name not in ADDED_COLUMNS] if found else []
    return ReadServed(
        at=clock.now(),
        actor=reader.actor,
        purpose=reader.purpose,
        query_hash=hashlib.sha256(asked.encode()).hexdigest(),
        ports={
            str(look.port): {
                "snapshot": None,  # of no publication
                "columns": read,
                "quarantine": [batch.batch for batch in batches],
                "masked": list(found.masked) if found else [],
            }
        },
        rows=len(found.rows) if found else 0,
        duration_seconds=seconds,
        decision=decision,
    )
