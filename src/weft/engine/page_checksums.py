"""Put a checksum into every page of a Parquet file, and take the digest of the whole on the way.

DuckDB writes pages without the checksum that the format has room for, and reads flipped bits as if they were data.
Here its file is copied once: each page's header gets its CRC-32, and the footer the places to which things moved by
that. PyArrow, Spark and others can then tell a damaged page; the SHA-256 of the file is what weft itself goes by.
Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

import bisect
import hashlib
import mmap
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weft.engine.thrift_compact import I32, Field, Struct, change, read_struct, value_of, write_struct

_MAGIC = b"PAR1"
_TAIL_BYTES = 8  # length of the footer, and the magic
# Numbers of fields in Parquet's own definition.
_PAGE_COMPRESSED_SIZE, _PAGE_CRC = 3, 4
_FILE_ROW_GROUPS = 4
_GROUP_COLUMNS, _GROUP_BYTES, _GROUP_OFFSET, _GROUP_COMPRESSED = 1, 2, 5, 6
_CHUNK_OFFSET, _CHUNK_META, _CHUNK_OFFSET_INDEX, _CHUNK_COLUMN_INDEX = 2, 3, 4, 6
_META_BYTES, _META_COMPRESSED, _META_DATA, _META_INDEX, _META_DICTIONARY, _META_BLOOM = 6, 7, 9, 10, 11, 14


@dataclass(frozen=True)
class Sealed:
    """A file that was written."""

    size_bytes: int
    sha256: str


def seal(source: Path, target: Path) -> Sealed:
    """Copy a Parquet file with a checksum in each page; the copy's content is synced to disk, its name is not.

    Args:
        source: a plain Parquet file without a page index, as DuckDB writes them.
        target: the copy; must not be there yet.

    Raises:
        OSError: it cannot be written.
        ValueError: the source is no such file.
    """
    with source.open("rb") as read, target.open("xb") as write:
        with mmap.mmap(read.fileno(), 0, access=mmap.ACCESS_READ) as whole, memoryview(whole) as content:
            sealed = _copy(content, _Writer(write.fileno()))
        os.fsync(write.fileno())
    return sealed


class _Writer:
    """Writes, counts and digests."""

    _BUFFER_BYTES = 1 << 20

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._digest = hashlib.sha256()
        self._waiting = bytearray()
        self.position = 0

    def write(self, content: "bytes | bytearray | memoryview") -> None:
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
        self._flush()
        return Sealed(self.position, self._digest.hexdigest())


class _Shifts:
    """How far things moved: everything at or behind a place by the bytes that were put in before it."""

    def __init__(self) -> None:
        self._places: list[int] = []  # in the source, ascending; what lies behind one is shifted
        self._added: list[int] = []  # bytes in all, up to that place

    def add(self, behind: int, count: int) -> None:
        self._places.append(behind)
        self._added.append(count + (self._added[-1] if self._added else 0))

    def before(self, offset: int) -> int:
        """Bytes that were put in before an offset of the source."""
        index = bisect.bisect_left(self._places, offset)
        return self._added[index - 1] if index else 0


def _copy(content: memoryview, out: _Writer) -> Sealed:
    footer_start = _footer_start(content)
    footer, _ = read_struct(content, footer_start)
    chunks = sorted(_chunks(footer), key=_start)
    shifts = _Shifts()
    position = 0
    for meta in chunks:
        out.write(content[position : _start(meta)])
        position = _copy_pages(content, _start(meta), _start(meta) + value_of(meta, _META_COMPRESSED), out, shifts)
    out.write(content[position:footer_start])
    _move(footer, shifts)
    written = bytearray()
    write_struct(footer, written)
    out.write(written)
    out.write(len(written).to_bytes(4, "little") + _MAGIC)
    return out.end()


def _footer_start(content: memoryview) -> int:
    if len(content) < len(_MAGIC) + _TAIL_BYTES or content[-4:] != _MAGIC or content[:4] != _MAGIC:
        raise ValueError("no plain Parquet file")
    length = int.from_bytes(content[-_TAIL_BYTES:-4], "little")
    return len(content) - _TAIL_BYTES - length


def _chunks(footer: Struct) -> Iterator[Struct]:
    """The metadata of every column of every row group."""
    for group in value_of(footer, _FILE_ROW_GROUPS).values:
        for chunk in value_of(group, _GROUP_COLUMNS).values:
            if value_of(chunk, _CHUNK_OFFSET_INDEX) or value_of(chunk, _CHUNK_COLUMN_INDEX):
                raise ValueError("a Parquet file with a page index, whose places are not moved here")
            yield value_of(chunk, _CHUNK_META)


def _start(meta: Struct) -> int:
    """Where a column's pages begin; a dictionary comes first where there is one."""
    data: int = value_of(meta, _META_DATA)
    dictionary: int | None = value_of(meta, _META_DICTIONARY)
    return min(data, dictionary) if dictionary else data


def _copy_pages(content: memoryview, position: int, end: int, out: _Writer, shifts: _Shifts) -> int:
    while position < end:
        header, body = read_struct(content, position)
        behind = body + value_of(header, _PAGE_COMPRESSED_SIZE)
        page = content[body:behind]
        crc = zlib.crc32(page)
        signed = crc - (1 << 32) if crc >= 1 << 31 else crc
        header = [field for field in header if field.id != _PAGE_CRC]
        place = next(i for i, field in enumerate(header) if field.id > _PAGE_CRC)
        header.insert(place, Field(_PAGE_CRC, I32, signed))
        written = bytearray()
        write_struct(header, written)
        shifts.add(position, len(written) - (body - position))
        out.write(written)
        out.write(page)
        position = behind
    if position != end:
        raise ValueError("the pages of a column do not end where its metadata says")
    return position


def _move(footer: Struct, shifts: _Shifts) -> None:
    for group in value_of(footer, _FILE_ROW_GROUPS).values:
        added = 0
        for chunk in value_of(group, _GROUP_COLUMNS).values:
            meta = value_of(chunk, _CHUNK_META)
            start = _start(meta)
            grown = shifts.before(start + value_of(meta, _META_COMPRESSED)) - shifts.before(start)
            added += grown
            for field_id in (_META_BYTES, _META_COMPRESSED):
                change(meta, field_id, value_of(meta, field_id) + grown)
            for field_id in (_META_DATA, _META_INDEX, _META_DICTIONARY, _META_BLOOM):
                _shift(meta, field_id, shifts)
            _shift(chunk, _CHUNK_OFFSET, shifts)
        _shift(group, _GROUP_OFFSET, shifts)
        for field_id in (_GROUP_BYTES, _GROUP_COMPRESSED):
            if value_of(group, field_id) is not None:
                change(group, field_id, value_of(group, field_id) + added)


def _shift(struct: Struct, field_id: int, shifts: _Shifts) -> None:
    offset = value_of(struct, field_id)
    if offset:  # none, or 0 for "not told"
        change(struct, field_id, offset + shifts.before(offset))
