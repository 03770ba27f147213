"""Refuse a storage folder that was moved or copied: its tables would still be those of the folder that it came from.

Iceberg's metadata names files by their whole path. A copy would publish into the original, and `weft maintain` in
the copy would remove the original's files as orphans.
"""

from pathlib import Path

from weft.base.problem import Problem
from weft.base.stored_file import told_as_problem, write_whole

_NOTE = "made-at"


def hold_storage_place(storage: Path) -> None:
    """Note where the storage folder is when its tables are first opened, and hold it to that from then on.

    Raises:
        Problem: LAKE007, it was made at another path.
    """
    note, here = storage / _NOTE, storage.resolve()
    try:
        made_at = Path(note.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        note_storage_place(storage, here)
        return
    if made_at == here or (made_at.exists() and made_at.samefile(here)):
        return
    raise Problem(
        "LAKE007",
        "The storage folder was moved or copied; the tables in its catalogue are still those of the folder it was.",
        found=f"made at {made_at}, now at {here}",
        fix=f"Move it back, or remove {here} and run `weft build`: what is declared is made again.",
    )


def note_storage_place(folder: Path, place: Path) -> None:
    """Note where a storage folder is, or where it is going to be.

    Raises:
        Problem: FILE002.
    """
    # Whole and synced: half a note after a power cut would lock everybody out.
    with told_as_problem():
        write_whole(folder / _NOTE, f"{place}\n".encode())
