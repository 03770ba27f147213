"""Look over a machine and a mesh and say what is not in order; nothing is changed."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from weft.base.counted import counted
from weft.base.problem import Problem, Severity
from weft.workspace.workspace import Workspace

LIBRARIES = ("duckdb", "pyarrow", "pyiceberg", "sqlalchemy", "sqlglot", "dlt", "ibis-framework")
LOW_SPACE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Examination:
    """One thing that was looked at."""

    subject: str
    state: Literal["ok", "warning", "failed"]
    what: str
    fix: str | None = None

    def as_json(self) -> dict[str, str | None]:
        """The same for a machine."""
        return asdict(self)


def examine_machine(folder: Path) -> Iterator[Examination]:
    """Python, the libraries, and the space on the disk that holds `folder`."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield Examination("python", "ok" if sys.version_info >= (3, 11) else "failed", python, "Use Python 3.11 or later.")
    for library in LIBRARIES:
        try:
            yield Examination(library, "ok", version(library))
        except PackageNotFoundError:
            yield Examination(library, "failed", "not installed", f"pip install {library}")
    free = shutil.disk_usage(folder).free
    state: Literal["ok", "warning"] = "ok" if free > LOW_SPACE_BYTES else "warning"
    yield Examination(
        "disk", state, f"{free / 1e9:.1f} GB free", "Make room: weft maintain removes what is not needed."
    )


def examine_mesh(workspace: Workspace) -> Iterator[Examination]:
    """The mesh's files, its storage, ledger and catalogue, and that every published file is there."""
    mesh = workspace.mesh
    errors = [problem for problem in mesh.problems if problem.severity is Severity.ERROR]
    products = counted(len(mesh.products), "product")
    if errors:
        yield Examination(
            "mesh", "failed", f"{products}, {counted(len(errors), 'error')} in its files", "weft check names each."
        )
    else:
        yield Examination("mesh", "ok", f"{mesh.name}: {products}")
    yield from _storage(workspace)
    try:
        _ = workspace.ledger
        yield Examination("ledger", "ok", "answers")
    except Problem as problem:
        yield Examination("ledger", "failed", problem.what, problem.fix)
    try:
        yield from _published_files(workspace)
    except Problem as problem:
        yield Examination("catalogue", "failed", problem.what, problem.fix)


def _storage(workspace: Workspace) -> Iterator[Examination]:
    storage = workspace.storage
    if not storage.exists():
        yield Examination("storage", "ok", "not there yet; the first build makes it")
        return
    probe = storage / ".doctor"
    try:
        probe.write_bytes(b"weft")
        probe.unlink()
        yield Examination("storage", "ok", f"{storage.name} can be written")
    except OSError as error:
        yield Examination(
            "storage", "failed", f"cannot be written: {error.strerror}", f"Check the rights of {storage}."
        )


def _published_files(workspace: Workspace) -> Iterator[Examination]:
    published, missing = 0, 0
    for port in workspace.mesh.output_ports():
        files = workspace.lake.files(port.name)
        if files is None:
            continue
        published += 1
        absent = sum(not Path(path.removeprefix("file://")).exists() for path in files.paths)
        if absent:
            missing += absent
            yield Examination(
                f"port {port.name}",
                "failed",
                f"{absent} of {len(files.paths)} files are not there",
                f"Bring them back from a backup, or build anew: weft build --full {port.name.product_name}",
            )
    if not missing:
        yield Examination("catalogue", "ok", f"{counted(published, 'port')} published, all files there")
