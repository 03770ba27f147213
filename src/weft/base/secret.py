"""Secrets by reference: `${env:NAME}` and `${file:PATH}` are replaced only where a value is used.

What is loaded, cached, compared and printed is the reference, never the secret behind it.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from weft.base.problem import Problem

_REFERENCE = re.compile(r"\$\{(env|file):([^}]*)\}")


def has_secret(text: str) -> bool:
    """Whether a text refers to a secret.

    >>> has_secret("postgresql://${env:DB_USER}@db/weft"), has_secret("data/calls.csv")
    (True, False)
    """
    return bool(_REFERENCE.search(text))


def resolve_secret(text: str, environ: Mapping[str, str] | None = None, base: Path | None = None) -> str:
    """Replace every reference of a text by what it refers to.

    Args:
        text: may hold `${env:NAME}` and `${file:PATH}`.
        environ: variables; default: those of this process, as they are now.
        base: folder that a relative PATH is looked up in; default: the working directory.

    Raises:
        Problem: SECRET001 the variable is not set, SECRET002 the file cannot be read.

    >>> resolve_secret("${env:DB_USER}@db", {"DB_USER": "ada"})
    'ada@db'
    """
    variables = os.environ if environ is None else environ
    return _REFERENCE.sub(lambda match: _value_of(match[1], match[2].strip(), variables, base), text)


def resolve_secrets(value: Any, environ: Mapping[str, str] | None = None, base: Path | None = None) -> Any:
    """The same for every text inside nested mappings and lists.

    >>> resolve_secrets({"user": "${env:U}", "port": 5432}, {"U": "ada"})
    {'user': 'ada', 'port': 5432}
    """
    if isinstance(value, str):
        return resolve_secret(value, environ, base)
    if isinstance(value, Mapping):
        return {key: resolve_secrets(item, environ, base) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve_secrets(item, environ, base) for item in value]
    return value


def _value_of(kind: str, name: str, variables: Mapping[str, str], base: Path | None) -> str:
    if kind == "env":
        if name not in variables:
            raise Problem(
                "SECRET001",
                f'The environment variable "{name}" is needed and not set.',
                fix=f"Set it before the command: export {name}=...",
            )
        return variables[name]
    path = (base or Path()) / Path(name).expanduser()
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise Problem(
            "SECRET002",
            f'The secret file "{name}" cannot be read: {_reason(error)}.',
            fix="Make the file readable by this user, or mend its path in the `${file:...}` reference.",
        ) from None  # the cause may quote the file's content


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "the system refuses"
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "the path is not valid"
