"""Which files of a table some snapshot still needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from weft.lake.file_list import list_path
from weft.lake.local_io import path_of
from weft.lake.table_state import TableState

if TYPE_CHECKING:
    from pyiceberg.io import FileIO


@dataclass
class ReachableFiles:
    """Finds the files of snapshots; manifests that several snapshots share are read once."""

    state: TableState
    file_io: "FileIO"
    _data_by_manifest: dict[str, frozenset[Path]] = field(default_factory=dict)

    def of_snapshots(self, snapshot_ids: Iterable[int]) -> set[Path]:
        """Data files, manifests, manifest lists and kept file lists of these snapshots."""
        found: set[Path] = set()
        for snapshot_id in snapshot_ids:
            found |= self._of_snapshot(snapshot_id)
        return found

    def of_table(self) -> set[Path]:
        """Everything that the table needs: all snapshots, and the metadata files that the log still names."""
        document = self.state.document
        locations = [self.state.location, *(entry["metadata-file"] for entry in document.get("metadata-log", ()))]
        locations += [entry["statistics-path"] for entry in document.get("statistics", ())]
        locations += [entry["statistics-path"] for entry in document.get("partition-statistics", ())]
        return self.of_snapshots(self.state.snapshot_by_id) | {path_of(location) for location in locations}

    def _of_snapshot(self, snapshot_id: int) -> set[Path]:
        from pyiceberg.manifest import read_manifest_list

        manifest_list = self.state.manifest_list(snapshot_id)
        found = {path_of(manifest_list), list_path(self.state.folder, snapshot_id)}
        for manifest in read_manifest_list(self.file_io.new_input(manifest_list)):
            if manifest.manifest_path not in self._data_by_manifest:
                entries = manifest.fetch_manifest_entry(self.file_io, discard_deleted=True)
                paths = frozenset(path_of(entry.data_file.file_path) for entry in entries)
                self._data_by_manifest[manifest.manifest_path] = paths
            found.add(path_of(manifest.manifest_path))
            found |= self._data_by_manifest[manifest.manifest_path]
        return found
