"""Backups in a folder of this machine, or one that is mounted."""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from weft.base.problem import Problem
from weft.base.stored_file import make_folder, problem_of, sync_folder
from weft.workspace.backup.place import CHUNK_BYTES, Entry

_UNFINISHED = ".part-"


class FolderPlace:
    """A folder; each thing is a file, synced before it has its name.

    Raises:
        Problem: BACKUP002, a file is there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(os.path.normpath(folder.absolute()))
        if self.folder.exists() and not self.folder.is_dir():
            raise Problem("BACKUP002", "Backups are kept in a folder; this is a file.", found=str(folder))

    @property
    def url(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Write beside the name, sync, rename."""
        final = self.folder / name
        part = final.with_name(f"{_UNFINISHED}{uuid.uuid4().hex}")
        size = 0
        try:
            with self._told():
                make_folder(final.parent)
            with part.open("wb") as file:
                for chunk in chunks:
                    with self._told():
                        size += file.write(chunk)
                with self._told():
                    file.flush()
                    os.fsync(file.fileno())
            with self._told():
                part.replace(final)
                sync_folder(final.parent)
        finally:
            part.unlink(missing_ok=True)
        return size

    def read(self, name: str) -> Iterator[bytes]:
        """The file's bytes."""
        try:
            with (self.folder / name).open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _cannot("read", error) from None

    def entries(self, below: str) -> dict[str, Entry]:
        """The files below a folder."""
        found = {}
        with self._told("read"):
            for folder, _, names in os.walk(self.folder / below):
                for name in names:
                    if not name.startswith("."):
                        path = Path(folder) / name
                        entry = _entry(path)
                        if entry is not None:
                            found[path.relative_to(self.folder).as_posix()] = entry
        return found

    def remove(self, name: str) -> None:
        """Remove the file."""
        with self._told():
            (self.folder / name).unlink(missing_ok=True)

    def remove_unfinished(self, before: datetime) -> None:
        """Remove files of backups that were killed."""
        with self._told():
            for path in self.folder.rglob(f"{_UNFINISHED}*"):
                entry = _entry(path)
                if entry is not None and entry.at < before:
                    path.unlink(missing_ok=True)

    @contextmanager
    def _told(self, verb: str = "write") -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise _cannot(verb, error) from None


def _entry(path: Path) -> Entry | None:
    try:
        found = path.stat()
    except FileNotFoundError:  # removed by somebody else since it was listed
        return None
    return Entry(found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def _cannot(verb: str, error: OSError) -> Problem:
    """The place of backups cannot be used; why is told as of any stored file."""
    why = problem_of(error).what.partition(": ")[2]
    return Problem(
        "BACKUP002",
        f"The place of backups cannot be {'read' if verb == 'read' else 'written to'}: {why}",
        found=os.path.basename(str(error.filename)) if error.filename else None,  # noqa: PTH119 - may be no path
        fix="See that the folder is there, has room, and that this user may use it.",
    )
