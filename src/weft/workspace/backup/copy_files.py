"""Copy files of the storage into the store: what is there already is not copied again, and damage is not copied."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from weft.base.cipher import MAGIC
from weft.base.problem import Problem
from weft.base.stored_file import digest_in_name, problem_of
from weft.workspace.backup.file_list import CopiedFile
from weft.workspace.backup.manifest import Stored
from weft.workspace.backup.place import CHUNK_BYTES
from weft.workspace.backup.store import DigestDiffers, Store
from weft.workspace.backup.what_to_copy import ToCopy

_AT_ONCE = 4
_RAW = re.compile(r"[0-9a-f]{64}(?=\.|$)")  # raw files of landings are named so, whatever endings follow

OnCopied = Callable[[int, int], None]  # files that are done, of all


@dataclass
class Copied:
    """What was copied."""

    files: list[CopiedFile]
    new_objects: int
    new_bytes: int
    left_out: list[str]  # damaged files that nothing needs any more


def copy_files(
    storage: Path,
    to_copy: ToCopy,
    store: Store,
    known: dict[str, int],
    before: dict[str, CopiedFile],
    on_copied: OnCopied,
) -> Copied:
    """Store every file.

    Args:
        storage: what the paths are relative to.
        to_copy: the files.
        store: where to.
        known: objects that may be relied on, by digest, with their size; what is stored is added.
        before: the files of an earlier backup, by path.
        on_copied: called after each file.

    Raises:
        FileNotFoundError: a file that must be there is gone.
        Problem: FILE001, a file is damaged; FILE002, one cannot be read; BACKUP002, the store does not take it.
    """
    paths = sorted({*to_copy.must, *to_copy.may})
    copied = Copied([], 0, 0, [])

    def one(path: str) -> tuple[CopiedFile | None, bool]:
        try:
            return _copy(storage, path, store, known, before.get(path))
        except FileNotFoundError:
            if path in to_copy.must:
                raise
        except Problem as problem:
            if path in to_copy.must or problem.code != "FILE001":
                raise
            copied.left_out.append(path)
        return None, False

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, (file, is_new) in enumerate(_in_order(pool, one, paths), 1):
            if file is not None:
                copied.files.append(file)
                copied.new_objects += is_new
                copied.new_bytes += file.stored.size_bytes if is_new else 0
            on_copied(done, len(paths))
    return copied


def _in_order(
    pool: ThreadPoolExecutor, one: Callable[[str], tuple[CopiedFile | None, bool]], paths: Iterable[str]
) -> Iterator[tuple[CopiedFile | None, bool]]:
    try:
        yield from pool.map(one, paths)
    finally:
        pool.shutdown(cancel_futures=True)


def _copy(
    storage: Path, path: str, store: Store, known: dict[str, int], before: CopiedFile | None
) -> tuple[CopiedFile | None, bool]:
    file = storage / path
    found = file.stat()
    sha256 = _digest_before(found, before) or (None if _is_encrypted(file) else digest_named(path))
    if sha256 is None:
        try:
            with file.open("rb") as opened:
                sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise problem_of(error) from None
    copied = CopiedFile(path, Stored(sha256, found.st_size), found.st_mtime_ns)
    if known.get(sha256) == found.st_size:
        return copied, False
    try:
        store.put(sha256, _chunks(file))
    except DigestDiffers:
        raise Problem(
            "FILE001",
            "A stored file is not what was written, and no earlier backup has it.",
            found=f"{path} differs from the digest in its name",
            fix="Make it again: weft build --full. `weft doctor --deep` names all damaged files and what they are of.",
        ) from None
    known[sha256] = found.st_size
    return copied, True


def digest_named(path: str) -> str | None:
    """The digest that the name of a stored file carries.

    >>> digest_named("landings/a/b/c/raw/" + "1" * 64 + ".csv.gz") == "1" * 64
    True
    >>> digest_named("tables/a/b/c/metadata/00001-x.metadata.json") is None
    True
    """
    match = _RAW.match(os.path.basename(path))  # noqa: PTH119 - called for every file
    return match.group() if match else digest_in_name(path)


def _is_encrypted(file: Path) -> bool:
    """Whether the file's name may tell the digest of what was encrypted; it is copied as it is."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def _digest_before(found: os.stat_result, before: CopiedFile | None) -> str | None:
    """What an earlier backup found, where the file is untouched since: metadata and the like carry no digest."""
    if before is None or (before.stored.size_bytes, before.mtime_ns) != (found.st_size, found.st_mtime_ns):
        return None
    return before.stored.sha256


def _chunks(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as opened:
            while chunk := opened.read(CHUNK_BYTES):
                yield chunk
    except FileNotFoundError:
        raise
    except OSError as error:
        raise problem_of(error) from None
