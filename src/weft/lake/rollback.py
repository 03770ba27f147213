"""Make an earlier snapshot of a port what readers see.

Nothing is deleted: the snapshots rolled back from are kept until they expire, and rolling forward to them is the same
step. The columns of that time come back in the same commit.
"""

from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.lake.iceberg_catalog import IcebergCatalog
from weft.lake.retry_commit import commit_on_newest

if TYPE_CHECKING:
    from pyiceberg.table import Table


def roll_back(catalog: IcebergCatalog, port: PortName, snapshot_id: int) -> None:
    """Move main to a snapshot that the table still has."""
    commit_on_newest(catalog, port, lambda table: _move_main(table, snapshot_id))


def _move_main(table: "Table", snapshot_id: int) -> None:
    from pyiceberg.table.refs import MAIN_BRANCH
    from pyiceberg.table.update import AssertRefSnapshotId, SetCurrentSchemaUpdate, SetSnapshotRefUpdate

    metadata = table.metadata
    snapshot = metadata.snapshot_by_id(snapshot_id)
    assert snapshot is not None, "the caller looked it up"
    head = metadata.current_snapshot()
    schema_id = metadata.current_schema_id if snapshot.schema_id is None else snapshot.schema_id
    transaction = table.transaction()
    transaction._stage(
        (
            SetCurrentSchemaUpdate(schema_id=schema_id),
            SetSnapshotRefUpdate(
                ref_name=MAIN_BRANCH,
                type="branch",
                snapshot_id=snapshot_id,
                max_ref_age_ms=None,
                max_snapshot_age_ms=None,
                min_snapshots_to_keep=None,
            ),
        ),
        (AssertRefSnapshotId(ref=MAIN_BRANCH, snapshot_id=head.snapshot_id if head else None),),
    )
    transaction.commit_transaction()
