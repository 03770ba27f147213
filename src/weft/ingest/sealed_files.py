"""Raw and reject files, encrypted where the environment says so.

They are streams of any form, so they are encrypted as such (`weft.base.cipher`), under a name that ends in `.weft`.
The name of a raw file stays the digest of what came: that is how a landing knows what it has already.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from weft.base.cipher import MAGIC
from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.ingest.landing import RawFile

SEALED_SUFFIX = ".weft"
_CHUNK_BYTES = 1 << 20


def is_sealed(path: str | Path) -> bool:
    """Whether a file is encrypted, by its first bytes: `weft keys rotate` encrypts files under the name they have."""
    with Path(path).open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def sealed_name(path: Path, vault: Vault | None) -> Path:
    """The name that a file gets."""
    return path.with_name(path.name + SEALED_SUFFIX) if vault else path


def sealed(chunks: Iterable[bytes], vault: Vault | None) -> Iterable[bytes]:
    """What is written for these bytes."""
    if vault is None:
        return chunks
    from weft.base.cipher import encrypt

    return encrypt(chunks, vault.current())


def plain_chunks(path: str | Path, vault: Vault | None) -> Iterator[bytes]:
    """The bytes that a file was made of, piece by piece.

    Raises:
        Problem: KEY001 to KEY005, its key cannot be had; KEY002, it was changed.
    """
    with Path(path).open("rb") as file:
        if not is_sealed(path):
            while chunk := file.read(_CHUNK_BYTES):
                yield chunk
            return
        if vault is None:
            raise no_vault(path)
        from weft.base.cipher import decrypt

        yield from decrypt(file, vault.key_of)


def opened_raw(file: RawFile, scratch: Path, vault: Vault | None) -> RawFile:
    """The same file in clear, in a folder that is removed when the landing ends."""
    if not is_sealed(file.path):
        return file
    target = scratch / Path(file.path).name.removesuffix(SEALED_SUFFIX)
    with target.open("wb") as plain:
        for chunk in plain_chunks(file.path, vault):
            plain.write(chunk)
    return replace(file, path=str(target))


def sha256_of_plain(path: str | Path, vault: Vault | None) -> str:
    """The digest of the bytes that a file was made of."""
    digest = hashlib.sha256()
    for chunk in plain_chunks(path, vault):
        digest.update(chunk)
    return digest.hexdigest()


def no_vault(path: str | Path) -> Problem:
    """The Problem of an encrypted file in an environment that has no keys."""
    return Problem(
        "KEY001",
        f'"{Path(path).name}" is encrypted, and this environment has no keys.',
        fix="Bring back `encryption:` of the environment in weft.yaml.",
    )
