"""The publications of a port that led to what is published, with what their profiles say.

A roll back takes the publications after its snapshot out of the line: what is compared with is what readers saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.ledger.facts import Profiled, Published, RolledBack

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

_MOST_PROFILES = 60  # whose sketches are read; of older publications the time and the rows are enough
_MOST_PUBLICATIONS = 1000


@dataclass(frozen=True)
class Publication:
    """One publication, or a candidate that may become one."""

    at: datetime  # UTC
    snapshot_id: int | None  # None: of a candidate
    rows: int
    columns: Mapping[str, Mapping[str, Any]]  # figures of the profile; empty: it is not known


def publications_of(ledger: "Ledger", port: PortName) -> tuple[Publication, ...]:
    """The line of publications that ends with what is published, oldest first.

    Raises:
        Problem: LEDGER003.
    """
    name = str(port)
    published = ledger.facts(Published, port=name, newest_first=True, limit=_MOST_PUBLICATIONS)[::-1]
    if not published:
        return ()
    profiles = ledger.facts(Profiled, port=name, newest_first=True, limit=_MOST_PROFILES)
    rollbacks = ledger.facts(RolledBack, port=name, since=published[0].at)
    return line_of(published, rollbacks, {profile.snapshot_id: profile.columns for profile in profiles})


def line_of(
    published: Sequence[Published],
    rollbacks: Sequence[RolledBack],
    columns: Mapping[int, Mapping[str, Mapping[str, Any]]],
) -> tuple[Publication, ...]:
    """What led to the newest state, by the order of time.

    Args:
        published: publications, oldest first.
        rollbacks: of the same port, oldest first.
        columns: figures of the columns of a snapshot, where its profile is known.
    """
    line: list[Publication] = []
    seen: dict[int, tuple[Publication, ...]] = {}  # snapshot -> the line that ended with it
    happened: list[Published | RolledBack] = sorted((*published, *rollbacks), key=lambda fact: fact.at)
    for fact in happened:
        if isinstance(fact, Published):
            line.append(Publication(fact.at, fact.snapshot_id, fact.rows, columns.get(fact.snapshot_id, {})))
            if rollbacks:
                seen[fact.snapshot_id] = tuple(line)
        elif fact.to_snapshot_id in seen:
            line = list(seen[fact.to_snapshot_id])
    return tuple(line)


def newest_profiled(history: Sequence[Publication]) -> Publication | None:
    """The newest publication whose profile is known; a replay of held-back rows makes none."""
    return next((one for one in reversed(history) if one.columns), None)
