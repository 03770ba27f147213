"""What a publication is going to record, noted before it happens, so that ledger and tables never disagree for long.

Tables and ledger are two databases; no commit reaches both. So whoever publishes first writes a note with every fact
that the publication makes true, then commits, then records the facts, then removes the note. A process that ends in
between leaves the note. Whoever opens the mesh next finds by the publication's key whether it happened: then the facts
are recorded; else the note goes, with the files that were written for it.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.stored_file import make_folder, sync_folder, told_as_problem, write_whole
from weft.ledger.fact_json import fact_as_json, fact_from_json
from weft.ledger.facts import Fact, Published

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot

FOLDER = "pending"
_VERSION = 1


@dataclasses.dataclass(frozen=True)
class Note:
    """One publication that is about to happen."""

    port: PortName
    key: str  # of the publication; its snapshot carries the same
    run_id: str
    facts: tuple[Fact, ...]  # with no snapshot yet
    written: tuple[str, ...] = ()  # files of no use if it does not happen; relative to the storage folder
    renames: tuple[tuple[str, str], ...] = ()  # files that count from the publication on: present name, name then

    def facts_of(self, snapshot: "Snapshot") -> tuple[Fact, ...]:
        """The facts, now that the snapshot is known."""
        return tuple(_with_snapshot(fact, snapshot) for fact in self.facts)


def publication_key(run_id: str, port: PortName) -> str:
    """The key of what one run publishes of one port; a run publishes a port once."""
    return f"{run_id} {port}"


def pending_notes(storage: Path) -> list[Path]:
    """The notes of publications that nobody has finished; none is the rule."""
    try:
        return sorted(path for path in (storage / FOLDER).iterdir() if path.suffix == ".json")
    except FileNotFoundError:
        return []


def write_note(storage: Path, note: Note) -> Path:
    """Keep a note; it is on the disk itself when this returns.

    Raises:
        Problem: FILE002.
    """
    path = storage / FOLDER / f"{hashlib.sha256(note.key.encode()).hexdigest()[:24]}.json"
    content = {
        "version": _VERSION,
        "port": str(note.port),
        "key": note.key,
        "run": note.run_id,
        "facts": [fact_as_json(fact) for fact in note.facts],
        "written": list(note.written),
        "renames": [list(pair) for pair in note.renames],
    }
    with told_as_problem():
        make_folder(path.parent)
        write_whole(path, json.dumps(content).encode())
    return path


def read_note(path: Path) -> Note:
    """Read a note.

    Raises:
        ValueError, KeyError: it is none, or of another version.
    """
    content: dict[str, Any] = json.loads(path.read_bytes())
    if content["version"] != _VERSION:
        raise ValueError("a note of another version")
    return Note(
        port=PortName.parse(content["port"]),
        key=content["key"],
        run_id=content["run"],
        facts=tuple(fact_from_json(fact) for fact in content["facts"]),
        written=tuple(content["written"]),
        renames=tuple((before, after) for before, after in content["renames"]),
    )


def drop_note(path: Path) -> None:
    """The publication is recorded, or did not happen."""
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def relative(storage: Path, paths: Iterable[Path | str]) -> tuple[str, ...]:
    """Paths as they are kept in notes and facts."""
    return tuple(Path(path).relative_to(storage).as_posix() for path in paths)


def _with_snapshot(fact: Fact, snapshot: "Snapshot") -> Fact:
    if isinstance(fact, Published):
        return dataclasses.replace(
            fact, snapshot_id=snapshot.snapshot_id, parent_id=snapshot.parent_id, rows=snapshot.rows
        )
    if any(field.name == "snapshot_id" for field in dataclasses.fields(fact)):
        return dataclasses.replace(fact, snapshot_id=snapshot.snapshot_id)  # type: ignore[call-arg]
    return fact
