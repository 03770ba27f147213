"""One state of a published table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from weft.base.names import PortName

PUBLICATION_KEY = "weft.publication"  # names one publication: the same one never happens twice
SAME_ROWS_AS = "weft.same-rows-as"  # of a compaction: the snapshot whose rows it holds in other files


@dataclass(frozen=True)
class Snapshot:
    """What a reader of a port sees at one time; it never changes."""

    port: PortName
    snapshot_id: int
    parent_id: int | None
    committed_at: datetime
    rows: int
    properties: Mapping[str, str] = field(default_factory=dict)  # the run, the contract's version, ...

    @property
    def publication_key(self) -> str | None:
        """The key of the publication that this snapshot is, or whose rows it holds."""
        return self.properties.get(PUBLICATION_KEY)

    @property
    def content_id(self) -> int:
        """The snapshot that first held these rows: a compaction changes files, not what a reader sees."""
        return int(self.properties.get(SAME_ROWS_AS, self.snapshot_id))
