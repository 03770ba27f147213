"""Publish files and record that, as one step: after a crash at any point, both happened or neither."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from weft.base.data_files import Field, WrittenFile
from weft.base.problem import Problem
from weft.base.stored_file import sync_folder
from weft.build.publish.publication_note import Note, drop_note, pending_notes, read_note, write_note
from weft.lake.snapshot import PUBLICATION_KEY
from weft.ledger.facts import Published

if TYPE_CHECKING:
    from weft.lake.iceberg_lake import Lake
    from weft.lake.snapshot import Snapshot
    from weft.ledger.ledger import Ledger

LOCK = "publishing.lock"


def publish_once(
    lake: "Lake",
    ledger: "Ledger",
    storage: Path,
    note: Note,
    fields: Sequence[Field],
    files: Sequence[WrittenFile],
    *,
    mode: Literal["replace", "append"],
    parent: int | None,
    properties: Mapping[str, str],
) -> "Snapshot":
    """Commit files as a port's table and record the note's facts.

    Args:
        lake: the tables.
        ledger: what remembers.
        storage: the folder of both.
        note: the publication's key, and the facts that it makes true.
        fields: of the table.
        files: to publish.
        mode: "replace" or "append".
        parent: the snapshot that the builder read; None where the port was never published.
        properties: kept with the snapshot, beside the key.

    Raises:
        Problem: LAKE002, somebody published since `parent`, and others of `Lake.publish`: nothing was published, and
            `note.written` is removed; LEDGER003, it was published and the ledger does not answer: the next command
            records it.
    """
    from weft.lake.iceberg_catalog import CatalogGone

    with publishing(storage):
        path = write_note(storage, note)
        try:
            snapshot = lake.publish(
                note.port, fields, files, mode=mode, parent=parent, properties={**properties, PUBLICATION_KEY: note.key}
            )
        except CatalogGone:
            # Not even asking says whether it happened: SQLite keeps what it could not sync, and may find it whole
            # when it is opened anew. The note stays, and whoever opens the mesh next settles it.
            raise
        except BaseException:
            _give_up(lake, storage, path, note)
            raise
        _finish(ledger, storage, path, note, snapshot)
    return snapshot


def settle_publications(lake: "Lake", ledger: "Ledger", storage: Path) -> int:
    """Finish or undo what processes left behind that ended while they published; returns how many there were.

    Only while nobody else may publish: the caller holds the build lock.

    Raises:
        Problem: LAKE001 or LEDGER003, a database does not answer; the notes stay for the next time.
    """
    left = pending_notes(storage)
    for path in left:
        try:
            note = read_note(path)
        except (ValueError, KeyError):  # damaged, or of another weft: whether it happened can still be asked of nobody
            path.rename(path.with_suffix(".unreadable"))
            continue
        snapshot = lake.publication(note.port, note.key)
        if snapshot is None:
            _undo(storage, path, note)
        else:
            _finish(ledger, storage, path, note, snapshot)
    return len(left)


@contextmanager
def publishing(storage: Path) -> Iterator[None]:
    """Let nobody else publish, nor copy tables and ledger, while the block runs."""
    from filelock import FileLock

    with FileLock(storage / LOCK):
        yield


def _finish(ledger: "Ledger", storage: Path, path: Path, note: Note, snapshot: "Snapshot") -> None:
    for before, after in note.renames:
        if (storage / before).exists():
            (storage / before).replace(storage / after)
            sync_folder((storage / after).parent)
    if not ledger.count(Published, run_id=note.run_id, port=str(note.port)):
        ledger.record(*note.facts_of(snapshot))
    drop_note(path)


def _give_up(lake: "Lake", storage: Path, path: Path, note: Note) -> None:
    """Undo, if it is certain that nothing was published; a note that stays is settled later."""
    try:
        happened = lake.publication(note.port, note.key) is not None
    except Problem:
        return
    if not happened:
        _undo(storage, path, note)


def _undo(storage: Path, path: Path, note: Note) -> None:
    for name in (*note.written, *(before for before, _ in note.renames)):
        (storage / name).unlink(missing_ok=True)
    drop_note(path)
