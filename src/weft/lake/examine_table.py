"""Whether the files that describe a table agree: metadata, manifests, and the kept lists of data files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.file_list import list_path, live_data_files, read_list
from weft.lake.iceberg_lake import Lake
from weft.lake.local_io import path_of
from weft.lake.table_state import TableState


@dataclass(frozen=True)
class Fault:
    """One file that describes a table and is not as it should be."""

    path: Path
    what: str
    is_remade: bool = False  # without it the next reader makes it again


def examine_table(lake: Lake, port: PortName) -> Iterator[Fault]:
    """Read everything that describes a port's table, of every snapshot that is kept.

    Raises:
        Problem: LAKE007, the metadata file that the catalogue names is not there.
    """
    try:
        state = lake.state(port)
    except (ValueError, KeyError, TypeError):
        yield Fault(lake.catalog.folder(port), "holds a metadata file that cannot be read")
        return
    if state is None:
        return
    for snapshot_id in state.snapshot_by_id:
        yield from _of_snapshot(lake, state, snapshot_id)


def _of_snapshot(lake: Lake, state: TableState, snapshot_id: int) -> Iterator[Fault]:
    manifest_list = path_of(state.manifest_list(snapshot_id))
    if not manifest_list.exists():
        yield Fault(manifest_list, f"is not there; snapshot {snapshot_id} needs it")
        return
    try:
        planned = {(f.file_path, f.record_count) for f in live_data_files(str(manifest_list), lake.catalog.file_io)}
    except Problem as problem:
        yield Fault(manifest_list, f"or a file that it names cannot be read: {problem.found or problem.what}")
        return
    except Exception as error:  # a damaged Avro file fails in as many ways as there are bytes
        yield Fault(manifest_list, f"or a file that it names is damaged ({type(error).__name__})")
        return
    rows = sum(count for _, count in planned)
    if rows != state.snapshot_by_id[snapshot_id].rows:
        promised = state.snapshot_by_id[snapshot_id].rows
        yield Fault(manifest_list, f"leads to {rows} rows; the snapshot has {promised}")
    listed = read_list(state.folder, snapshot_id)  # None where it is damaged: the next reader makes it again
    if listed is not None and {(file.path, file.rows) for file in listed.files} != planned:
        yield Fault(list_path(state.folder, snapshot_id), "does not name the files of its snapshot", is_remade=True)
