"""The machine: Python, the libraries, and the space on the disk."""

import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from weft.workspace.examine.examination import Examination, State

LIBRARIES = ("duckdb", "pyarrow", "pyiceberg", "sqlalchemy", "sqlglot", "dlt", "ibis-framework")
LOW_SPACE_BYTES = 1_000_000_000


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
    state: State = "ok" if free > LOW_SPACE_BYTES else "warning"
    yield Examination(
        "disk", state, f"{free / 1e9:.1f} GB free", "Make room: weft maintain removes what is not needed."
    )
