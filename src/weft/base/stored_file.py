"""Files that weft stores: on the disk itself before anything names them, and named by what they hold.

The name of a stored file carries the SHA-256 of its content. So the digest is wherever the file is named (a
publication's manifest, a landing, a fact of the ledger), it cannot be lost, and a reader needs nothing else to know
whether the file is still what was checked.
"""

import errno
import hashlib
import os
import re
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from weft.base.problem import Problem

DIGEST = "{sha256}"  # stands in the path that a writer is given, where the digest is to stand in the file's name

_IN_NAME = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?=\.[a-z]+$)")
_AT_ONCE = 4
_WORDS_BY_ERROR = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of this user is used up",
    errno.EROFS: "the file system can only be read",
    errno.EACCES: "this user may not",
    errno.EPERM: "this user may not",
    errno.EIO: "the disk reports an error",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open",
}


def digest_in_name(path: str | Path) -> str | None:
    """The SHA-256 that a file's name carries, or None.

    >>> digest_in_name("tables/a/b/data/run-orders-" + "0" * 64 + ".parquet") == "0" * 64
    True
    >>> digest_in_name("orders.parquet") is None
    True
    """
    found = _IN_NAME.search(os.path.basename(path))  # noqa: PTH119 - called for every file of every query
    return found.group() if found else None


def beside(path: Path, word: str) -> Path:
    """A path for another file of the same making.

    >>> beside(Path("data/run-orders-{sha256}.parquet"), "kept").as_posix()
    'data/run-orders-kept-{sha256}.parquet'
    """
    if DIGEST not in path.name:
        return path.with_stem(f"{path.stem}-{word}")
    return path.with_name(path.name.replace(DIGEST, f"{word}-{DIGEST}"))


def sha256_of(path: str | Path) -> str:
    """The digest of a file's content."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damaged_files(paths: Iterable[str]) -> list[str]:
    """Those files whose content is not what their names say; files without a digest in their name are not looked at.

    Raises:
        Problem: FILE002, one cannot be read.
    """
    named = {path: digest for path in paths if (digest := digest_in_name(path))}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(_digest_or_none, named)
    return [path for (path, digest), seen in zip(named.items(), found, strict=True) if seen != digest]


def refuse_damaged(paths: Iterable[str]) -> None:
    """Let nobody read a file that is not what it was; what this process has seen whole and nobody touched is known.

    A file that is gone is the business of whoever opens it.

    Raises:
        Problem: FILE001, a file is damaged; FILE002, one cannot be read.
    """
    states = {path: state for path in paths if digest_in_name(path) and (state := _state(path))}
    unseen = {path: state for path, state in states.items() if state not in _SEEN_WHOLE}
    if not unseen:
        return
    if damaged := damaged_files(unseen):
        raise damaged_file(damaged[0])
    with _LOCK:
        _SEEN_WHOLE.update(unseen.values())


def damaged_file(path: str | Path, what: str = "A stored file is not what was written.") -> Problem:
    """The Problem of a file whose content changed."""
    return Problem(
        "FILE001",
        what,
        found=f"{Path(path).name} differs from its digest: bytes were changed or cut off",
        fix="Bring the file back from a backup (weft restore), or make its table again: weft build --full. "
        "`weft doctor --deep` looks at all files.",
    )


def sync_folder(folder: str | Path) -> None:
    """Bring the names in a folder to the disk itself."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, each with its name on the disk itself."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file so that it is there whole or not at all, and outlives a power cut."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def told_as_problem() -> Iterator[None]:
    """Tell what the system says of files as a Problem.

    Raises:
        Problem: FILE002.
    """
    try:
        yield
    except OSError as error:
        raise problem_of(error) from None


def is_of_the_machine(error: OSError) -> bool:
    """Whether a disk, a quota or rights are at fault, rather than a mistake of ours."""
    return error.errno in _WORDS_BY_ERROR


def problem_of(error: OSError) -> Problem:
    """The Problem of a file that cannot be read or written."""
    why = _WORDS_BY_ERROR.get(error.errno or 0) or error.strerror or type(error).__name__
    name = Path(str(error.filename)).name if error.filename else None
    return Problem(
        "FILE002",
        f"A file cannot be read or written: {why}.",
        found=name,
        fix="Make room (`weft maintain` removes what no reader needs), then run the same again."
        if error.errno in (errno.ENOSPC, errno.EDQUOT)
        else "See that the folder of `storage` is there and that this user may read and write it, then run it again.",
    )


_SEEN_WHOLE: set[tuple[str, int, int, int, int]] = set()
_LOCK = threading.Lock()


def _state(path: str) -> tuple[str, int, int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - called for every file of every query
    except OSError:
        return None
    return path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _digest_or_none(path: str) -> str | None:
    try:
        return sha256_of(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise problem_of(error) from None
