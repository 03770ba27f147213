"""Open an environment's keys, and the place where data may lie in clear for a moment."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from weft.base.keys.open_keys import open_keys
from weft.base.keys.provider import SCRATCH_UNSAFE
from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.base.secret import resolve_secret
from weft.spec.mesh import EncryptionSettings

_MEMORY = Path("/dev/shm")
_OF_SESSION = re.compile(r"weft-(?:spill|scratch)-(\d+)-")


def open_vault(declared: EncryptionSettings, storage: Path, mesh_root: Path, environ: Mapping[str, str]) -> Vault:
    """The data keys of an environment.

    Args:
        declared: its settings.
        storage: its folder.
        mesh_root: what relative paths start from.
        environ: variables of the process.

    Raises:
        Problem: KEY001 to KEY005, keys cannot be had; KEY006, there is no place for what lies in clear for a moment.
    """
    provider = open_keys(resolve_secret(declared.keys, environ, mesh_root), mesh_root, environ)
    scratch = _scratch(mesh_root / declared.scratch if declared.scratch else None)
    _remove_leftovers(scratch)
    return Vault(storage, provider, declared.key, scratch)


def _scratch(declared: Path | None) -> Path:
    if declared is not None:
        declared.mkdir(mode=0o700, parents=True, exist_ok=True)
        return declared.absolute()
    if not (_MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and _is_memory(_MEMORY)):
        raise Problem(
            SCRATCH_UNSAFE,
            "There is no place for what lies in clear for a moment: rows that the engine spills, files being landed.",
            expected="a file system in memory at /dev/shm, or `scratch` of `encryption`",
            fix="Set `scratch` to a folder on a file system in memory, or on an encrypted disk.",
        )
    folder = _MEMORY / f"weft-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
        raise Problem(
            SCRATCH_UNSAFE,
            f"{folder} belongs to somebody else, or others may look into it.",
            fix=f"chmod 700 {folder}, or set `scratch` of `encryption` to a folder of your own.",
        )
    return folder


def _is_memory(folder: Path) -> bool:
    """Whether a mount is a file system in memory."""
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    return any(fields[1:3] == [str(folder), "tmpfs"] for fields in (line.split() for line in mounts))


def _remove_leftovers(scratch: Path) -> None:
    """Remove what processes left that were killed: nothing of it may stay in clear."""
    import shutil

    for folder in scratch.glob("weft-*"):
        found = _OF_SESSION.match(folder.name)
        if found and not Path(f"/proc/{found[1]}").exists() and Path("/proc/self").exists():
            shutil.rmtree(folder, ignore_errors=True)
