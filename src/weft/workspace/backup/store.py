"""What lies in the place of backups: objects named by their content, manifests, and marks of who is at work.

objects/ab/ab12...   the bytes of a file, or a compressed part of the ledger; shared by all backups
backups/<id>.json    the manifest of one backup, written last
working/<id>         a backup that runs now; a prune leaves objects alone while one is there
pruning/<id>         a prune that removes objects now; a backup waits for it
"""

import gzip
import hashlib
import hmac
import io
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from weft.base.cipher import MAGIC
from weft.base.problem import Problem
from weft.workspace.backup.manifest import Manifest, NotAManifest, Stored
from weft.workspace.backup.place import Entry, Place

if TYPE_CHECKING:
    from weft.base.keys.data_key import DataKey
    from weft.base.keys.vault import Vault

_OBJECTS, _BACKUPS = "objects", "backups"
WORKING, PRUNING = "working", "pruning"


class Store:
    """The objects and manifests of one place.

    Args:
        place: where they lie.
        open_vault: the keys that what is made for a backup is encrypted under; None where the mesh's data lie in clear.
    """

    def __init__(self, place: Place, open_vault: "Callable[[], Vault | None]" = lambda: None) -> None:
        self.place = place
        self._open_vault = open_vault

    # Objects

    def objects(self) -> dict[str, Entry]:
        """Every object by its digest."""
        return {name.rpartition("/")[2]: entry for name, entry in self.place.entries(_OBJECTS).items()}

    def put(self, sha256: str, chunks: Iterable[bytes]) -> Stored:
        """Store bytes of a known digest.

        Raises:
            DigestDiffers: the bytes are others; nothing was stored.
        """
        return Stored(sha256, self.place.write(_object(sha256), _held_to(sha256, chunks)))

    def put_bytes(self, content: bytes, known: Mapping[str, int], known_content: Mapping[str, Stored]) -> Stored:
        """Store what weft made for the backup itself: compressed, and encrypted where the mesh's data are.

        Args:
            content: a part of the ledger, the catalogue, a list of files.
            known: size by digest of objects that may be relied on; what is among them is not stored again.
            known_content: objects that may be relied on, by what their content is known by.
        """
        packed = gzip.compress(content, 6, mtime=0)  # the same bytes for the same content
        vault = self._open_vault()
        if vault is None:
            stored = Stored(hashlib.sha256(packed).hexdigest(), len(packed))
        else:
            from weft.base.cipher import encrypt

            key = vault.current()
            content_id = hmac.digest(key.secret, packed, "sha256").hex()
            if (found := known_content.get(content_id)) is not None:
                return found
            packed = b"".join(encrypt([packed], key))
            stored = Stored(hashlib.sha256(packed).hexdigest(), len(packed), content_id)
        if known.get(stored.sha256) != stored.size_bytes:
            self.put(stored.sha256, [packed])
        return stored

    def get_bytes(self, stored: Stored) -> bytes:
        """What `put_bytes` stored.

        Raises:
            Problem: BACKUP004, it is gone or damaged; KEY001..005, it is encrypted under a key that cannot be had.
        """
        packed = b"".join(self.chunks(stored))
        if packed.startswith(MAGIC):
            from weft.base.cipher import decrypt

            packed = b"".join(decrypt(io.BytesIO(packed), self._key_of))
        return gzip.decompress(packed)

    def _key_of(self, material: bytes) -> "DataKey":
        vault = self._open_vault()
        if vault is None:
            raise Problem(
                "BACKUP016",
                "The backup is encrypted, and this environment names no keys.",
                fix="Set `encryption: {keys: ..., key: ...}` of the environment as it was when the backup was made.",
            )
        return vault.key_of(material)

    def chunks(self, stored: Stored) -> Iterator[bytes]:
        """The bytes of an object, held against its digest as they pass; the last piece may not be used before the end.

        Raises:
            Problem: BACKUP004, it is gone or damaged.
        """
        try:
            yield from _held_to(stored.sha256, self.place.read(_object(stored.sha256)))
        except FileNotFoundError:
            raise damaged_object(stored.sha256, "is not there") from None
        except DigestDiffers:
            raise damaged_object(stored.sha256, "is not what was stored: bytes were changed or cut off") from None

    def remove_object(self, sha256: str) -> None:
        """Remove an object."""
        self.place.remove(_object(sha256))

    # Manifests

    def ids(self) -> list[str]:
        """Every backup, oldest first."""
        names = [name.rpartition("/")[2] for name in self.place.entries(_BACKUPS)]
        return sorted(name.removesuffix(".json") for name in names if name.endswith(".json"))

    def manifest(self, backup_id: str) -> Manifest:
        """One backup.

        Raises:
            Problem: BACKUP003, there is none of this id; BACKUP004, its manifest is damaged.
        """
        try:
            return Manifest.from_bytes(b"".join(self.place.read(f"{_BACKUPS}/{backup_id}.json")))
        except FileNotFoundError:
            known = self.ids()
            raise Problem(
                "BACKUP003",
                f'There is no backup "{backup_id}" in {self.place.url}.',
                expected=f"one of {', '.join(known[::-1][:10])}" if known else "a place with backups",
                fix="See what is there: weft backup list DESTINATION",
            ) from None
        except NotAManifest:
            raise Problem(
                "BACKUP004",
                f"The manifest of backup {backup_id} is damaged, or of another version of weft.",
                found=f"backups/{backup_id}.json",
                fix="Bring the file back, use another backup (weft backup list), or remove it by hand.",
            ) from None

    def manifests(self) -> tuple[list[Manifest], list[Problem]]:
        """Every backup that can be read, oldest first, and what is wrong with the others."""
        found, problems = [], []
        for backup_id in self.ids():
            try:
                found.append(self.manifest(backup_id))
            except Problem as problem:
                if problem.code not in ("BACKUP003", "BACKUP004"):
                    raise
                if problem.code == "BACKUP004":  # else somebody removed it just now
                    problems.append(problem)
        return sorted(found, key=lambda one: (one.at, one.id)), problems

    def write_manifest(self, manifest: Manifest) -> None:
        """Make a backup count."""
        self.place.write(f"{_BACKUPS}/{manifest.id}.json", [manifest.as_bytes()])

    def remove_manifest(self, backup_id: str) -> None:
        """Let a backup go; its objects stay until a prune removes those that no other needs."""
        self.place.remove(f"{_BACKUPS}/{backup_id}.json")

    # Who is at work

    def mark(self, kind: str, mark_id: str) -> None:
        """Say that a backup or a prune runs; said again now and then, or it counts as dead."""
        self.place.write(f"{kind}/{mark_id}", [b"\n"])

    def unmark(self, kind: str, mark_id: str) -> None:
        """It has ended."""
        self.place.remove(f"{kind}/{mark_id}")

    def marks(self, kind: str, since: datetime) -> list[str]:
        """Those who are at work, but for the dead."""
        return [name.rpartition("/")[2] for name, entry in self.place.entries(kind).items() if entry.at >= since]


class DigestDiffers(Exception):
    """Bytes are not what their name says."""


def new_id(at: datetime) -> str:
    """The name of a backup: sorted by name is sorted by time."""
    return f"{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def damaged_object(sha256: str, why: str, what_for: str | None = None) -> Problem:
    """The Problem of an object that is not as it was stored."""
    return Problem(
        "BACKUP004",
        f"An object of the backup {why}.",
        found=f"{_object(sha256)}{f' ({what_for})' if what_for else ''}",
        fix="Remove that object: the next `weft backup` stores it again where the mesh still has it. "
        "`weft backup verify` names all that are damaged.",
    )


def _object(sha256: str) -> str:
    return f"{_OBJECTS}/{sha256[:2]}/{sha256}"


def _held_to(sha256: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise DigestDiffers(sha256)
