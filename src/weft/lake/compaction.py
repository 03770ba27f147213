"""Merge many small files of a port into few large ones, in a snapshot of its own with the same rows.

Appending day by day leaves a file a day; a reader pays for opening each. Neighbours are merged in the order of their
publication, so rows keep their order. The count of rows is compared before the commit. Like a publication it holds
only if nobody published in between; else the port is left as it is.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from weft.base.data_files import DataFiles, Field, WrittenFile
from weft.base.names import PortName
from weft.base.stored_file import DIGEST
from weft.lake.file_list import FileList, live_data_files
from weft.lake.iceberg_catalog import IcebergCatalog
from weft.lake.maintenance_report import Compacted
from weft.lake.publish import commit_snapshot, published_in_between
from weft.lake.retry_commit import commit_on_newest
from weft.lake.snapshot import SAME_ROWS_AS, Snapshot

if TYPE_CHECKING:
    from pyiceberg.table import Table

TARGET_BYTES = 128 * 1024 * 1024
_RELATION = "files to merge"
_OWN_PROPERTIES = ("added-", "deleted-", "removed-", "total-", "changed-", "partition")  # Iceberg's, of one snapshot


class Merger(Protocol):
    """What compaction asks of an engine."""

    def add_files(self, name: str, files: DataFiles) -> None:
        """Make files readable as a relation."""

    def drop(self, name: str) -> None:
        """Forget a relation."""

    def write_parquet(self, sql: str, path: str, fields: Sequence[Field] | None = None) -> WrittenFile:
        """Write a query's rows into one file."""


@dataclass(frozen=True)
class Head:
    """The state of a port that is to be compacted."""

    snapshot: Snapshot
    fields: tuple[Field, ...]
    files: FileList


def small_file_groups(files: Sequence[WrittenFile], target_bytes: int = TARGET_BYTES) -> list[list[WrittenFile]]:
    """Runs of neighbouring files, each below three quarters of the target, that together fit the target.

    >>> sizes = [40, 30, 200, 60, 60, 10]
    >>> groups = small_file_groups([WrittenFile(str(n), 1, n) for n in sizes], target_bytes=100)
    >>> [[file.size_bytes for file in group] for group in groups]
    [[40, 30], [60, 10]]
    """
    groups: list[list[WrittenFile]] = []
    group: list[WrittenFile] = []
    for file in files:
        too_large = file.size_bytes > target_bytes * 3 // 4
        if too_large or sum(f.size_bytes for f in group) + file.size_bytes > target_bytes:
            groups.append(group)
            group = []
        if not too_large:
            group.append(file)
    return [group for group in [*groups, group] if len(group) > 1]


def compact(
    catalog: IcebergCatalog,
    port: PortName,
    head: Head,
    engine: Merger,
    *,
    target_bytes: int,
    dry_run: bool,
    rewrite: Callable[[str], bool] | None = None,
) -> tuple[Compacted, FileList | None]:
    """Merge the small files of a head.

    Args:
        catalog: the lake's.
        port: whose table it is.
        head: its present state.
        engine: reads and writes files.
        target_bytes: how large a merged file is.
        dry_run: only say what would be done.
        rewrite: instead of merging, write those files anew, one for one, of whose path this is true.

    Returns:
        What was done, and the files of the new snapshot where there is one.

    Raises:
        Problem: LAKE002, somebody published in between.
    """
    if rewrite is None:
        groups = small_file_groups(head.files.files, target_bytes)
    else:
        groups = [[file] for file in head.files.files if rewrite(file.path)]
    old = [file for group in groups for file in group]
    rows, size_before = sum(file.rows for file in old), sum(file.size_bytes for file in old)
    if not groups or dry_run:
        # Merged files are about as large together; how much smaller is not known before.
        return Compacted(port, len(old), len(groups), rows, size_before, size_before, None, dry_run), None
    written = [_merge(catalog, port, head.fields, group, engine) for group in groups]
    assert sum(file.rows for file in written) == rows, "merging files keeps every row"
    snapshot_id = commit_on_newest(catalog, port, lambda table: _commit(table, port, head, old, written))
    first_of_group = {group[0].path: new for group, new in zip(groups, written, strict=True)}
    merged_paths = {file.path for file in old}
    files = tuple(
        first_of_group.get(file.path, file)
        for file in head.files.files
        if file.path in first_of_group or file.path not in merged_paths
    )
    size_after = sum(file.size_bytes for file in written)
    report = Compacted(port, len(old), len(written), rows, size_before, size_after, snapshot_id)
    return report, FileList(files)


def _merge(
    catalog: IcebergCatalog, port: PortName, fields: tuple[Field, ...], group: list[WrittenFile], engine: Merger
) -> WrittenFile:
    paths = tuple(file.path for file in group)
    engine.add_files(_RELATION, DataFiles(paths, fields, sum(file.rows for file in group)))
    try:
        target = catalog.folder(port) / "data" / f"merged-{uuid.uuid4()}-{DIGEST}.parquet"
        return engine.write_parquet(f'SELECT * FROM "{_RELATION}"', str(target), fields)
    finally:
        engine.drop(_RELATION)


def _commit(
    table: "Table", port: PortName, head: Head, old: Sequence[WrittenFile], written: Sequence[WrittenFile]
) -> int:
    current = table.current_snapshot()
    if current is None or current.snapshot_id != head.snapshot.snapshot_id:
        raise published_in_between(port)
    merged = {file.path for file in old}
    gone = [file for file in live_data_files(current.manifest_list, table.io) if file.file_path in merged]
    from weft.lake.snapshot_commit import PublishTransaction

    return commit_snapshot(PublishTransaction(table), _properties(head.snapshot), written, gone)


def _properties(before: Snapshot) -> Mapping[str, str]:
    """The publication's properties stay with its rows: its run, its contract's version."""
    own = {key: value for key, value in before.properties.items() if not key.startswith(_OWN_PROPERTIES)}
    return {**own, SAME_ROWS_AS: str(before.content_id)}
