"""The data keys of one environment: wrapped in one file of the storage, in clear in memory only.

There is one data key for each version of the master key, so that all files of a table can be read at once. A new
version of the master key brings a new data key for whatever is written from then on; wrapping the former ones under
the new version (`rewrap`) lets the former version be retired without a file being touched.
"""

import base64
import fcntl
import json
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from weft.base.keys.data_key import DataKey, WrappedKey, read_material
from weft.base.keys.held_keys import KEY_BYTES
from weft.base.keys.provider import KEY_UNREADABLE, KEY_WRONG, KeyProvider
from weft.base.problem import Problem
from weft.base.stored_file import make_folder, write_whole

KEYS_FILE = "data-keys.json"


class Vault:
    """Data keys by id.

    Args:
        storage: the environment's folder, in which the wrapped keys are kept.
        provider: the keeper of master keys.
        master_key: name of the one that this environment uses.
        scratch: folder for what is needed in clear for a moment, on a file system that does not keep it.
    """

    def __init__(self, storage: Path, provider: KeyProvider, master_key: str, scratch: Path) -> None:
        self.scratch = scratch
        self.master_key = master_key
        self._file = storage / KEYS_FILE
        self._provider = provider
        self._known: dict[str, DataKey] = {}
        self._current: DataKey | None = None
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"Vault({self.master_key})"

    def current(self) -> DataKey:
        """The key for what is written now; one is made for each new version of the master key.

        Raises:
            Problem: KEY001 to KEY005.
        """
        with self._lock:
            if self._current is None:
                version = self.current_version()
                self._current = self._newest(version) or self._made(version)
            return self._current

    def current_version(self) -> str:
        """The version of the master key that new data keys are wrapped under."""
        return self._provider.current_version(self.master_key)

    def key_of(self, material: bytes) -> DataKey:
        """The key of a file, by what the file itself says of it.

        Raises:
            Problem: KEY001 to KEY005.
        """
        told = read_material(material)
        with self._lock:
            known = self._known.get(told.id)
            if known is None:
                # Our own note wins: it may have been wrapped anew since the file was written.
                wrapped = next((key for key in self.wrapped_keys() if key.id == told.id), told)
                known = self._known[told.id] = self._opened(wrapped)
            return known

    def wrapped_keys(self) -> list[WrappedKey]:
        """Every data key of this environment, the newest last."""
        try:
            told = json.loads(self._file.read_text(encoding="utf-8"))
            return [
                WrappedKey(one["id"], one["master_key"], one["version"], base64.b64decode(one["wrapped"]))
                for one in told["keys"]
            ]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError):
            raise Problem(
                KEY_UNREADABLE,
                f"{KEYS_FILE} in the storage folder cannot be read.",
                fix="Bring it back from a backup. Each encrypted file carries its own wrapped key too: without "
                f"{KEYS_FILE} they can be read as long as the version of the master key is there that wrapped it.",
            ) from None

    def rewrap(self) -> int:
        """Wrap every data key under the current version of the master key; returns how many were changed."""
        with self._lock, self._alone():
            version = self.current_version()
            before = self.wrapped_keys()
            after = [key if key.version == version else self._wrapped_anew(key, version) for key in before]
            changed = sum(old != new for old, new in zip(before, after, strict=True))
            if changed:
                self._write(after)
            return changed

    def _newest(self, version: str) -> DataKey | None:
        """The newest key, if it was made for this version: one that was wrapped anew is older than it."""
        found = [key for key in self.wrapped_keys() if key.id.startswith(f"{version}-") and key.version == version]
        return self._opened(found[-1]) if found else None

    def _made(self, version: str) -> DataKey:
        with self._alone():
            if found := self._newest(version):  # another process made it meanwhile
                return found
            secret = os.urandom(KEY_BYTES)
            wrapped = self._provider.wrap(self.master_key, version, secret)
            key = WrappedKey(f"{version}-{uuid.uuid4().hex[:12]}", self.master_key, version, wrapped)
            self._write([*self.wrapped_keys(), key])
            return self._opened(key)

    def _opened(self, key: WrappedKey) -> DataKey:
        secret = self._provider.unwrap(key.master_key, key.version, key.wrapped)
        if len(secret) != KEY_BYTES:
            raise Problem(KEY_WRONG, f'The master key "{key.master_key}" gives no data key.', found=key.version)
        return DataKey(key.id, secret, key.material)

    def _wrapped_anew(self, key: WrappedKey, version: str) -> WrappedKey:
        secret = self._opened(key).secret
        return WrappedKey(key.id, self.master_key, version, self._provider.wrap(self.master_key, version, secret))

    def _write(self, keys: list[WrappedKey]) -> None:
        told: list[dict[str, Any]] = [
            {
                "id": key.id,
                "master_key": key.master_key,
                "version": key.version,
                "wrapped": base64.b64encode(key.wrapped).decode(),
            }
            for key in keys
        ]
        write_whole(self._file, json.dumps({"keys": told}, indent=1).encode())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold other processes off while the file is changed."""
        make_folder(self._file.parent)
        with self._file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
