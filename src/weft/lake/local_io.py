"""Files of the lake on this machine's disk, for PyIceberg.

What is written is brought to the disk itself before the catalogue names it: after a power cut the catalogue never
points to a metadata file that is empty. (PyIceberg's own file access leaves that to the system.)
"""

import hashlib
import io
import os
from io import FileIO as RawFile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

from pyiceberg.io import FileIO, InputFile, InputStream, OutputFile, OutputStream

from weft.base.problem import Problem
from weft.base.stored_file import make_folder, problem_of, sync_folder, told_as_problem
from weft.lake.metadata_digest import digest_path, keep_digest, read_checked


class LocalFileIO(FileIO):
    """Opens files by their path; `file://` before it may stand or not."""

    def new_input(self, location: str) -> InputFile:
        """The file to read."""
        return _LocalInput(location)

    def new_output(self, location: str) -> OutputFile:
        """The file to write."""
        return _LocalOutput(location)

    def delete(self, location: str | InputFile | OutputFile) -> None:
        """Remove a file."""
        path = path_of(location if isinstance(location, str) else location.location)
        path.unlink()
        digest_path(path).unlink(missing_ok=True)


def path_of(location: str) -> Path:
    """The path of a location.

    >>> path_of("file:///srv/weft/a.avro"), path_of("/srv/weft/a.avro")
    (PosixPath('/srv/weft/a.avro'), PosixPath('/srv/weft/a.avro'))
    """
    return Path(location.removeprefix("file://"))


class _LocalInput(InputFile):
    def __len__(self) -> int:
        return path_of(self.location).stat().st_size

    def exists(self) -> bool:
        return path_of(self.location).exists()

    def open(self, seekable: bool = True) -> InputStream:
        path = path_of(self.location)
        try:
            # Only metadata is read through this: small enough to be read, and looked at, as a whole.
            return cast("InputStream", io.BytesIO(read_checked(path)))
        except FileNotFoundError:
            raise Problem(
                "LAKE007",
                "A file of a published table is not where the catalogue says.",
                found=f"no file {path.name}",
                fix="Bring the storage folder back as it was, or remove all of it and run `weft build`.",
            ) from None
        except OSError as error:
            raise problem_of(error) from None


class _LocalOutput(OutputFile):
    def __len__(self) -> int:
        return path_of(self.location).stat().st_size

    def exists(self) -> bool:
        return path_of(self.location).exists()

    def to_input_file(self) -> InputFile:
        return _LocalInput(self.location)

    def create(self, overwrite: bool = False) -> OutputStream:
        path = path_of(self.location)
        with told_as_problem():
            make_folder(path.parent)
            return cast("OutputStream", _SyncedFile(path.open("wb" if overwrite else "xb"), path))


class _SyncedFile:
    """A file that is on the disk, name included, once it is closed."""

    def __init__(self, file: "IO[bytes] | RawFile", path: Path) -> None:
        self._file = file
        self._path = path
        self._digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        with told_as_problem():
            self._digest.update(content)
            return self._file.write(content) or 0

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        if self._file.closed:
            return
        with told_as_problem():
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            finally:
                self._file.close()
            keep_digest(self._path, self._digest.hexdigest())
            sync_folder(self._path.parent)

    def __enter__(self) -> "_SyncedFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self.close()
