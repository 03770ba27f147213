"""Master keys in a file that only its owner may read."""

import os
from pathlib import Path

from weft.base.keys.held_keys import HeldKeys, read_keys
from weft.base.keys.provider import KEY_FILE_OPEN, KEY_UNREADABLE
from weft.base.problem import Problem

_OTHERS = 0o077


def keys_of_file(path: Path) -> HeldKeys:
    """Read a key file.

    Raises:
        Problem: KEY003, others than its owner may read it; KEY005, it cannot be read or is no key file.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777  # of what is read, whatever its name says a moment later
            if mode & _OTHERS:
                raise Problem(
                    KEY_FILE_OPEN,
                    f'The key file "{path.name}" can be read or written by others than its owner.',
                    found=f"mode {mode:04o}",
                    expected="mode 0600 or 0400",
                    fix=f"chmod 600 {path}",
                )
            content = file.read()
    except OSError as error:
        raise Problem(
            KEY_UNREADABLE,
            f'The key file "{path.name}" cannot be read.',
            found=error.strerror,
            fix="See that it lies where `keys` of `encryption` in weft.yaml says; the path is relative to the mesh.",
        ) from None
    return read_keys(content.decode("utf-8", "replace"), f'the file "{path.name}"')
