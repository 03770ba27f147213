"""The list of a backup's files: one line each, kept as an object of its own so that manifests stay small."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from weft.workspace.backup.manifest import Manifest, Stored
from weft.workspace.backup.store import Store


@dataclass(frozen=True)
class CopiedFile:
    """A file of the storage and the object that has its bytes."""

    path: str  # relative to the storage folder
    stored: Stored
    mtime_ns: int


def list_as_bytes(files: Iterable[CopiedFile]) -> bytes:
    """The list as it is stored."""
    lines = (
        json.dumps([file.path, file.stored.sha256, file.stored.size_bytes, file.mtime_ns]) + "\n"
        for file in sorted(files, key=lambda file: file.path)
    )
    return "".join(lines).encode()


def read_file_list(store: Store, manifest: Manifest) -> dict[str, CopiedFile]:
    """The files of a backup by path.

    Raises:
        Problem: BACKUP004, the list is gone or damaged.
    """
    rows = (json.loads(line) for line in store.get_bytes(manifest.files).splitlines())
    return {path: CopiedFile(path, Stored(sha256, size), mtime) for path, sha256, size, mtime in rows}


def objects_of(store: Store, manifest: Manifest) -> dict[str, int]:
    """Size by digest of every object that a backup needs.

    Raises:
        Problem: BACKUP004.
    """
    files = read_file_list(store, manifest).values()
    return {**manifest.own_objects(), **{file.stored.sha256: file.stored.size_bytes for file in files}}
