"""Master keys in a variable of the environment."""

from collections.abc import Mapping

from weft.base.keys.held_keys import HeldKeys, read_keys
from weft.base.keys.provider import KEY_MISSING
from weft.base.problem import Problem


def keys_of_variable(name: str, environ: Mapping[str, str]) -> HeldKeys:
    """Read keys out of a variable.

    Raises:
        Problem: KEY001, it is not set; KEY005, it holds no keys.
    """
    text = environ.get(name)
    if not text:
        raise Problem(
            KEY_MISSING,
            f'The variable "{name}" holds the master keys and is not set.',
            fix=f"Set it before the command: export {name}=...",
        )
    return read_keys(text, f'the variable "{name}"')
