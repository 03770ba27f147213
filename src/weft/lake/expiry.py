"""Let old snapshots go, and the files that only they needed.

Kept are: what readers see, whatever they saw at any time since the limit (so that `--as-of` answers rightly all the
way back to it), and the newest few. PyIceberg forgets snapshots but leaves their files; they are removed
here after the commit, so that a crash in between leaves orphans and never a snapshot without its files.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.lake.iceberg_catalog import IcebergCatalog
from weft.lake.maintenance_report import Expired, remove_files
from weft.lake.reachable import ReachableFiles
from weft.lake.retry_commit import commit_on_newest
from weft.lake.table_state import HISTORY_FROM, TableState

if TYPE_CHECKING:
    from pyiceberg.table import Table


def expire(
    catalog: IcebergCatalog, state: TableState, *, older_than: datetime, keep_last: int, dry_run: bool
) -> Expired:
    """Expire what nobody saw since `older_than` and is not among the newest `keep_last`."""
    port = state.port
    expired = expired_ids(state, older_than, keep_last)
    if not expired:
        return Expired(port, 0, 0, 0, dry_run)
    files = ReachableFiles(state, catalog.file_io)
    kept = files.of_snapshots(set(state.snapshot_by_id) - expired)
    unneeded = files.of_snapshots(expired) - kept
    if not dry_run:
        _forget(catalog, port, expired, older_than)
    count, size_bytes = remove_files(unneeded, dry_run=dry_run)
    return Expired(port, len(expired), count, size_bytes, dry_run)


def expired_ids(state: TableState, older_than: datetime, keep_last: int) -> set[int]:
    """The snapshots to let go."""
    newest = list(state.snapshot_by_id)[-max(keep_last, 1) :]
    kept = {*newest, *state.seen_since(older_than), *state.referred_ids()}
    kept |= {s.snapshot_id for s in state.snapshot_by_id.values() if s.committed_at >= older_than}
    return set(state.snapshot_by_id) - kept


def _forget(catalog: IcebergCatalog, port: PortName, expired: set[int], history_from: datetime) -> None:
    def attempt(table: "Table") -> None:
        from pyiceberg.table.refs import MAIN_BRANCH
        from pyiceberg.table.update import AssertRefSnapshotId, RemoveSnapshotsUpdate, SetPropertiesUpdate

        head = table.current_snapshot()
        known = {snapshot.snapshot_id for snapshot in table.snapshots()}
        # A rollback may have made one of them the head, or another maintenance let it go, since we looked.
        gone = (expired & known) - {ref.snapshot_id for ref in table.refs().values()}
        if not gone:
            return
        transaction = table.transaction()
        transaction._stage(
            (
                RemoveSnapshotsUpdate(snapshot_ids=sorted(gone)),
                SetPropertiesUpdate(updates={HISTORY_FROM: str(int(history_from.timestamp() * 1000))}),
            ),
            (AssertRefSnapshotId(ref=MAIN_BRANCH, snapshot_id=head.snapshot_id if head else None),),
        )
        transaction.commit_transaction()

    commit_on_newest(catalog, port, attempt)
