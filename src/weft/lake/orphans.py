"""Remove files that no snapshot needs: of builds that were killed, refused, or came second.

A file younger than the limit stays: it may belong to a build that has not published yet.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.lake.maintenance_report import OrphansRemoved, remove_files
from weft.lake.metadata_digest import digest_path
from weft.lake.reachable import ReachableFiles
from weft.lake.table_state import TableState

if TYPE_CHECKING:
    from pyiceberg.io import FileIO


def remove_orphans(
    port: PortName,
    folder: Path,
    read_state: Callable[[], TableState | None],
    file_io: "Callable[[], FileIO]",
    *,
    older_than: datetime,
    dry_run: bool,
) -> OrphansRemoved:
    """Remove what lies below the table's folder, is older than the limit and is needed by nothing.

    Args:
        port: the port.
        folder: the folder of its table.
        read_state: looks up the table now; called after the folder was listed, so that a publication in between
            is seen with its files.
        file_io: access to manifests.
        older_than: files that were written later stay.
        dry_run: count, remove nothing.
    """
    limit = older_than.timestamp()
    old = {path for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime < limit}
    if not old:
        return OrphansRemoved(port, 0, 0, dry_run)
    state = read_state()
    needed = ReachableFiles(state, file_io()).of_table() if state else set()
    needed |= {digest_path(path) for path in needed}
    count, size_bytes = remove_files(old - needed, dry_run=dry_run)
    return OrphansRemoved(port, count, size_bytes, dry_run)
