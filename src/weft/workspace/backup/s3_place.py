"""Backups in a bucket of S3 or its like: AWS, MinIO, Ceph, R2, by `endpoint`."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

from weft.base.problem import Problem
from weft.workspace.backup.place import CHUNK_BYTES, Entry

_TIMEOUT_SECONDS = 30
_KNOWN = (
    "ACCESS_DENIED",
    "NO_SUCH_BUCKET",
    "NETWORK_CONNECTION",
    "INVALID_ACCESS_KEY_ID",
    "SIGNATURE_DOES_NOT_MATCH",
)


class S3Place:
    """A prefix of a bucket.

    Args:
        url: `s3://bucket/prefix`.
        options: endpoint, region, access_key, secret_key, session_token; else the variables of AWS.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self.root = url.partition("://")[2].strip("/")
        self._store = _open(options)

    @property
    def url(self) -> str:
        """Bucket and prefix."""
        return f"s3://{self.root}"

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Upload; a bucket shows an object when all of it has come."""
        size, path = 0, f"{self.root}/{name}"
        with self._told("written to"):
            stream = self._store.open_output_stream(path)
        try:
            for chunk in chunks:
                with self._told("written to"):
                    stream.write(chunk)
                size += len(chunk)
        except BaseException:
            # To close is to complete: what was half-way must not stay under a name that says it is whole.
            with suppress(OSError):
                stream.close()
            with suppress(OSError):
                self._store.delete_file(path)
            raise
        with self._told("written to"):
            stream.close()
        return size

    def read(self, name: str) -> Iterator[bytes]:
        """Download."""
        try:
            with self._store.open_input_stream(f"{self.root}/{name}") as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    yield chunk
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._cannot("read", error) from None

    def entries(self, below: str) -> dict[str, Entry]:
        """The objects below a prefix."""
        from pyarrow import fs

        with self._told("read"):
            infos = self._store.get_file_info(
                fs.FileSelector(f"{self.root}/{below}", recursive=True, allow_not_found=True)
            )
        return {
            info.path.removeprefix(f"{self.root}/"): Entry(info.size, info.mtime)
            for info in infos
            if info.type == fs.FileType.File
        }

    def remove(self, name: str) -> None:
        """Remove the object."""
        with suppress(FileNotFoundError), self._told("written to"):
            self._store.delete_file(f"{self.root}/{name}")

    def remove_unfinished(self, before: datetime) -> None:
        """Nothing to do: a bucket never shows what was not completed, and its own rules remove such uploads."""

    @contextmanager
    def _told(self, verb: str) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._cannot(verb, error) from None

    def _cannot(self, verb: str, error: OSError) -> Problem:
        text = str(error)
        return Problem(
            "BACKUP002",
            f'The place of backups "{self.url}" cannot be {verb}.',
            found=next((word for word in _KNOWN if word in text), type(error).__name__),
            fix="See bucket, `endpoint`, `region` and credentials (`access_key`, `secret_key`, or AWS_* variables).",
        )


def _open(options: Mapping[str, Any]) -> Any:
    from pyarrow import fs

    names = ("access_key", "secret_key", "session_token", "region")
    settings: dict[str, Any] = {name: options[name] for name in names if options.get(name)}
    if endpoint := options.get("endpoint"):
        scheme, separator, host = str(endpoint).partition("://")
        settings |= {"endpoint_override": host if separator else endpoint, "scheme": scheme if separator else "https"}
    return fs.S3FileSystem(
        **settings, connect_timeout=_TIMEOUT_SECONDS, request_timeout=_TIMEOUT_SECONDS, background_writes=True
    )
