"""Where backups are kept: a folder or a bucket, seen as names with bytes behind them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Entry:
    """One stored thing."""

    size_bytes: int
    at: datetime  # when it was last written, by the clock of the place


class Place(Protocol):
    """A store of named bytes. What is listed is whole; names hold `/` between their parts."""

    @property
    def url(self) -> str:
        """How people write it, without secrets."""

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Store bytes so that they are there whole or not at all, and outlive a power cut; returns how many."""

    def read(self, name: str) -> Iterator[bytes]:
        """The bytes, piece by piece; FileNotFoundError where there are none."""

    def entries(self, below: str) -> dict[str, Entry]:
        """What is stored below a first part of the name."""

    def remove(self, name: str) -> None:
        """Remove a thing, if it is there."""

    def remove_unfinished(self, before: datetime) -> None:
        """Remove what was begun before an instant and never became whole."""
