"""Where things lie in a Parquet file, and how its footer is told that they moved.

Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
"""

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

from weft.engine.thrift_compact import Struct, change, value_of

MAGIC = b"PAR1"
_TAIL_BYTES = 8  # length of the footer, and the magic
# Numbers of fields in Parquet's own definition.
PAGE_TYPE, PAGE_COMPRESSED_SIZE, PAGE_CRC = 1, 3, 4
DICTIONARY_PAGE = 2  # of the types of pages
FILE_ROW_GROUPS = 4
GROUP_COLUMNS, _GROUP_BYTES, _GROUP_OFFSET, _GROUP_COMPRESSED = 1, 2, 5, 6
_CHUNK_OFFSET, _CHUNK_META, _CHUNK_OFFSET_INDEX, _CHUNK_COLUMN_INDEX = 2, 3, 4, 6
_META_BYTES, META_COMPRESSED, _META_DATA, _META_INDEX, META_DICTIONARY, _META_BLOOM = 6, 7, 9, 10, 11, 14


@dataclass(frozen=True)
class PagePlace:
    """Where a page stands: numbers of its row group, its column, and itself in the column."""

    group: int
    column: int
    page: int | None  # None: the dictionary, which is not counted


class Shifts:
    """How far things moved: everything at or behind a place by the bytes that were put in before it."""

    def __init__(self) -> None:
        self._places: list[int] = []  # in the source, ascending; what lies behind one is shifted
        self._added: list[int] = []  # bytes in all, up to that place

    def add(self, behind: int, count: int) -> None:
        """Note that this many bytes were put in at a place; fewer than none where some were taken out."""
        self._places.append(behind)
        self._added.append(count + (self._added[-1] if self._added else 0))

    def before(self, offset: int) -> int:
        """Bytes that were put in before an offset of the source."""
        index = bisect.bisect_left(self._places, offset)
        return self._added[index - 1] if index else 0


def footer_start(content: memoryview) -> int:
    """Where the footer of a plain file begins.

    Raises:
        ValueError: it is no such file.
    """
    if len(content) < len(MAGIC) + _TAIL_BYTES or content[-4:] != MAGIC or content[:4] != MAGIC:
        raise ValueError("no plain Parquet file")
    length = int.from_bytes(content[-_TAIL_BYTES:-4], "little")
    return len(content) - _TAIL_BYTES - length


def chunks_of(footer: Struct) -> Iterator[tuple[Struct, PagePlace]]:
    """The metadata of every column of every row group, and the place of its dictionary."""
    for number, group in enumerate(value_of(footer, FILE_ROW_GROUPS).values):
        for column, chunk in enumerate(value_of(group, GROUP_COLUMNS).values):
            if value_of(chunk, _CHUNK_OFFSET_INDEX) or value_of(chunk, _CHUNK_COLUMN_INDEX):
                raise ValueError("a Parquet file with a page index, whose places are not moved here")
            yield value_of(chunk, _CHUNK_META), PagePlace(number, column, None)


def start_of(meta: Struct) -> int:
    """Where a column's pages begin; a dictionary comes first where there is one."""
    data: int = value_of(meta, _META_DATA)
    dictionary: int | None = value_of(meta, META_DICTIONARY)
    return min(data, dictionary) if dictionary else data


def move_offsets(footer: Struct, shifts: Shifts) -> None:
    """Change every place and size that a footer tells."""
    for group in value_of(footer, FILE_ROW_GROUPS).values:
        added = 0
        for chunk in value_of(group, GROUP_COLUMNS).values:
            meta = value_of(chunk, _CHUNK_META)
            start = start_of(meta)
            grown = shifts.before(start + value_of(meta, META_COMPRESSED)) - shifts.before(start)
            added += grown
            for field_id in (_META_BYTES, META_COMPRESSED):
                change(meta, field_id, value_of(meta, field_id) + grown)
            for field_id in (_META_DATA, _META_INDEX, META_DICTIONARY, _META_BLOOM):
                _shift(meta, field_id, shifts)
            _shift(chunk, _CHUNK_OFFSET, shifts)
        _shift(group, _GROUP_OFFSET, shifts)
        for field_id in (_GROUP_BYTES, _GROUP_COMPRESSED):
            if value_of(group, field_id) is not None:
                change(group, field_id, value_of(group, field_id) + added)


def _shift(struct: Struct, field_id: int, shifts: Shifts) -> None:
    offset = value_of(struct, field_id)
    if offset:  # none, or 0 for "not told"
        change(struct, field_id, offset + shifts.before(offset))
