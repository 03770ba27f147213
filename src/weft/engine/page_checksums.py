"""Put a checksum into every page of a Parquet file, and take the digest of the whole on the way.

DuckDB writes pages without the checksum that the format has room for, and reads flipped bits as if they were data.
Here its file is copied once: each page's header gets its CRC-32, and the footer the places to which things moved by
that. PyArrow, Spark and others can then tell a damaged page; the SHA-256 of the file is what weft itself goes by.
Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

import hashlib
import mmap
import os
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from weft.engine.parquet_layout import (
    DICTIONARY_PAGE,
    MAGIC,
    META_COMPRESSED,
    PAGE_COMPRESSED_SIZE,
    PAGE_CRC,
    PAGE_TYPE,
    PagePlace,
    Shifts,
    chunks_of,
    footer_start,
    move_offsets,
    start_of,
)
from weft.engine.thrift_compact import I32, Field, Struct, read_struct, value_of, write_struct


@dataclass(frozen=True)
class Sealed:
    """A file that was written."""

    size_bytes: int
    sha256: str


class Seal(Protocol):
    """What is put on a file's pages and its footer."""

    magic: bytes
    may_have_gaps: bool  # whether what lies between columns, such as filters, may be copied as it is

    def page(self, header: Struct, page: memoryview, place: PagePlace) -> tuple[bytes, "bytes | memoryview"]:
        """A page's header and body as they are written."""

    def footer(self, footer: Struct) -> bytes:
        """Everything behind the pages."""


class Checksums:
    """A CRC-32 for each page."""

    magic: bytes = MAGIC
    may_have_gaps = True

    def page(self, header: Struct, page: memoryview, place: PagePlace) -> tuple[bytes, memoryview]:
        """The header with the checksum in its place; the page as it is."""
        crc = zlib.crc32(page)
        signed = crc - (1 << 32) if crc >= 1 << 31 else crc
        header = [field for field in header if field.id != PAGE_CRC]
        behind = next(i for i, field in enumerate(header) if field.id > PAGE_CRC)
        header.insert(behind, Field(PAGE_CRC, I32, signed))
        written = bytearray()
        write_struct(header, written)
        return bytes(written), page

    def footer(self, footer: Struct) -> bytes:
        """The footer, its length and the magic."""
        written = bytearray()
        write_struct(footer, written)
        return bytes(written) + len(written).to_bytes(4, "little") + MAGIC


def seal(source: Path, target: Path, kind: Seal | None = None) -> Sealed:
    """Copy a Parquet file with a seal on each page; the copy's content is synced to disk, its name is not.

    Args:
        source: a plain Parquet file without a page index, as DuckDB writes them.
        target: the copy; must not be there yet.
        kind: what the seal is; default: checksums.

    Raises:
        OSError: it cannot be written.
        ValueError: the source is no such file.
    """
    with source.open("rb") as read, target.open("xb") as write:
        with mmap.mmap(read.fileno(), 0, access=mmap.ACCESS_READ) as whole, memoryview(whole) as content:
            sealed = _copy(content, Writer(write.fileno()), kind or Checksums())
        os.fsync(write.fileno())
    return sealed


class Writer:
    """Writes, counts and digests."""

    _BUFFER_BYTES = 1 << 20

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self.position = 0

    def write(self, content: "bytes | bytearray | memoryview") -> None:
        """Take bytes in."""
        self.position += len(content)
        self._waiting += content
        if len(self._waiting) >= self._BUFFER_BYTES:
            self._flush()

    def _flush(self) -> None:
        self._digest.update(self._waiting)
        left = memoryview(self._waiting)
        while left:  # a full disk may take a part, and tell of it at the next call
            left = left[os.write(self._descriptor, left) :]
        self._waiting = bytearray()

    def end(self) -> Sealed:
        """Write what waits; returns what was written in all."""
        self._flush()
        return Sealed(self.position, self._digest.hexdigest())


def _copy(content: memoryview, out: Writer, kind: Seal) -> Sealed:
    end_of_pages = footer_start(content)
    footer, _ = read_struct(content, end_of_pages)
    chunks = sorted(chunks_of(footer), key=lambda chunk: start_of(chunk[0]))
    shifts = Shifts()
    out.write(kind.magic)
    position = len(MAGIC)
    for meta, place in chunks:
        if position != start_of(meta) and not kind.may_have_gaps:
            raise ValueError("a Parquet file with something between its columns that this seal does not know")
        out.write(content[position : start_of(meta)])
        end = start_of(meta) + value_of(meta, META_COMPRESSED)
        position = _copy_pages(content, (start_of(meta), end), place, out, shifts, kind)
    if position != end_of_pages and not kind.may_have_gaps:
        raise ValueError("a Parquet file with something behind its columns that this seal does not know")
    out.write(content[position:end_of_pages])
    move_offsets(footer, shifts)
    out.write(kind.footer(footer))
    return out.end()


def _copy_pages(
    content: memoryview, extent: tuple[int, int], place: PagePlace, out: Writer, shifts: Shifts, kind: Seal
) -> int:
    position, end = extent
    number = 0
    while position < end:
        header, body = read_struct(content, position)
        behind = body + value_of(header, PAGE_COMPRESSED_SIZE)
        page = content[body:behind]
        if value_of(header, PAGE_TYPE) == DICTIONARY_PAGE:
            written, sealed = kind.page(header, page, place)
        else:
            written, sealed = kind.page(header, page, replace(place, page=number))
            number += 1
        shifts.add(position, len(written) + len(sealed) - (behind - position))
        out.write(written)
        out.write(sealed)
        position = behind
    if position != end:
        raise ValueError("the pages of a column do not end where its metadata says")
    return position
