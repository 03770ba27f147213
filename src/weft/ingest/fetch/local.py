"""Files of this machine; a path may hold `*`, `?`, `[...]` and `**`."""

import glob
import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.ingest.content_store import chunks_of
from weft.ingest.fetch.found import Download, Found, Sign


def find(path: str, mesh_root: Path, place: Place) -> list[Found]:
    """The files that a path or pattern names, sorted by name."""
    pattern = str(mesh_root / Path(path).expanduser())
    literal = Path(pattern)
    matches = [literal] if literal.exists() else [Path(match) for match in glob.glob(pattern, recursive=True)]  # noqa: PTH207 (absolute patterns)
    files = sorted(match for match in matches if match.is_file())
    if not files:
        raise _nothing_there(path, literal, place)
    return [_found(file, mesh_root, place) for file in files]


def _found(file: Path, mesh_root: Path, place: Place) -> Found:
    location = file.relative_to(mesh_root).as_posix() if file.is_relative_to(mesh_root) else str(file)
    return Found(location, partial(_open, file, location, place), _sign(file))


def _sign(file: Path) -> Sign:
    status = file.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns}


def _open(file: Path, location: str, place: Place, seen: Sign | None) -> Download:
    try:
        before = _sign(file)
        if not os.access(file, os.R_OK):
            raise PermissionError
    except OSError:
        raise Problem(
            "SOURCE006",
            f'The file "{location}" cannot be read.',
            place,
            fix="Give this user the right to read it.",
        ) from None

    def chunks() -> Iterator[bytes]:
        yield from chunks_of(file)
        if _sign(file) != before:
            raise Problem(
                "SOURCE006",
                f'The file "{location}" changed while it was read.',
                place,
                fix="Let it be written under another name and renamed when it is whole; then build again.",
            )

    return Download(chunks(), lambda: before)


def _nothing_there(path: str, literal: Path, place: Place) -> Problem:
    if literal.is_dir():
        return Problem(
            "SOURCE005",
            f'The source\'s path "{path}" is a folder.',
            place,
            fix=f"Name its files, such as {path.rstrip('/')}/*.csv",
        )
    folder = literal.parent
    siblings = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    return Problem(
        "SOURCE005",
        f'No file is at the source\'s path "{path}".',
        place,
        found=None if folder.is_dir() or glob.has_magic(str(folder)) else "its folder does not exist either",
        fix=did_you_mean(literal.name, siblings) or "Mend the path (it is relative to the mesh), or bring the file.",
    )
