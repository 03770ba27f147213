"""What is held back, grouped by rule, origin, run or port; from the ledger alone, so that no file is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from weft.build.quarantine.batches import RECORDED, REFUSED, Batch
from weft.build.quarantine.row_origin import in_words
from weft.ledger.facts import Quarantined

GroupBy = Literal["rule", "origin", "run", "port"]
WAYS_TO_GROUP: tuple[str, ...] = get_args(GroupBy)


@dataclass(frozen=True)
class Group:
    """Held-back rows that have something in common."""

    key: str
    rows: int  # open; grouped by rule, a row that broke two counts in both
    refused: int  # rows of candidates that were not published at all
    batches: int
    ports: tuple[str, ...]
    rules: tuple[str, ...]
    first_seen: datetime  # ever; a build that makes all rows again holds the same ones back in a new batch
    last_seen: datetime

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {
            "key": self.key,
            "rows": self.rows,
            "refused": self.refused,
            "batches": self.batches,
            "ports": list(self.ports),
            "rules": list(self.rules),
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
        }


def grouped(batches: Iterable[Batch], by: GroupBy, history: Iterable[Quarantined] = ()) -> list[Group]:
    """Groups of batches, the largest first.

    Args:
        batches: open and refused ones.
        by: what rows of a group have in common. Where a run read several files, its rows are of them together.
        history: facts of the same ports, for when a group was seen first; those of the batches are enough for the rest.
    """
    parts: dict[str, list[tuple[Batch, int]]] = {}
    for batch in batches:
        for key, rows in _keys(batch, by).items():
            parts.setdefault(key, []).append((batch, rows))
    first: dict[tuple[str, str], datetime] = {}
    for fact in history:
        for key in _keys_of_fact(fact, by) if fact.state in (RECORDED, REFUSED) else ():
            first.setdefault((fact.port, key), fact.at)
    groups = [_group(key, members, by, first) for key, members in parts.items()]
    return sorted(groups, key=lambda group: (-group.rows, -group.refused, group.key))


def _keys(batch: Batch, by: GroupBy) -> dict[str, int]:
    if by == "rule":
        return batch.rules
    if by == "origin":
        return {in_words(batch.origin): batch.rows}
    return {batch.batch if by == "run" else str(batch.port): batch.rows}


def _keys_of_fact(fact: Quarantined, by: GroupBy) -> Iterable[str]:
    if by == "rule":
        return fact.rules
    if by == "origin":
        return (in_words(fact.origin or {}),)
    return (fact.batch if by == "run" else fact.port,)


def _group(key: str, members: list[tuple[Batch, int]], by: GroupBy, first: Mapping[tuple[str, str], datetime]) -> Group:
    batches = [batch for batch, _ in members]
    rules = {key} if by == "rule" else {rule for batch in batches for rule in batch.rules}
    return Group(
        key=key,
        rows=sum(rows for batch, rows in members if batch.state == RECORDED),
        refused=sum(rows for batch, rows in members if batch.state != RECORDED),
        batches=len(batches),
        ports=tuple(sorted({str(batch.port) for batch in batches})),
        rules=tuple(sorted(rules)),
        first_seen=min(min(batch.held_at, first.get((str(batch.port), key), batch.held_at)) for batch in batches),
        last_seen=max(batch.held_at for batch in batches),
    )
