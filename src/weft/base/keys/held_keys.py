"""Master keys that weft itself holds in memory: their text form, and AES key wrap (RFC 3394) with them.

The text form is JSON, versions of each key by its name, 32 bytes each in base64, the last version being the current
one: `{"main": {"1": "...", "2": "..."}}`. A lone base64 text is version 1 of whatever name is asked for.
"""

import base64
import binascii
import json
from collections.abc import Mapping

from weft.base.keys.provider import KEY_UNREADABLE, missing_key, wrong_key
from weft.base.problem import Problem

KEY_BYTES = 32
_ANY_NAME = "*"


class HeldKeys:
    """Master keys by name and version.

    Args:
        versions_by_key: 32 bytes each, the current version last.
    """

    def __init__(self, versions_by_key: Mapping[str, Mapping[str, bytes]]) -> None:
        self._versions_by_key = versions_by_key

    def __repr__(self) -> str:
        return f"HeldKeys({len(self._versions_by_key)} keys)"

    def current_version(self, master_key: str) -> str:
        """The version written last."""
        return list(self._versions(master_key))[-1]

    def wrap(self, master_key: str, version: str, data_key: bytes) -> bytes:
        """AES key wrap."""
        from cryptography.hazmat.primitives.keywrap import aes_key_wrap

        return aes_key_wrap(self._master(master_key, version), data_key)

    def unwrap(self, master_key: str, version: str, wrapped: bytes) -> bytes:
        """AES key unwrap, which tells a wrong key by itself."""
        from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

        try:
            return aes_key_unwrap(self._master(master_key, version), wrapped)
        except (InvalidUnwrap, ValueError):
            raise wrong_key(master_key, version) from None

    def _versions(self, master_key: str) -> Mapping[str, bytes]:
        found = self._versions_by_key.get(master_key) or self._versions_by_key.get(_ANY_NAME)
        if not found:
            raise missing_key(master_key)
        return found

    def _master(self, master_key: str, version: str) -> bytes:
        found = self._versions(master_key).get(version)
        if found is None:
            raise missing_key(master_key, version)
        return found


def read_keys(text: str, where: str) -> HeldKeys:
    """Read the text form.

    Args:
        text: what a file or a variable holds.
        where: for people: the file's or the variable's name.

    Raises:
        Problem: KEY005, it is no such text. Nothing of it is shown.
    """
    text = text.strip()
    try:
        if not text.startswith("{"):
            return HeldKeys({_ANY_NAME: {"1": _key_of(text)}})
        told = json.loads(text)
        keys = {
            str(name): {str(version): _key_of(key) for version, key in versions.items()}
            for name, versions in told.items()
        }
        if not keys or not all(keys.values()):
            raise ValueError("no key")
    except (ValueError, AttributeError, TypeError):
        raise Problem(
            KEY_UNREADABLE,
            f"The keys in {where} cannot be read.",
            expected='{"main": {"1": "<32 bytes in base64>"}}, or one key in base64 alone',
            fix="Make a key with: python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())'",
        ) from None
    return HeldKeys(keys)


def _key_of(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if len(key) != KEY_BYTES:
        raise ValueError("not 32 bytes")
    return key
