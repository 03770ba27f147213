"""The rows of a port's quarantine for a person to look at, personal columns masked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.build.personal import MASK, is_personal
from weft.build.quarantine import ADDED_COLUMNS, RECORDED, REFUSED, held_relation, open_batches, rules_of_rows
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.spec.mesh import Mesh

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

_HELD = "weft quarantine"


@dataclass(frozen=True)
class HeldRows:
    """Some rows, and how many there are."""

    port: PortName
    columns: tuple[str, ...]  # `_broken_rules` first
    rows: tuple[tuple[Any, ...], ...]
    total: int

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"port": str(self.port), "total": self.total, "rows": rows}


def held_rows(
    mesh: Mesh,
    ledger: "Ledger",
    storage: Path,
    new_engine: Callable[[], Engine],
    port: PortName,
    rule: str | None = None,
    limit: int = 20,
) -> HeldRows:
    """Rows that are held back, those of a candidate that was refused included.

    Args:
        mesh: its contract says which columns are personal; a column that it no longer knows counts as such.
        ledger: knows the batches.
        storage: the environment's folder.
        new_engine: starts a session.
        port: whose rows.
        rule: only rows that broke it.
        limit: at most so many.

    Raises:
        Problem: QUARANTINE009, no row broke that rule.
    """
    batches = open_batches(ledger, storage, port, states=(RECORDED, REFUSED))
    if not batches:
        return HeldRows(port, (), (), 0)
    declared = mesh.output_port(port)
    table = declared.table if declared else None
    with new_engine() as engine:
        columns = held_relation(engine, _HELD, batches)
        if rule is not None:
            known = rules_of_rows(engine, _HELD)
            if rule not in known:
                raise Problem(
                    "QUARANTINE009",
                    f'No row of {port} that is held back broke "{rule}".',
                    expected=f"one of {', '.join(known)}",
                    fix=did_you_mean(rule, known),
                )
        own = [name for name in columns if name not in ADDED_COLUMNS]
        shown = ["_broken_rules"]
        for name in own:
            column = table.column(name) if table else None
            masked = column is None or is_personal(column)
            mask = f"CASE WHEN {identifier(name)} IS NULL THEN NULL ELSE {text(MASK)} END AS {identifier(name)}"
            shown.append(mask if masked else identifier(name))
        where = "" if rule is None else f" WHERE list_contains(_broken_rules, {text(rule)})"
        source = f"{identifier(_HELD)}{where}"
        rows = engine.rows(f"SELECT {', '.join(shown)} FROM {source} LIMIT {limit}")
        total = engine.rows(f"SELECT count(*) FROM {source}")[0][0]
    return HeldRows(port, ("_broken_rules", *own), tuple(rows), total)
