"""Encrypt a stream of bytes so that a change, a swap or a cut of any part of it is told.

The form: `WEFTENC1`, the length and the text of the key's material, 8 random bytes, then parts of a mebibyte, each
sealed with AES-256-GCM. A part's nonce is random; what it is sealed together with says which stream it belongs to,
its number, and whether it is the last one.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from weft.base.problem import Problem

if TYPE_CHECKING:
    from weft.base.keys.data_key import DataKey

MAGIC = b"WEFTENC1"
_PART_BYTES = 1 << 20
_NONCE_BYTES, _TAG_BYTES = 12, 16
_LENGTH_BYTES = 4
_MOST_MATERIAL = 1 << 16
_STREAM_BYTES = 8


def encrypt(chunks: Iterable[bytes], key: "DataKey") -> Iterator[bytes]:
    """The encrypted form of a stream, piece by piece.

    Args:
        chunks: the bytes, in pieces of any size.
        key: what it is encrypted under; the stream names it.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher, stream = AESGCM(key.secret), os.urandom(_STREAM_BYTES)
    head = MAGIC + len(key.material).to_bytes(_LENGTH_BYTES, "little") + key.material + stream
    yield head
    parts = _parts(chunks)
    part, number = next(parts, b""), 0
    while True:
        following = next(parts, None)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = cipher.encrypt(nonce, part, _bound(head, number, is_last=following is None))
        yield (len(nonce) + len(sealed)).to_bytes(_LENGTH_BYTES, "little") + nonce + sealed
        if following is None:
            return
        part, number = following, number + 1


def decrypt(file: BinaryIO, key_of: "Callable[[bytes], DataKey]") -> Iterator[bytes]:
    """The bytes that were encrypted, piece by piece; every piece was authenticated before it is given out.

    Args:
        file: at the start of the encrypted form.
        key_of: the key that the stream names by its material, such as `Vault.key_of`.

    Raises:
        Problem: KEY002, the key is another one or the stream was changed, cut short or lengthened.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head, material = _head(file)
    cipher, number = AESGCM(key_of(material).secret), 0
    sealed = _sealed(file)
    while sealed is not None:
        following = _sealed(file)
        try:
            bound = _bound(head, number, is_last=following is None)
            yield cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound)
        except InvalidTag:
            raise _changed() from None
        sealed, number = following, number + 1
    if not number:
        raise _changed()


def is_encrypted(path: Path) -> bool:
    """Whether a file has this form."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def material_of(path: Path) -> bytes:
    """What an encrypted file says of its key."""
    with path.open("rb") as file:
        return _head(file)[1]


def _head(file: BinaryIO) -> tuple[bytes, bytes]:
    start = file.read(len(MAGIC) + _LENGTH_BYTES)
    length = int.from_bytes(start[len(MAGIC) :], "little")
    if start[: len(MAGIC)] != MAGIC or length > _MOST_MATERIAL:
        raise _changed()
    material, stream = file.read(length), file.read(_STREAM_BYTES)
    if len(material) < length or len(stream) < _STREAM_BYTES:
        raise _changed()
    return start + material + stream, material


def _sealed(file: BinaryIO) -> bytes | None:
    prefix = file.read(_LENGTH_BYTES)
    if not prefix:
        return None
    length = int.from_bytes(prefix, "little")
    if len(prefix) < _LENGTH_BYTES or not _NONCE_BYTES + _TAG_BYTES <= length <= _PART_BYTES + 64:
        raise _changed()
    sealed = file.read(length)
    if len(sealed) < length:
        raise _changed()
    return sealed


def _parts(chunks: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= _PART_BYTES:
            yield bytes(waiting[:_PART_BYTES])
            del waiting[:_PART_BYTES]
    if waiting:
        yield bytes(waiting)


def _bound(head: bytes, number: int, *, is_last: bool) -> bytes:
    return head + number.to_bytes(8, "little") + (b"\x01" if is_last else b"\x00")


def _changed() -> Problem:
    return Problem(
        "KEY002",
        "An encrypted file cannot be opened: the key is another one, or bytes were changed or cut off.",
        fix="Bring the file back from a backup, or the key that it was encrypted under.",
    )
