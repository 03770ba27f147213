"""Unpack gzip, zip, zstd, bzip2 and xz. A file that was cut short is refused as a whole and says how far it went.

Half a file is no smaller file: its missing rows would disappear silently, and a broken transfer is best repeated.
"""

import bz2
import fnmatch
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from weft.base.problem import Place, Problem
from weft.ingest.content_store import CHUNK_BYTES, chunks_of
from weft.ingest.landing import RawFile

_KIND_BY_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",  # an empty archive
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
}
_SUFFIXES = (".gz", ".gzip", ".zip", ".zst", ".zstd", ".bz2", ".xz")
KINDS = ("gzip", "zip", "zstd", "bzip2", "xz", "none")


@dataclass(frozen=True)
class Member:
    """One unpacked file."""

    location: str  # of its archive, and within it: `calls.zip!jan.csv`
    path: Path
    place: Place  # of the source's declaration


class CutShort(Exception):
    """The stream ended before its own end mark, or is damaged."""


def unpack(
    raw: RawFile, scratch: Path, place: Place, *, compression: str | None, member: str | None, max_bytes: int
) -> list[Member]:
    """The files within a raw file; the raw file itself where it is not compressed.

    Args:
        raw: kept as it came.
        scratch: where unpacked files go.
        place: of the source's declaration.
        compression: one of KINDS; None finds out by the first bytes.
        member: which files of a zip, as a pattern; None: all.
        max_bytes: more than that is refused, against archives that unpack without end.
    """
    kind = compression or _kind_of(Path(raw.path))
    if kind == "none":
        return [Member(raw.location, Path(raw.path), place)]
    if kind == "zip":
        return _unzip(raw, scratch, place, member, max_bytes)
    target = scratch / f"{raw.sha256}.unpacked"
    streams: dict[str, Callable[[], _Decompressor]] = {
        "gzip": lambda: zlib.decompressobj(wbits=31),
        "bzip2": bz2.BZ2Decompressor,
        "xz": lzma.LZMADecompressor,
        "zstd": _zstd,
    }
    _write(target, _decompressed(Path(raw.path), streams[kind]), raw.location, place, max_bytes)
    return [Member(raw.location, target, place)]


def unpacked_name(name: str) -> str:
    """A file's name without its compression.

    >>> unpacked_name("calls.csv.gz")
    'calls.csv'
    """
    return next((name[: -len(suffix)] for suffix in _SUFFIXES if name.lower().endswith(suffix)), name)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


def _zstd() -> Any:
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj()


def _kind_of(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(8)
    return next((kind for magic, kind in _KIND_BY_MAGIC.items() if head.startswith(magic)), "none")


def _decompressed(path: Path, new: Callable[[], _Decompressor]) -> Iterator[bytes]:
    """All streams of a file one after the other, as gzip and zstd allow.

    Libraries that read files on their own take a missing end for the end.
    """
    stream = new()
    started = False
    for chunk in chunks_of(path):
        data = chunk
        while data:
            if stream.eof:
                if not data.strip(b"\0"):  # padding of tapes and block devices
                    break
                stream = new()
            started = True
            try:
                yield stream.decompress(data)
            except Exception as error:  # zlib.error, OSError, LZMAError, ZstdError: each library has its own
                raise CutShort from error
            data = stream.unused_data if stream.eof else b""
    if not started or not stream.eof:
        raise CutShort


def _unzip(raw: RawFile, scratch: Path, place: Place, pattern: str | None, max_bytes: int) -> list[Member]:
    try:
        with zipfile.ZipFile(raw.path) as archive:
            names = [info.filename for info in archive.infolist() if _is_wanted(info, pattern)]
            if not names:
                raise Problem(
                    "SOURCE009",
                    f'The archive "{raw.location}" holds no file{f" like {pattern}" if pattern else ""}.',
                    place,
                    found=f"{len(archive.namelist())} entries",
                    fix="Mend `member`, or the archive.",
                )
            members = []
            for number, name in enumerate(sorted(names)):
                target = scratch / f"{raw.sha256}.{number}.unpacked"
                location = f"{raw.location}!{name}"
                _write(target, _member_chunks(archive, name), location, place, max_bytes)
                members.append(Member(location, target, place))
            return members
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _broken(raw.location, place, 0, 0, "the archive's directory cannot be read") from error


def _is_wanted(info: zipfile.ZipInfo, pattern: str | None) -> bool:
    hidden = info.filename.startswith("__MACOSX/") or info.filename.rpartition("/")[2].startswith(".")
    if info.is_dir() or (hidden and pattern is None):
        return False
    return pattern is None or fnmatch.fnmatchcase(info.filename, pattern)


def _member_chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with archive.open(name) as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise CutShort from error  # RuntimeError: encrypted


def _write(target: Path, chunks: Iterator[bytes], location: str, place: Place, max_bytes: int) -> None:
    size = lines = 0
    try:
        with target.open("wb") as file:
            for chunk in chunks:
                size += len(chunk)
                lines += chunk.count(b"\n")
                if size > max_bytes:
                    raise too_large(location, place, max_bytes)
                file.write(chunk)
    except CutShort:
        target.unlink(missing_ok=True)
        raise _broken(location, place, size, lines, "it is cut short or damaged") from None


def too_large(location: str, place: Place, max_bytes: int) -> Problem:
    """The refusal of a file above the bound."""
    return Problem(
        "SOURCE009",
        f'The file "{location}" is larger than allowed.',
        place,
        expected=f"at most {max_bytes:,} bytes",
        fix="If that size is right, raise it: `max_size: 50GB`.",
    )


def _broken(location: str, place: Place, size: int, lines: int, why: str) -> Problem:
    return Problem(
        "SOURCE010",
        f'The compressed file "{location}" cannot be unpacked: {why}.',
        place,
        found=f"readable up to byte {size:,} of its content, {lines:,} lines; nothing of it was landed",
        fix="Fetch the file again; the transfer was most likely cut.",
    )
