"""Write the files of a backup into a folder, each held against its digest as it comes."""

import os
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from weft.base.stored_file import make_folder, sync_folder, told_as_problem
from weft.workspace.backup.file_list import CopiedFile
from weft.workspace.backup.store import Store

_AT_ONCE = 4
_SAY_EVERY = 500


def place_files(store: Store, files: Collection[CopiedFile], folder: Path, say: Callable[[str], None]) -> None:
    """Write every file and bring it to the disk.

    Raises:
        Problem: BACKUP004, an object is gone or damaged; FILE002, the disk does not take it.
    """
    folders = {folder / os.path.dirname(file.path) for file in files}  # noqa: PTH120 - relative
    with told_as_problem():
        for one in sorted(folders):
            make_folder(one)

    def place(file: CopiedFile) -> None:
        target = folder / file.path
        with told_as_problem(), target.open("xb") as opened:
            for chunk in store.chunks(file.stored):
                opened.write(chunk)
            opened.flush()
            os.fsync(opened.fileno())
        os.utime(target, ns=(file.mtime_ns, file.mtime_ns))

    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for done, _ in enumerate(pool.map(place, files), 1):
            if done % _SAY_EVERY == 0:
                say(f"Files: {done:,} of {len(files):,}")
    finally:
        pool.shutdown(cancel_futures=True)
    for one in folders:
        sync_folder(one)
