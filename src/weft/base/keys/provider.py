"""What weft asks of a keeper of master keys.

A master key has a name and versions. It never encrypts data itself: it wraps data keys, so that a keeper that shows
its keys to nobody, such as a KMS, is asked once a process and not once a file.
"""

from typing import Protocol

from weft.base.problem import Problem

KEY_MISSING = "KEY001"
KEY_WRONG = "KEY002"
KEY_FILE_OPEN = "KEY003"
PROVIDER_UNKNOWN = "KEY004"
KEY_UNREADABLE = "KEY005"
SCRATCH_UNSAFE = "KEY006"


class KeyProvider(Protocol):
    """A keeper of master keys. What it raises besides a Problem is told as KEY005 without its words."""

    def current_version(self, master_key: str) -> str:
        """The version that new data keys are wrapped under.

        Raises:
            Problem: KEY001, there is no such key.
        """

    def wrap(self, master_key: str, version: str, data_key: bytes) -> bytes:
        """Encrypt a data key of 32 bytes under a version of a master key."""

    def unwrap(self, master_key: str, version: str, wrapped: bytes) -> bytes:
        """The data key that `wrap` was given.

        Raises:
            Problem: KEY001, this version is not there (any more); KEY002, it is another key.
        """


def missing_key(master_key: str, version: str | None = None) -> Problem:
    """The Problem of a master key, or a version of it, that its keeper does not have."""
    which = f'Version {version} of the master key "{master_key}"' if version else f'The master key "{master_key}"'
    return Problem(
        KEY_MISSING,
        f"{which} is not there.",
        fix="Bring it back to where `keys` of `encryption` in weft.yaml says. "
        "`weft keys status` tells what is encrypted under which version.",
    )


def wrong_key(master_key: str, version: str) -> Problem:
    """The Problem of a master key that is not the one that was used."""
    return Problem(
        KEY_WRONG,
        f'Version {version} of the master key "{master_key}" is not the key that these data were encrypted under.',
        fix="Bring back the former key under this version; a new key belongs under a new version.",
    )
