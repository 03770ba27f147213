"""The files that one state of a table stands on: what a backup has to hold."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.lake.file_list import list_path
from weft.lake.local_io import path_of
from weft.lake.metadata_digest import digest_path, read_checked
from weft.lake.reachable import ReachableFiles
from weft.lake.table_state import TableState

if TYPE_CHECKING:
    from weft.lake.iceberg_lake import Lake


@dataclass(frozen=True)
class NeededFiles:
    """Files of one port's table, and what it says of itself."""

    state: TableState
    must: frozenset[Path]  # no snapshot that is kept can be read without them
    may: frozenset[Path]  # digests, lists and the log of metadata: made again where they are missing


def needed_files(lake: "Lake", port: PortName, location: str) -> NeededFiles:
    """What a metadata file needs, whether it is still the newest or not.

    Raises:
        FileNotFoundError, Problem: LAKE007, one of the files is gone; FILE001, one is damaged.
    """
    state = TableState.parse(port, location, read_checked(path_of(location)))
    lists = {list_path(state.folder, snapshot_id) for snapshot_id in state.snapshot_by_id}
    must = {path_of(location), *ReachableFiles(state, lake.catalog.file_io).of_snapshots(state.snapshot_by_id)} - lists
    document = state.document
    for kind in ("statistics", "partition-statistics"):
        must |= {path_of(entry["statistics-path"]) for entry in document.get(kind, ())}
    log = {path_of(entry["metadata-file"]) for entry in document.get("metadata-log", ())} - must
    may = {*lists, *log, *(digest_path(path) for path in (*must, *log) if path.suffix in (".json", ".avro"))}
    return NeededFiles(state, frozenset(must), frozenset(may))
