"""Files that are written before a decision is recorded and count from then on: until then their names say so."""

from collections.abc import Iterable
from pathlib import Path

from weft.base.stored_file import sync_folder

_PENDING = ".pending"


def as_pending(path: Path) -> Path:
    """Give a file that was just written a name under which nobody reads it."""
    return path.rename(path.with_name(path.name + _PENDING))


def name_of(path: Path) -> Path:
    """The name under which a pending file is going to count.

    >>> name_of(Path("corrections/a.parquet.pending")).as_posix()
    'corrections/a.parquet'
    """
    return path.with_name(path.name.removesuffix(_PENDING))


def let_count(paths: Iterable[Path]) -> None:
    """From now on these files count."""
    for path in paths:
        path.replace(name_of(path))
        sync_folder(path.parent)
