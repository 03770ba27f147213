"""Open an encrypted Parquet file of weft: the plain file that it was made of, written to a place that forgets.

The plain form carries no checksums: that of a page was told when it was decrypted.
"""

import mmap
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.keys.provider import wrong_key
from weft.engine.page_checksums import Checksums, Writer
from weft.engine.page_encryption import (
    CHUNK_CRYPTO,
    DATA_HEADER,
    DATA_PAGE,
    DICTIONARY_HEADER,
    DICTIONARY_PAGE,
    FOOTER,
    LENGTH_BYTES,
    NONCE_BYTES,
    CryptoNote,
    bound_to,
)
from weft.engine.parquet_layout import (
    FILE_ROW_GROUPS,
    GROUP_COLUMNS,
    MAGIC,
    META_COMPRESSED,
    META_DICTIONARY,
    PAGE_COMPRESSED_SIZE,
    PagePlace,
    Shifts,
    chunks_of,
    move_offsets,
    start_of,
)
from weft.engine.thrift_compact import change, read_struct, value_of, write_struct

if TYPE_CHECKING:
    from weft.base.keys.data_key import DataKey


def open_file(source: Path, target: Path, note: CryptoNote, key: "DataKey") -> None:
    """Write the plain form of a file.

    Args:
        source: the encrypted file.
        target: the plain one; must not be there yet.
        note: what the file says in clear.
        key: the one that it was encrypted under.

    Raises:
        Problem: KEY002, the key is another one.
        OSError: it cannot be written.
    """
    with (
        source.open("rb") as read,
        target.open("xb") as write,
        mmap.mmap(read.fileno(), 0, access=mmap.ACCESS_READ) as whole,
        memoryview(whole) as content,
    ):
        _Opener(content, note, key).write_to(Writer(write.fileno()))


class _Opener:
    def __init__(self, content: memoryview, note: CryptoNote, key: "DataKey") -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._content = content
        self._note = note
        self._key = key
        self._cipher = AESGCM(key.secret)

    def write_to(self, out: Writer) -> None:
        opened, _ = self._opened(self._note.position, FOOTER, None)
        footer, _ = read_struct(opened, 0)
        shifts = Shifts()
        out.write(MAGIC)
        for meta, place in sorted(chunks_of(footer), key=lambda chunk: start_of(chunk[0])):
            position, page = start_of(meta), 0
            end = position + value_of(meta, META_COMPRESSED)
            is_dictionary = bool(value_of(meta, META_DICTIONARY))
            while position < end:
                here = PagePlace(place.group, place.column, None if is_dictionary else page)
                kinds = (DICTIONARY_HEADER, DICTIONARY_PAGE) if is_dictionary else (DATA_HEADER, DATA_PAGE)
                head, body = self._opened(position, kinds[0], here)
                plain, behind = self._opened(body, kinds[1], here)
                header, _ = read_struct(head, 0)
                change(header, PAGE_COMPRESSED_SIZE, len(plain))
                written = bytearray()
                write_struct(header, written)
                shifts.add(position, len(written) + len(plain) - (behind - position))
                out.write(written)
                out.write(plain)
                position, page, is_dictionary = behind, page + (not is_dictionary), False
        move_offsets(footer, shifts)
        for group in value_of(footer, FILE_ROW_GROUPS).values:
            for chunk in value_of(group, GROUP_COLUMNS).values:
                chunk[:] = [field for field in chunk if field.id != CHUNK_CRYPTO]
        out.write(Checksums().footer(footer))
        out.end()

    def _opened(self, position: int, kind: int, place: PagePlace | None) -> tuple[bytes, int]:
        """A part in clear, and the position behind it."""
        from cryptography.exceptions import InvalidTag

        start = position + LENGTH_BYTES
        behind = start + int.from_bytes(self._content[position:start], "little")
        nonce = bytes(self._content[start : start + NONCE_BYTES])
        bound = bound_to(self._note.file_unique, kind, place)
        try:
            return self._cipher.decrypt(nonce, self._content[start + NONCE_BYTES : behind], bound), behind
        except (InvalidTag, ValueError):  # ValueError: cut so short that there is no nonce
            raise wrong_key("data key", self._key.id) from None
