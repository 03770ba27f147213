"""Encrypt a Parquet file page by page, as the format itself defines it ("modular encryption", AES_GCM_V1).

One key for all columns and the footer, which says nothing in clear but which key that is. DuckDB writes no encrypted
file without an extension that it would have to fetch, so its own files are encrypted here on their way into the
storage. Arrow, Spark and others read them; weft opens them first (`page_decryption`), for DuckDB 1.5 cannot.
Source: https://github.com/apache/parquet-format/blob/master/Encryption.md
"""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from weft.engine.parquet_layout import (
    FILE_ROW_GROUPS,
    GROUP_COLUMNS,
    PAGE_COMPRESSED_SIZE,
    PAGE_CRC,
    PagePlace,
)
from weft.engine.thrift_compact import (
    BINARY,
    I16,
    STRUCT,
    Field,
    Struct,
    change,
    read_struct,
    value_of,
    write_struct,
)

if TYPE_CHECKING:
    from weft.base.keys.data_key import DataKey

MAGIC: Final = b"PARE"
_PLAIN_MAGIC: Final = b"PAR1"
LENGTH_BYTES, NONCE_BYTES = 4, 12
_FILE_UNIQUE_BYTES = 8
# Kinds of parts, which are authenticated together with their place in the file.
FOOTER, DATA_PAGE, DICTIONARY_PAGE, DATA_HEADER, DICTIONARY_HEADER = 0, 2, 3, 4, 5
# Numbers of fields in Parquet's own definition.
GROUP_ORDINAL, CHUNK_CRYPTO = 7, 8
_CRYPTO_ALGORITHM, _CRYPTO_KEY = 1, 2
_MOST_ORDINAL = (1 << 15) - 1  # of row groups and pages: the format writes them in two bytes


def bound_to(file_unique: bytes, kind: int, place: PagePlace | None) -> bytes:
    """What a part is authenticated together with: its file, its kind, its place."""
    bound = file_unique + bytes([kind])
    if place is None:
        return bound
    bound += place.group.to_bytes(2, "little") + place.column.to_bytes(2, "little")
    return bound if place.page is None else bound + place.page.to_bytes(2, "little")


class Encryption:
    """The seal that is encryption; one for each file.

    Args:
        key: what the file is encrypted under.
    """

    magic = MAGIC
    may_have_gaps = False  # a filter of a column's values tells of them

    def __init__(self, key: "DataKey") -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(key.secret)
        self._material = key.material
        self._file_unique = os.urandom(_FILE_UNIQUE_BYTES)

    def page(self, header: Struct, page: memoryview, place: PagePlace) -> tuple[bytes, bytes]:
        """Header and body, each encrypted.

        Raises:
            ValueError: there are more row groups or pages than the format can count.
        """
        if place.group > _MOST_ORDINAL or (place.page or 0) > _MOST_ORDINAL:
            raise ValueError("more row groups or pages than an encrypted Parquet file can have")
        is_data = place.page is not None
        body = self._module(page, DATA_PAGE if is_data else DICTIONARY_PAGE, place)
        # Encryption tells damage better than a checksum, which would have to be that of the encrypted page.
        header = [field for field in header if field.id != PAGE_CRC]
        change(header, PAGE_COMPRESSED_SIZE, len(body))
        written = bytearray()
        write_struct(header, written)
        return self._module(written, DATA_HEADER if is_data else DICTIONARY_HEADER, place), body

    def footer(self, footer: Struct) -> bytes:
        """Which key it is, the encrypted footer, the length of both, and the magic."""
        for number, group in enumerate(value_of(footer, FILE_ROW_GROUPS).values):
            group[:] = [field for field in group if field.id != GROUP_ORDINAL]
            group.append(Field(GROUP_ORDINAL, I16, number))
            for chunk in value_of(group, GROUP_COLUMNS).values:
                with_footer_key = [Field(1, STRUCT, [])]
                chunk.append(Field(CHUNK_CRYPTO, STRUCT, with_footer_key))
        algorithm = [Field(1, STRUCT, [Field(2, BINARY, self._file_unique)])]  # AES_GCM_V1
        told = [Field(_CRYPTO_ALGORITHM, STRUCT, algorithm), Field(_CRYPTO_KEY, BINARY, self._material)]
        crypto = bytearray()
        write_struct(told, crypto)
        written = bytearray()
        write_struct(footer, written)
        both = bytes(crypto) + self._module(written, FOOTER, None)
        return both + len(both).to_bytes(4, "little") + MAGIC

    def _module(self, content: "bytearray | memoryview", kind: int, place: PagePlace | None) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, content, bound_to(self._file_unique, kind, place))
        return (len(nonce) + len(sealed)).to_bytes(LENGTH_BYTES, "little") + nonce + sealed


@dataclass(frozen=True)
class CryptoNote:
    """What an encrypted file says in clear."""

    material: bytes  # of the key
    file_unique: bytes
    position: int  # where the encrypted footer begins


def crypto_note(path: str) -> CryptoNote | None:
    """What a Parquet file says of its encryption; None where it is not encrypted.

    Raises:
        ValueError: it is no Parquet file, or encrypted in another way.
    """
    with open(path, "rb") as file:  # noqa: PTH123 - called for every file of every query
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - 8, 0))
        tail = file.read()
        if tail[4:] == _PLAIN_MAGIC:
            return None
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or length > size - 8:
            raise ValueError("no Parquet file")
        file.seek(size - 8 - length)
        crypto, behind = read_struct(file.read(min(length, 1 << 16)), 0)
    algorithm = value_of(value_of(crypto, _CRYPTO_ALGORITHM), 1)
    if algorithm is None:
        raise ValueError("encrypted in another way")
    return CryptoNote(
        value_of(crypto, _CRYPTO_KEY) or b"",
        value_of(algorithm, 2),
        size - 8 - length + behind,
    )
