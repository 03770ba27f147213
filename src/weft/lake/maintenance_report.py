"""What maintenance of one port did, or would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import PortName
from weft.lake.metadata_digest import digest_path


@dataclass(frozen=True)
class Expired:
    """Snapshots that can no longer be read, and the files that only they needed."""

    port: PortName
    snapshots: int
    files: int
    size_bytes: int
    dry_run: bool = False


@dataclass(frozen=True)
class Compacted:
    """Small files that became fewer large ones."""

    port: PortName
    files_before: int
    files_after: int
    rows: int  # in them; the same before and after
    size_bytes_before: int
    size_bytes_after: int
    snapshot_id: int | None = None  # of the compaction; None where there was nothing to do
    dry_run: bool = False


@dataclass(frozen=True)
class OrphansRemoved:
    """Files in the table's folder that no snapshot needs."""

    port: PortName
    files: int
    size_bytes: int
    dry_run: bool = False


def remove_files(paths: Iterable[Path], *, dry_run: bool) -> tuple[int, int]:
    """Remove files and return their count and bytes; what somebody else removed first does not count."""
    count = size_bytes = 0
    for path in sorted(paths):
        try:
            size = path.stat().st_size
            if not dry_run:
                path.unlink()
                digest_path(path).unlink(missing_ok=True)
        except FileNotFoundError:
            continue
        count, size_bytes = count + 1, size_bytes + size
    return count, size_bytes
