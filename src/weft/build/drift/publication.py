"""The publications of a port that led to what is published, with what their profiles say.

A roll back takes the publications after its snapshot out of the line: what is compared with is what readers saw.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.ledger.facts import Profiled, RolledBack

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

MOST_PUBLICATIONS = 60


@dataclass(frozen=True)
class Publication:
    """One publication, or a candidate that may become one."""

    at: datetime  # UTC
    snapshot_id: int | None  # None: of a candidate
    rows: int
    columns: Mapping[str, Mapping[str, Any]]  # figures of the profile


def publications_of(ledger: "Ledger", port: PortName, newest: int = MOST_PUBLICATIONS) -> tuple[Publication, ...]:
    """The line of publications that ends with what is published, oldest first.

    Raises:
        Problem: LEDGER003.
    """
    profiles = ledger.facts(Profiled, port=str(port), newest_first=True, limit=newest)[::-1]
    since = profiles[0].at if profiles else None
    rollbacks = ledger.facts(RolledBack, port=str(port), since=since) if profiles else []
    return line_of(profiles, rollbacks)


def line_of(profiles: list[Profiled], rollbacks: list[RolledBack]) -> tuple[Publication, ...]:
    """What led to the newest state, by the order of time."""
    line: list[Publication] = []
    seen: dict[int, tuple[Publication, ...]] = {}  # snapshot -> the line that ended with it
    happened: list[Profiled | RolledBack] = sorted((*profiles, *rollbacks), key=lambda fact: fact.at)
    for fact in happened:
        if isinstance(fact, Profiled):
            line.append(Publication(fact.at, fact.snapshot_id, fact.rows, fact.columns))
            seen[fact.snapshot_id] = tuple(line)
        elif fact.to_snapshot_id in seen:
            line = list(seen[fact.to_snapshot_id])
    return tuple(line)
