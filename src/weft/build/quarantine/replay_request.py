"""What is asked of a replay, and what became of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import PortName
from weft.build.check.finding import Finding


@dataclass(frozen=True)
class ReplayRequest:
    """What to replay and how it is corrected: at most one of file, query and assignments."""

    port: PortName
    fix: Path | None = None  # key columns and corrected columns
    sql: str | None = None  # a SELECT over `quarantined` that keeps `_row`, or the key
    assign: tuple[str, ...] = ()  # "column = expression"
    where: str | None = None  # which rows are assigned to
    dismiss: str | None = None  # why rows that the query leaves out are never to be published
    is_next: bool = False  # keep the corrections for the next build; publish nothing now
    dry_run: bool = False


@dataclass(frozen=True)
class Replayed:
    """What became of the rows: rows = published + still_held + dismissed."""

    port: PortName
    run_id: str
    rows: int
    corrected: int  # rows that a correction made others
    published: int
    still_held: int
    rules: Mapping[str, int]  # what the rows that are still held break
    findings: tuple[Finding, ...]
    snapshot_id: int | None = None
    unmatched: int = 0  # lines of the correction file that fit no row
    dismissed: int = 0
    waiting: int = 0  # good rows that the next build is to take in; they are held until then
    dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "run": self.run_id,
            "rows": self.rows,
            "corrected": self.corrected,
            "published": 0 if self.dry_run else self.published,
            "would_be_published": self.published if self.dry_run else 0,
            "still_held": self.still_held,
            "dismissed": self.dismissed,
            "waiting": self.waiting,
            "rules": dict(self.rules),
            "snapshot": self.snapshot_id,
            "unmatched_corrections": self.unmatched,
            "dry_run": self.dry_run,
        }
