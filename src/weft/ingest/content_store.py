"""Files named by their content: the same bytes are kept once, and a name never changes its meaning.

Everything is written beside its final name, synced, and renamed, so that a file that is there is whole.
"""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from weft.base.keys.vault import Vault
from weft.ingest.landing import RawFile
from weft.ingest.sealed_files import sealed, sealed_name

CHUNK_BYTES = 1 << 20


def keep_raw(
    folder: Path, location: str, chunks: Iterable[bytes], suffix: str = "", *, vault: Vault | None = None
) -> RawFile:
    """Keep a stream of bytes below `folder/raw`, named by its SHA-256.

    Args:
        folder: the source's landing folder.
        location: where it came from, for people.
        chunks: the bytes; may raise, then nothing is kept.
        suffix: ends the name, such as `.csv.gz`, so that other tools know the format.
        vault: keys to encrypt it under; digest and size are those of what came all the same.
    """
    digest = hashlib.sha256()
    size = 0

    def counted() -> Iterator[bytes]:
        nonlocal size
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            yield chunk

    raw_folder = folder / "raw"
    raw_folder.mkdir(parents=True, exist_ok=True)
    temporary = raw_folder / f".part-{uuid.uuid4().hex}"
    try:
        with temporary.open("wb") as file:
            for chunk in sealed(counted(), vault):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        final = sealed_name(raw_folder / f"{digest.hexdigest()}{suffix}", vault)
        # Over a file of that name as well: it holds the same, or was damaged and is whole again.
        temporary.replace(final)
        sync_folder(raw_folder)
    finally:
        temporary.unlink(missing_ok=True)
    return RawFile(str(final), location, digest.hexdigest(), size)


@contextmanager
def whole_or_absent(final: Path) -> Iterator[Path]:
    """A path to write to; what is written there becomes `final` when the block ends without an error."""
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = final.with_name(f".part-{uuid.uuid4().hex}-{final.name}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.rename(final)
        sync_folder(final.parent)
    finally:
        temporary.unlink(missing_ok=True)


def chunks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def kept_suffix(name: str) -> str:
    """The part of a file's name that says its format, lowered and bounded.

    >>> kept_suffix("Calls.2026.CSV.gz"), kept_suffix("export"), kept_suffix("a.b c?.csv")
    ('.csv.gz', '', '.csv')
    """
    suffixes = [s.lower() for s in Path(name).suffixes[-2:] if s[1:].isalnum() and not s[1:].isdigit() and len(s) <= 9]
    return "".join(suffixes)
