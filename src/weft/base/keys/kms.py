"""Master keys in a key management service, reached through a provider that a package registers.

The package names a class without arguments in the entry point group `weft.key_providers`; see
`weft.base.keys.provider.KeyProvider` for what it must do. The service sees data keys of 32 bytes and wraps them; master
keys never leave it.
"""

from typing import Any

from weft.base.keys.provider import KEY_UNREADABLE, PROVIDER_UNKNOWN, KeyProvider
from weft.base.names import did_you_mean
from weft.base.problem import Problem

ENTRY_POINT_GROUP = "weft.key_providers"


class Kms:
    """A registered provider; its errors are told without their words, which may hold what nobody should see."""

    def __init__(self, name: str, provider: KeyProvider) -> None:
        self._name = name
        self._provider = provider

    def __repr__(self) -> str:
        return f"Kms({self._name})"

    def current_version(self, master_key: str) -> str:
        """As the service says."""
        return str(self._told("current_version", master_key))

    def wrap(self, master_key: str, version: str, data_key: bytes) -> bytes:
        """As the service does."""
        return bytes(self._told("wrap", master_key, version, data_key))

    def unwrap(self, master_key: str, version: str, wrapped: bytes) -> bytes:
        """As the service does."""
        return bytes(self._told("unwrap", master_key, version, wrapped))

    def _told(self, verb: str, *arguments: Any) -> Any:
        try:
            return getattr(self._provider, verb)(*arguments)
        except Problem:
            raise
        except Exception as error:
            raise Problem(
                KEY_UNREADABLE,
                f'The key service "{self._name}" did not answer.',
                found=type(error).__name__,
                fix="See that it can be reached from here and that its credentials are set, then run the same again.",
            ) from None


def kms_of_entry_point(name: str) -> Kms:
    """The provider that a package registered under a name.

    Raises:
        Problem: KEY004, none did; KEY005, it cannot be made.
    """
    from importlib.metadata import entry_points

    found = {point.name: point for point in entry_points(group=ENTRY_POINT_GROUP)}
    if name not in found:
        raise Problem(
            PROVIDER_UNKNOWN,
            f'No package registers a key provider "{name}".',
            expected=f"one of {', '.join(sorted(found))}" if found else "an entry point weft.key_providers",
            fix=did_you_mean(name, found) or "Install the package that has it.",
        )
    try:
        return Kms(name, found[name].load()())
    except Problem:
        raise
    except Exception as error:
        raise Problem(
            KEY_UNREADABLE, f'The key provider "{name}" cannot be started.', found=type(error).__name__
        ) from None
