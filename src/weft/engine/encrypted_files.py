"""Which of the files that a session reads are encrypted, and under which key."""

import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from weft.base.keys.data_key import DataKey
from weft.base.keys.provider import KEY_UNREADABLE
from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.base.stored_file import told_as_problem
from weft.engine.keyed_paths import KeyedPaths
from weft.engine.page_decryption import open_file
from weft.engine.page_encryption import CryptoNote, crypto_note


class EncryptedFiles:
    """The keys and opened files of one session.

    Args:
        vault: the environment's data keys.
        folder: where a file is opened that the engine cannot read encrypted; lies on a file system that forgets.
        tell_key: makes a key known to the session, by name.
    """

    def __init__(self, vault: Vault, folder: Path, tell_key: Callable[[str, bytes], None]) -> None:
        self._vault = vault
        self._folder = folder
        self._tell_key = tell_key
        self._told: set[str] = set()
        self._opened: dict[str, str] = {}

    @property
    def opened_paths(self) -> list[str]:
        """Plain files of this session that stand for encrypted ones."""
        return list(self._opened.values())

    def by_key(self, paths: Sequence[str]) -> list[KeyedPaths]:
        """The files in their order, neighbours of one key together.

        Raises:
            Problem: KEY001 to KEY005, a key cannot be had.
        """
        found = list(self._each(paths))
        return [
            KeyedPaths(tuple(path for path, _ in files), key)
            for key, files in itertools.groupby(found, key=lambda one: one[1])
        ]

    def _each(self, paths: Sequence[str]) -> Iterator[tuple[str, str | None]]:
        for path in paths:
            if (opened := self._opened.get(path)) is not None:
                yield opened, None
                continue
            note = _note(path)
            if note is None:
                yield path, None
                continue
            key = self._vault.key_of(note.material)
            if not note.is_for_engine:
                yield self._open(path, note, key), None
                continue
            if key.id not in self._told:
                self._tell_key(key.id, key.secret)
                self._told.add(key.id)
            yield path, key.id

    def _open(self, path: str, note: CryptoNote, key: DataKey) -> str:
        with told_as_problem():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            target = self._folder / f"opened-{uuid.uuid4().hex}.parquet"
            open_file(Path(path), target, note, key)
        self._opened[path] = str(target)
        return str(target)


def _note(path: str) -> CryptoNote | None:
    try:
        return crypto_note(path)
    except OSError:
        return None  # whoever opens it tells better that it is not there
    except (ValueError, IndexError, AttributeError):
        raise Problem(
            KEY_UNREADABLE,
            f'"{Path(path).name}" is no Parquet file that weft can open.',
            fix="Bring the file back from a backup.",
        ) from None
