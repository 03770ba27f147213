"""Encrypted files of a session, opened where the disk keeps nothing of them; they go with the session.

DuckDB 1.5 reads Parquet's own encryption in part only; see docs/decisions/0014-encryption-at-rest.md.
"""

import uuid
from collections.abc import Sequence
from pathlib import Path

from weft.base.keys.provider import KEY_UNREADABLE
from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.base.stored_file import told_as_problem
from weft.engine.page_decryption import open_file
from weft.engine.page_encryption import CryptoNote, crypto_note


class OpenedFiles:
    """What a session reads instead of encrypted files.

    Args:
        vault: the environment's data keys.
        folder: where files are opened: in memory, or on a disk that is encrypted itself.
    """

    def __init__(self, vault: Vault, folder: Path) -> None:
        self._vault = vault
        self._folder = folder
        self._opened: dict[str, str] = {}

    @property
    def paths(self) -> list[str]:
        """All that were opened so far."""
        return list(self._opened.values())

    def readable(self, paths: Sequence[str]) -> tuple[str, ...]:
        """Each file that is in clear itself, and for each that is encrypted its opened form.

        Raises:
            Problem: KEY001 to KEY005, a key cannot be had; KEY002, a file was changed.
        """
        return tuple(self._opened.get(path) or self._readable(path) for path in paths)

    def _readable(self, path: str) -> str:
        note = _note(path)
        if note is None:
            return path
        key = self._vault.key_of(note.material)
        target = self._folder / f"opened-{uuid.uuid4().hex}.parquet"
        with told_as_problem():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                open_file(Path(path), target, note, key)
            except BaseException:
                target.unlink(missing_ok=True)
                raise
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
