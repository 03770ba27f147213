"""The data files of a snapshot: kept beside the table as a small JSON file, else planned from its manifests.

A snapshot never changes, so its list never does. It is written when the snapshot is published; where it is missing
(another tool published, or a crash came between) it is made again from the manifests, which needs PyIceberg.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.data_files import WrittenFile
from weft.base.problem import Problem
from weft.lake.table_state import TableState

if TYPE_CHECKING:
    from pyiceberg.io import FileIO
    from pyiceberg.manifest import DataFile

_VERSION = 2


@dataclass(frozen=True)
class FileList:
    """All data files of one snapshot, in the order of their publication."""

    files: tuple[WrittenFile, ...]

    @property
    def rows(self) -> int:
        """Rows in all of them."""
        return sum(file.rows for file in self.files)

    @property
    def size_bytes(self) -> int:
        """Bytes of all of them."""
        return sum(file.size_bytes for file in self.files)


def list_path(table_folder: str, snapshot_id: int) -> Path:
    """Where the list of a snapshot is kept."""
    return Path(table_folder) / "metadata" / f"files-{snapshot_id}.json"


def read_list(table_folder: str, snapshot_id: int) -> FileList | None:
    """The list that is kept, or None."""
    try:
        document = json.loads(list_path(table_folder, snapshot_id).read_bytes())
        files = document["files"]
        if document["version"] != _VERSION or document["sha256"] != _digest(files):
            return None  # of another version, or damaged: the manifests know better
        return FileList(tuple(WrittenFile(*entry) for entry in files))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_list(table_folder: str, snapshot_id: int, files: FileList) -> None:
    """Keep a list for the next reader; a folder that cannot be written only costs that reader time."""
    entries = [[file.path, file.rows, file.size_bytes] for file in files.files]
    content = json.dumps({"version": _VERSION, "files": entries, "sha256": _digest(entries)})
    target = list_path(table_folder, snapshot_id)
    part = target.with_suffix(f".{os.getpid()}.part")
    with contextlib.suppress(OSError):
        part.write_text(content, encoding="utf-8")
        part.replace(target)  # whole or not at all


def _digest(entries: list[list[object]]) -> str:
    return hashlib.sha256(json.dumps(entries).encode()).hexdigest()


def plan_list(state: TableState, snapshot_id: int, file_io: "FileIO") -> FileList:
    """Read the list from the snapshot's manifests.

    Raises:
        Problem: LAKE006, another tool left delete files in the table.
    """
    found = live_data_files(state.manifest_list(snapshot_id), file_io)
    return FileList(tuple(WrittenFile(f.file_path, f.record_count, f.file_size_in_bytes) for f in found))


def live_data_files(manifest_list: str, file_io: "FileIO") -> list["DataFile"]:
    """The data files that a manifest list leads to, oldest first."""
    from pyiceberg.manifest import DataFileContent, ManifestContent, read_manifest_list

    manifests = list(read_manifest_list(file_io.new_input(manifest_list)))
    if any(manifest.content == ManifestContent.DELETES and manifest.has_added_files() for manifest in manifests):
        raise Problem(
            "LAKE006",
            "Another tool deleted rows of this table by delete files, which are not read here.",
            fix="Compact the table with that tool, or publish it again with weft build --full.",
        )
    entries = [entry for manifest in manifests for entry in manifest.fetch_manifest_entry(file_io, True)]
    in_order = sorted(entries, key=lambda entry: entry.sequence_number or 0)
    return [entry.data_file for entry in in_order if entry.data_file.content == DataFileContent.DATA]


def joined(lists: Iterable[FileList]) -> FileList:
    """Several lists as one."""
    return FileList(tuple(file for part in lists for file in part.files))
