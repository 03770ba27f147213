"""Whether every file that a port's table needs is there and is what was written, those of all kept snapshots too."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import damaged_files, digest_in_name
from weft.lake.metadata_digest import is_damaged
from weft.lake.reachable import ReachableFiles

if TYPE_CHECKING:
    from weft.lake.iceberg_lake import Lake


def verify_files(lake: "Lake", port: PortName) -> Iterator[tuple[Path, str]]:
    """The files of a port that are not as they were written, each with what is wrong with it.

    Yields:
        A path and "is gone", "differs from its digest" or "cannot be read". Where metadata itself is damaged, what it
        leads to is not known and only that file is named.
    """
    try:
        state = lake.state(port)
        needed = ReachableFiles(state, lake.catalog.file_io).of_table() if state else set()
    except Problem as problem:
        yield Path(problem.found.split(" ")[0] if problem.found else str(port)), problem.what
        return
    present = []
    for path in sorted(needed):
        if path.exists():
            present.append(path)
        elif not path.name.startswith("files-"):  # a kept list is made again whenever it is missing
            yield path, "is gone"
    named = [str(path) for path in present if digest_in_name(path)]
    for damaged in damaged_files(named):
        yield Path(damaged), "differs from its digest"
    for path in present:
        if digest_in_name(path) is None and is_damaged(path, path.read_bytes()):
            yield path, "differs from its digest"
