"""Finish a replay whose process ended between its publication and its record.

Before it publishes, a replay notes what it is going to record. The publication names the run. So whoever comes next
can tell: it was published, then the note becomes facts; it was not, then the note and what was written for it go.
What was recorded is never done again, and its files stay.
"""

import dataclasses
import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.stored_file import sync_folder, write_whole
from weft.build.quarantine import forget_closed, quarantine_folder
from weft.ledger.facts import FACTS, Fact, RunEnded

if TYPE_CHECKING:
    from weft.lake.iceberg_lake import Lake
    from weft.ledger.ledger import Ledger

PENDING = ".pending"  # behind the name of a correction that counts once its replay is published
_KINDS = {kind.__name__: kind for kind in FACTS}
_INSTANTS = ("at", "held_at")


@dataclasses.dataclass(frozen=True)
class Note:
    """What a replay is going to record, and the files that it wrote for that."""

    run_id: str
    facts: tuple[Fact, ...]
    written: tuple[str, ...]  # relative to the storage folder; of no use where nothing was published
    corrections: tuple[str, ...] = ()  # the same; they count from the publication on


def write_note(storage: Path, port: PortName, note: Note) -> Path:
    """Keep a note until the replay is recorded."""
    path = quarantine_folder(storage, port) / "replays" / f"{note.run_id}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    facts = [{"kind": type(fact).__name__, "fact": _as_json(fact)} for fact in note.facts]
    content = {
        "run": note.run_id,
        "facts": facts,
        "written": list(note.written),
        "corrections": list(note.corrections),
    }
    write_whole(path, json.dumps(content, indent=1).encode())
    return path


def settle_replays(ledger: "Ledger", lake: "Lake", storage: Path, port: PortName) -> None:
    """Finish or undo what replays of a port left behind. The caller holds the build lock."""
    for path in sorted((quarantine_folder(storage, port) / "replays").glob("*.json")):
        note = _read(path)
        if ledger.count(RunEnded, run_id=note.run_id):
            finish(ledger, storage, port, path, note)
            continue
        snapshot = next((s for s in lake.snapshots(port) if s.properties.get("weft.run") == note.run_id), None)
        if snapshot is None:
            undo(storage, path, note)
            continue
        facts = [_published_as(fact, snapshot.snapshot_id, snapshot.rows) for fact in note.facts]
        finish(ledger, storage, port, path, dataclasses.replace(note, facts=tuple(facts)))


def finish(ledger: "Ledger", storage: Path, port: PortName, path: Path, note: Note) -> None:
    """Record what was published; doing it twice records it once."""
    for name in note.corrections:
        correction = storage / name
        if correction.exists():
            correction.replace(correction.with_name(correction.name.removesuffix(PENDING)))
            sync_folder(correction.parent)
    if not ledger.count(RunEnded, run_id=note.run_id):
        ledger.record(*note.facts)
    path.unlink()
    forget_closed(ledger, storage, port)


def undo(storage: Path, path: Path, note: Note) -> None:
    """Remove what was written for a replay that was not published."""
    for name in (*note.written, *note.corrections):
        (storage / name).unlink(missing_ok=True)
        (storage / name.removesuffix(PENDING)).unlink(missing_ok=True)
    path.unlink()


def relative(storage: Path, paths: Iterable[Path | str]) -> tuple[str, ...]:
    """Paths as they are kept in notes and facts."""
    return tuple(Path(path).relative_to(storage).as_posix() for path in paths)


def _published_as(fact: Fact, snapshot_id: int, rows: int) -> Fact:
    if "snapshot_id" not in {field.name for field in dataclasses.fields(fact)}:
        return fact
    return dataclasses.replace(fact, snapshot_id=snapshot_id, rows=rows)  # type: ignore[call-arg]


def _read(path: Path) -> Note:
    content = json.loads(path.read_text(encoding="utf-8"))
    facts = tuple(_KINDS[entry["kind"]](**_from_json(entry["fact"])) for entry in content["facts"])
    return Note(content["run"], facts, tuple(content["written"]), tuple(content["corrections"]))


def _as_json(fact: Fact) -> dict[str, Any]:
    found = {field.name: getattr(fact, field.name) for field in dataclasses.fields(fact)}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in found.items()}


def _from_json(data: dict[str, Any]) -> dict[str, Any]:
    def value(name: str, given: Any) -> Any:
        if name in _INSTANTS and given is not None:
            return datetime.fromisoformat(given)
        return tuple(given) if isinstance(given, list) else given

    return {name: value(name, given) for name, given in data.items()}
