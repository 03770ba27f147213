"""What a consumer gets: rows, and what they were read from."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class SnapshotRead:
    """One port of an answer, at the snapshot that was read."""

    port: str
    snapshot_id: int
    committed_at: datetime
    contract_version: str | None
    columns: tuple[str, ...]  # those that the query read


@dataclass(frozen=True)
class Answer:
    """The result of one query through the gateway."""

    table: "pa.Table"
    snapshots: tuple[SnapshotRead, ...]
    applied: tuple[str, ...]  # sentences: what was done to the rows, for which purpose
    is_cut: bool  # more rows exist than were asked for
    duration_seconds: float

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.table.column_names)

    def rows(self) -> list[list[Any]]:
        """The rows as Python values."""
        columns = [column.to_pylist() for column in self.table.columns]
        return [list(row) for row in zip(*columns, strict=True)] if columns else []

    def as_json(self) -> dict[str, object]:
        """One object: columns, rows, applied, snapshots."""
        return {
            "columns": list(self.columns),
            "rows": self.rows(),
            "applied": list(self.applied),
            "snapshots": [
                {
                    "port": read.port,
                    "snapshot": read.snapshot_id,
                    "committed_at": read.committed_at.isoformat(),
                    "contract_version": read.contract_version,
                    "columns": list(read.columns),
                }
                for read in self.snapshots
            ],
            "is_cut": self.is_cut,
        }
