"""One backup as it says itself: which state of the mesh it holds, and by which objects.

The manifest is written last, so a backup is whole or not there. It ends with a seal over the rest: what was cut off or
changed is no backup.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FORMAT = 1


class NotAManifest(ValueError):
    """These bytes are no whole manifest of a format that this weft knows."""


@dataclass(frozen=True)
class Stored:
    """An object of the store."""

    sha256: str  # its name
    size_bytes: int
    content: str = ""  # of what is encrypted: what its content is known again by, since its bytes are others each time


@dataclass(frozen=True)
class LedgerPart:
    """Some facts of one table; see `weft.ledger.dump`."""

    table: str
    first: int
    rows: int
    stored: Stored


@dataclass(frozen=True)
class PortState:
    """What readers of a port saw."""

    metadata: str  # its metadata file, relative to the storage folder
    snapshot_id: int | None
    content_id: int | None
    rows: int
    digest: str | None = None  # of all rows, whatever their order; None where nobody asked for it


@dataclass(frozen=True)
class Manifest:
    """A backup."""

    id: str
    at: datetime  # the instant of the state
    mesh: str
    environment: str
    weft: str  # version
    engine: str  # name and version of what made the digests of rows
    storage: str  # where the storage folder was: its tables name their files by whole paths
    ledger_revision: str
    ledger_position: int  # of the chain's head; 0 where nothing was recorded
    ledger_hash: str
    ledger: tuple[LedgerPart, ...]
    catalog: Stored
    ports: Mapping[str, PortState]
    files: Stored  # the list of all files, with the object of each
    file_count: int
    file_bytes: int
    new_objects: int = field(default=0)  # that were not in the store yet
    new_bytes: int = field(default=0)

    @property
    def facts(self) -> int:
        """How many facts the ledger had."""
        return sum(part.rows for part in self.ledger if part.table != "chain")

    @property
    def rows(self) -> int:
        """Published rows of all ports."""
        return sum(port.rows for port in self.ports.values())

    def own_objects(self) -> dict[str, int]:
        """Size by name of the objects that the manifest itself names; the list of files names the others."""
        return {stored.sha256: stored.size_bytes for stored in self.made_objects()}

    def made_objects(self) -> tuple[Stored, ...]:
        """The objects that were made for the backup, rather than copied."""
        return (self.catalog, self.files, *(part.stored for part in self.ledger))

    def as_bytes(self) -> bytes:
        """As it is stored."""
        told = {"format": FORMAT, **asdict(self), "at": self.at.isoformat()}
        return json.dumps({**told, "seal": _seal(told)}, indent=1).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Manifest":
        """Read what `as_bytes` wrote.

        Raises:
            NotAManifest: it was cut off or changed, or is of another format.
        """
        try:
            told: dict[str, Any] = json.loads(content)
            if told.pop("seal") != _seal(told) or told.pop("format") != FORMAT:
                raise NotAManifest("changed, or of another format")
            told["at"] = datetime.fromisoformat(told["at"])
            told["ledger"] = tuple(
                LedgerPart(**{**part, "stored": Stored(**part["stored"])}) for part in told["ledger"]
            )
            told["catalog"], told["files"] = Stored(**told["catalog"]), Stored(**told["files"])
            told["ports"] = {name: PortState(**port) for name, port in told["ports"].items()}
            return cls(**told)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotAManifest(str(error)) from None


def _seal(told: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
