"""A loaded mesh kept in a file, so that a command that changes nothing need not read a thousand files again.

The cache is found again by the path, size and time of every file; nothing is lost when it is removed, and a broken
one is read as none. It lies in a folder that may come with a repository, so what it may build is a closed list.
"""

import contextlib
import dataclasses
import enum
import hashlib
import importlib
import io
import os
import pickle
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

import weft
from weft.spec.load import apply_environment, find_mesh_root, read_mesh
from weft.spec.mesh import Mesh
from weft.spec.mesh_files import Layout, Memory, MeshFiles, find_layout

FILE_NAME = "mesh.pickle"
_FORMAT = 2  # raise it when a dataclass below Mesh changes within one version of weft
_CLOCK_TICK_NS = 50_000_000  # file systems keep times in ticks: a file changed twice within one looks unchanged


@dataclasses.dataclass(frozen=True)
class _Kept:
    key: str
    mesh: Mesh
    memory: Memory  # what costly checks said of each file, found again by its content


def load_mesh_cached(root: Path, cache_folder: Path, *, environ: Mapping[str, str] = os.environ) -> Mesh:
    """As `load_mesh`, from the cache where no file was added, removed or changed.

    Args:
        root: the mesh's folder or one below it.
        cache_folder: where the cache lies; made where it is absent.
        environ: variables of the process; `WEFT_*` win over weft.yaml and are never cached.

    Raises:
        Problem: SPEC001 where there is no mesh.
    """
    found = find_mesh_root(root)
    layout = find_layout(found)
    started_ns = time.time_ns()
    key, newest_ns = _key(found, layout)
    path = cache_folder / FILE_NAME
    kept = _read(path)
    if kept is not None and kept.key == key:
        return apply_environment(kept.mesh, environ)
    files = MeshFiles(found, memory=dict(kept.memory) if kept is not None else {})
    mesh = read_mesh(found, layout, files)
    if newest_ns < started_ns - _CLOCK_TICK_NS:
        _write(path, _Kept(key, mesh, files.memory_of_read_files()))
    return apply_environment(mesh, environ)


def _key(root: Path, layout: Layout) -> tuple[str, int]:
    """What the cache is found by, and the time of the newest file in nanoseconds."""
    digest = hashlib.sha256(f"{_FORMAT} {weft.__version__} {sys.version} {root}\n".encode())
    newest = 0
    base = str(root)
    for path in (*layout.paths(), *layout.folders_without_product()):
        try:
            status = os.stat(f"{base}/{path}")  # noqa: PTH116  # ten times as quick as Path.stat for a thousand files
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\0{status.st_ino}\n".encode())
            newest = max(newest, status.st_mtime_ns)
        except OSError:
            digest.update(f"{path}\0absent\n".encode())
    return digest.hexdigest(), newest


def _read(path: Path) -> _Kept | None:
    try:
        content = path.read_bytes()
        kept = _CarefulUnpickler(io.BytesIO(content)).load()
    except Exception:  # whatever a broken, foreign or older file makes of it: the mesh is read anew
        return None
    return kept if isinstance(kept, _Kept) else None


def _write(path: Path, kept: _Kept) -> None:
    """Replace the cache as a whole; a folder that cannot be written only costs the next command its time."""
    with contextlib.suppress(OSError, pickle.PicklingError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "wb") as stream:
                pickle.dump(kept, stream, protocol=pickle.HIGHEST_PROTOCOL)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


class _CarefulUnpickler(pickle.Unpickler):
    """Builds the declared mesh's own dataclasses and enums, paths, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if module in ("pathlib", "pathlib._local") and name in ("PosixPath", "WindowsPath"):
            return type(Path()) if name == type(Path()).__name__ else PurePath
        if module.startswith(("weft.spec.", "weft.base.")) and "." not in name:
            found = getattr(importlib.import_module(module), name, None)
            if isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, enum.Enum)):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a cached mesh")
