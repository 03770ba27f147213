"""Read `keys:` of an environment: `file:/path`, `env:NAME` or `kms:<entry point>`."""

from collections.abc import Mapping
from pathlib import Path

from weft.base.keys.key_file import keys_of_file
from weft.base.keys.key_variable import keys_of_variable
from weft.base.keys.kms import kms_of_entry_point
from weft.base.keys.provider import PROVIDER_UNKNOWN, KeyProvider
from weft.base.problem import Problem


def open_keys(declared: str, base: Path, environ: Mapping[str, str]) -> KeyProvider:
    """The keeper of master keys that a setting names.

    Args:
        declared: the setting.
        base: folder that a file's path is relative to.
        environ: variables of the process.

    Raises:
        Problem: KEY001, KEY003, KEY004, KEY005.
    """
    kind, _, place = declared.partition(":")
    if place and kind == "file":
        return keys_of_file(base / Path(place).expanduser())
    if place and kind == "env":
        return keys_of_variable(place, environ)
    if place and kind == "kms":
        return kms_of_entry_point(place)
    raise Problem(
        PROVIDER_UNKNOWN,
        "`keys` of `encryption` names no place of keys.",  # not shown: somebody may have written the key itself
        expected="file:/path, env:NAME or kms:<entry point>",
        fix="Mend `keys` in weft.yaml.",
    )
