"""Where every row is: sums that must hold for every run and for every port, from the ledger alone.

Of a source: rows in files = landed + rejected. Of a cleansing: rows met = kept + merged. Of a port in a run: rows
made = published + held back + refused. Of a port over all time: rows ever held back = replayed + superseded +
dismissed + expired + open.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from weft.build.quarantine.batches import HELD_COUNT, RECORDED, REFUSED, WAYS_OUT
from weft.ledger.facts import Cleansed, Landed, Quarantined, RunEnded, StepEnded

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger


@dataclass(frozen=True)
class Balance:
    """One sum: the rows that came, and where they went."""

    name: str  # a port, or a product and its source
    came: int
    went: Mapping[str, int] = field(default_factory=dict)  # where -> rows

    @property
    def adds_up(self) -> bool:
        """Whether every row is somewhere, and in one place only."""
        return self.came == sum(self.went.values())

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {"name": self.name, "rows": self.came, **self.went, "adds_up": self.adds_up}


@dataclass(frozen=True)
class RunBalance:
    """All sums of one run."""

    sources: tuple[Balance, ...]  # rows in files = landed + rejected
    ports: tuple[Balance, ...]  # rows made = published + held back + refused
    quarantine: tuple[Balance, ...]  # of batches that were open when it began: rows that left them, by way out
    standing: tuple[Balance, ...]  # of the ports that it touched, as they are now
    total: Balance | None  # of the run as a whole, as it recorded it itself
    cleansed: tuple[Balance, ...] = ()  # rows that a declared cleansing met = kept + merged into others

    @property
    def adds_up(self) -> bool:
        """Whether all of them hold, and the ports make up the total."""
        parts = (*self.sources, *self.cleansed, *self.ports, *self.standing, *([self.total] if self.total else []))
        if self.ports and self.total and self.total.came != sum(port.came for port in self.ports):
            return False
        return all(part.adds_up for part in parts)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "adds_up": self.adds_up,
            "sources": [part.as_json() for part in self.sources],
            "cleansed": [part.as_json() for part in self.cleansed],
            "ports": [part.as_json() for part in self.ports],
            "left_quarantine": [{"name": part.name, **part.went} for part in self.quarantine],
            "standing": [part.as_json() for part in self.standing],
            "total": self.total.as_json() if self.total else None,
        }


def standing_balance(facts: Iterable[Quarantined], name: str = "") -> Balance:
    """What became of all rows that were ever held back.

    Args:
        facts: of one port or one batch, in the order they were recorded.
        name: of the sum.
    """
    came = 0
    went: Counter[str] = Counter(dict.fromkeys(WAYS_OUT, 0))
    still_open: dict[tuple[str, str], int] = {}
    for fact in facts:
        key = (fact.port, fact.batch)
        moved = _moved(fact)
        came += moved.pop(HELD_COUNT, 0)
        went.update(moved)
        still_open[key] = fact.rows if fact.state == RECORDED else 0
    return Balance(name, came, {**went, "open": sum(still_open.values())})


def standing_by_port(ledger: "Ledger", ports: Iterable[str] | None = None) -> list[Balance]:
    """The standing balance of ports, by name; of all that ever held a row back by default."""
    chosen: dict[str, Any] = {} if ports is None else {"port": sorted(set(ports))}
    facts_by_port: dict[str, list[Quarantined]] = {}
    for fact in ledger.facts(Quarantined, **chosen):
        facts_by_port.setdefault(fact.port, []).append(fact)
    return [standing_balance(facts, port) for port, facts in sorted(facts_by_port.items())]


def run_balance(ledger: "Ledger", run_id: str) -> RunBalance:
    """The sums of one run."""
    landings = ledger.facts(Landed, run_id=run_id)
    steps = [
        step for step in ledger.facts(StepEnded, run_id=run_id) if step.port and step.status in ("made", "refused")
    ]
    batches = ledger.facts(Quarantined, run_id=run_id)
    ended = ledger.latest(RunEnded, run_id=run_id)
    left: dict[str, Counter[str]] = {}
    for batch in batches:
        left.setdefault(batch.port, Counter()).update({way: n for way, n in _moved(batch).items() if way in WAYS_OUT})
    touched = {step.port for step in steps if step.port} | {batch.port for batch in batches}
    standing = standing_by_port(ledger, touched) if touched else []
    return RunBalance(
        sources=tuple(
            Balance(
                f"{landing.product} {landing.source}",
                landing.rows_in_files,
                {"landed": landing.rows_landed, "rejected": landing.rows_rejected},
            )
            for landing in landings
            if not landing.unchanged
        ),
        ports=tuple(_of_step(step) for step in steps),
        quarantine=tuple(Balance(port, sum(ways.values()), dict(ways)) for port, ways in left.items() if ways),
        standing=tuple(standing),
        total=None
        if ended is None
        else Balance(
            run_id,
            ended.rows_in,
            {
                "published": ended.rows_published,
                "held": ended.rows_quarantined,
                "refused": ended.rows_refused,
            },
        ),
        cleansed=_of_cleansings(ledger.facts(Cleansed, run_id=run_id)),
    )


def _of_cleansings(facts: Iterable[Cleansed]) -> tuple[Balance, ...]:
    """One sum a model; the facts of each are in the order of its steps."""
    by_model: dict[str, list[Cleansed]] = {}
    for fact in facts:
        by_model.setdefault(fact.port or f"{fact.product}:{fact.step}", []).append(fact)
    return tuple(
        Balance(name, steps[0].rows_in, {"kept": steps[-1].rows_out, "merged": sum(step.rows_merged for step in steps)})
        for name, steps in by_model.items()
    )


def _of_step(step: StepEnded) -> Balance:
    refused = step.rows_in if step.status == "refused" else 0
    published, held = (0, 0) if refused else (step.rows_published, step.rows_quarantined)
    return Balance(step.port or "", step.rows_in, {"published": published, "held": held, "refused": refused})


def _moved(fact: Quarantined) -> dict[str, int]:
    """What a fact moved; of one that was recorded before it was said, what its state says."""
    if fact.moved is not None:
        return {way: int(rows) for way, rows in fact.moved.items()}
    if fact.state == REFUSED:
        return {}
    return {HELD_COUNT if fact.state == RECORDED else fact.state: fact.rows}
