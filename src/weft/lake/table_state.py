"""The state of a table, read off its metadata file with nothing but the standard library.

An Iceberg metadata file never changes once the catalogue names it, so what is read here is exactly what
PyIceberg would say, a hundred times sooner: a command that publishes nothing never imports it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from weft.base.data_files import Field
from weft.base.names import PortName
from weft.lake.snapshot import Snapshot
from weft.lake.type_map import fields_of

HISTORY_FROM = "weft.history-from-ms"  # property of the table: what readers saw before is not known any more


@dataclass(frozen=True)
class TableState:
    """One metadata file of a port's table."""

    port: PortName
    location: str  # of the metadata file
    document: Mapping[str, Any] = field(repr=False)

    @classmethod
    def parse(cls, port: PortName, location: str, text: str | bytes) -> "TableState":
        """Read the text of a metadata file."""
        return cls(port, location, json.loads(text))

    @property
    def folder(self) -> str:
        """Where the table's data and metadata lie."""
        return str(self.document["location"])

    @property
    def head_id(self) -> int | None:
        """The snapshot that readers see; None before the first publication."""
        head = self.document.get("current-snapshot-id")
        return None if head is None or head == -1 else int(head)

    @property
    def head(self) -> Snapshot | None:
        """The snapshot that readers see, whole."""
        return self.snapshot_by_id.get(self.head_id) if self.head_id is not None else None

    @cached_property
    def snapshot_by_id(self) -> dict[int, Snapshot]:
        """Every snapshot that is kept, oldest first."""
        entries = sorted(self.document.get("snapshots", ()), key=lambda entry: int(entry["sequence-number"]))
        return {entry["snapshot-id"]: self._snapshot(entry) for entry in entries}

    @property
    def last_field_id(self) -> int:
        """The highest field id ever given in this table."""
        return int(self.document["last-column-id"])

    def fields(self, snapshot_id: int | None = None) -> tuple[Field, ...]:
        """The columns of a snapshot; None: those that the table has now."""
        schema_id = self.document["current-schema-id"]
        if snapshot_id is not None:
            schema_id = self._entry(snapshot_id).get("schema-id", schema_id)
        return fields_of(next(s for s in self.document["schemas"] if s["schema-id"] == schema_id))

    def manifest_list(self, snapshot_id: int) -> str:
        """The file that names a snapshot's manifests."""
        return str(self._entry(snapshot_id)["manifest-list"])

    def head_at(self, instant: datetime) -> Snapshot | None:
        """The snapshot that readers saw at an instant, rollbacks included; None where none is known any more."""
        wanted = instant.timestamp() * 1000
        if wanted < int(self.document.get("properties", {}).get(HISTORY_FROM, 0)):
            return None
        seen = [snapshot_id for at, snapshot_id in self._head_log() if at <= wanted]
        return self.snapshot_by_id.get(seen[-1]) if seen else None

    @property
    def first_seen(self) -> datetime | None:
        """The oldest instant of which it is known what readers saw; None before the first publication."""
        log = self._head_log()
        return datetime.fromtimestamp(log[0][0] / 1000, UTC) if log else None

    @property
    def history_is_cut(self) -> bool:
        """Whether readers saw something before `first_seen` that is not known any more."""
        return HISTORY_FROM in self.document.get("properties", {})

    def seen_since(self, instant: datetime) -> set[int]:
        """The snapshots that readers saw at an instant and at any time since."""
        limit = instant.timestamp() * 1000
        log = self._head_log()
        before = [snapshot_id for at, snapshot_id in log if at <= limit][-1:]
        return {*before, *(snapshot_id for at, snapshot_id in log if at > limit)}

    def referred_ids(self) -> set[int]:
        """The snapshots that a branch or tag names, main among them."""
        return {int(ref["snapshot-id"]) for ref in self.document.get("refs", {}).values()}

    def _head_log(self) -> list[tuple[int, int]]:
        return [(entry["timestamp-ms"], entry["snapshot-id"]) for entry in self.document.get("snapshot-log", ())]

    def _entry(self, snapshot_id: int) -> Mapping[str, Any]:
        return next(entry for entry in self.document["snapshots"] if entry["snapshot-id"] == snapshot_id)

    def _snapshot(self, entry: Mapping[str, Any]) -> Snapshot:
        summary = entry.get("summary", {})
        return Snapshot(
            port=self.port,
            snapshot_id=entry["snapshot-id"],
            parent_id=entry.get("parent-snapshot-id"),
            committed_at=datetime.fromtimestamp(entry["timestamp-ms"] / 1000, UTC),
            rows=int(summary.get("total-records", 0)),
            properties={key: value for key, value in summary.items() if key != "operation"},
        )
