"""Files of S3 and its like: AWS, MinIO, Ceph, R2, by `endpoint`."""

import fnmatch
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from weft.base.problem import Place, Problem
from weft.ingest.content_store import CHUNK_BYTES
from weft.ingest.fetch.found import Download, Found, Reach, Sign

_MAGIC = re.compile(r"[*?\[]")


def find(url: str, reach: Reach, place: Place) -> list[Found]:
    """The objects that `s3://bucket/key` names; the key may hold `*`, `?` and `[...]`."""
    from pyarrow import fs

    key = url.partition("://")[2]
    store = _store(reach)
    folder = key if not _MAGIC.search(key) else key[: _MAGIC.search(key).start()].rpartition("/")[0]  # type: ignore[union-attr]
    try:
        if folder == key:
            infos = [store.get_file_info(key)]
        else:
            infos = store.get_file_info(fs.FileSelector(folder, recursive=True))
    except (OSError, ValueError) as error:
        raise _failed(error, url, place) from None
    files = [info for info in infos if info.type == fs.FileType.File and (info.path == key or _matches(info.path, key))]
    if not files:
        raise Problem(
            "SOURCE005",
            f'No object is at the source\'s path "{url}".',
            place,
            fix="Mend bucket and key, and see that `endpoint` and `region` are right.",
        )
    return [_found(store, info, place) for info in sorted(files, key=lambda info: info.path)]


def _store(reach: Reach) -> Any:
    from pyarrow import fs

    options = reach.options
    settings: dict[str, Any] = {
        "access_key": options.get("access_key"),
        "secret_key": options.get("secret_key"),
        "session_token": options.get("session_token"),
        "region": options.get("region"),
        "anonymous": bool(options.get("anonymous", False)),
        "connect_timeout": reach.timeout_seconds,
        "request_timeout": reach.timeout_seconds,
    }
    endpoint = options.get("endpoint")
    if endpoint:
        scheme, separator, host = str(endpoint).partition("://")
        settings |= {"endpoint_override": host if separator else endpoint, "scheme": scheme if separator else "https"}
    return fs.S3FileSystem(**{name: value for name, value in settings.items() if value is not None})


def _matches(path: str, pattern: str) -> bool:
    """Whether a key fits a pattern; a star stays within one folder, two stars do not.

    >>> _matches("b/in/calls.csv", "b/in/*.csv"), _matches("b/in/old/calls.csv", "b/in/*.csv")
    (True, False)
    >>> _matches("b/in/old/calls.csv", "b/in/**/*.csv")
    True
    """
    if "**" in pattern:
        return fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, pattern.replace("**/", ""))
    return path.count("/") == pattern.count("/") and fnmatch.fnmatchcase(path, pattern)


def _found(store: Any, info: Any, place: Place) -> Found:
    sign = {"size": info.size, "mtime_ns": info.mtime_ns}
    return Found(f"s3://{info.path}", partial(_open, store, info.path, sign, place), sign)


def _open(store: Any, path: str, sign: Sign, place: Place, seen: Sign | None) -> Download:
    def chunks() -> Iterator[bytes]:
        try:
            with store.open_input_stream(path) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    yield chunk
        except OSError as error:
            raise _failed(error, f"s3://{path}", place) from None

    return Download(chunks(), lambda: sign)


def _failed(error: Exception, url: str, place: Place) -> Problem:
    text = str(error)
    known = (
        "ACCESS_DENIED",
        "NO_SUCH_BUCKET",
        "NETWORK_CONNECTION",
        "INVALID_ACCESS_KEY_ID",
        "SIGNATURE_DOES_NOT_MATCH",
    )
    return Problem(
        "SOURCE008",
        f'The object store of "{url}" cannot be read.',
        place,
        found=next((word for word in known if word in text), type(error).__name__),
        fix="See bucket, `endpoint`, `region` and the credentials (`access_key`, `secret_key`, or AWS_* variables).",
    )
