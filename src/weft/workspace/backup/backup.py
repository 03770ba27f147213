"""`weft backup`: one consistent state of ledger, catalogue and files, taken while builds go on.

Ledger and catalogue are looked at in the short time in which nobody publishes, so that they agree; from then on both
are read as they were at that instant. Files never change once something names them, so they are copied without a lock.
If maintenance removes one before it was copied, all begins again with a fresh look.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import weft
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.publish.publication_note import FOLDER, pending_notes
from weft.build.publish.publish_once import publishing
from weft.lake.catalog_dump import Rows, dump_catalog, locations_of
from weft.workspace.backup.copy_files import Copied, copy_files
from weft.workspace.backup.file_list import CopiedFile, list_as_bytes, objects_of, read_file_list
from weft.workspace.backup.manifest import LedgerPart, Manifest, PortState, Stored
from weft.workspace.backup.marks import backing_up
from weft.workspace.backup.row_digest import digest_of_rows, engine_version
from weft.workspace.backup.store import Store, new_id
from weft.workspace.backup.what_to_copy import ToCopy, relative_path, what_to_copy
from weft.workspace.workspace import Workspace

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot
    from weft.lake.table_state import TableState
    from weft.ledger.dump import FrozenLedger

_TRIES = 4
_SAY_EVERY_FILES = 500
Say = Callable[[str], None]


@dataclass(frozen=True)
class BackupRequest:
    """How to back up."""

    with_rows: bool = True  # make a digest of each port's rows, to compare a restored port with


def make_backup(workspace: Workspace, store: Store, request: BackupRequest, say: Say = lambda line: None) -> Manifest:
    """Store the mesh's state of now.

    Raises:
        Problem: BACKUP002, the place cannot be written to; BACKUP005, files that the state needs are not there;
            FILE001, one is damaged and in no earlier backup; LEDGER003, LAKE001.
    """
    _refuse_own_storage(workspace, store)
    # Both are opened before the lock is taken: to open them may make tables, and settle what a killed build left.
    _ = workspace.ledger, workspace.lake.catalog.opened
    mark = new_id(workspace.clock.now())
    with backing_up(store, mark):
        base = _Base.of(store)
        for attempt in range(_TRIES):
            try:
                with _one_state(workspace) as state:
                    return _Backup(workspace, store, base, request, say).take(mark, state)
            except (FileNotFoundError, Problem) as error:
                if not _is_of_a_file_that_went(error):
                    raise
                if attempt + 1 == _TRIES:
                    raise _incomplete(error) from None
                say("A file was removed meanwhile: looking afresh")
    raise AssertionError("the last try raises")


@dataclass(frozen=True)
class _State:
    """Ledger, catalogue and half-done publications at one instant."""

    at: datetime
    ledger: "FrozenLedger"
    catalog: Rows
    notes: Mapping[str, bytes]


@contextmanager
def _one_state(workspace: Workspace) -> Iterator[_State]:
    with ExitStack() as stack:
        with publishing(workspace.storage):
            # The ledger's transaction outlives the lock: what is recorded later is not in it.
            frozen = stack.enter_context(workspace.ledger.frozen())
            rows = dump_catalog(workspace.lake.catalog)
            notes = {f"{FOLDER}/{path.name}": path.read_bytes() for path in pending_notes(workspace.storage)}
            at = workspace.clock.now()
        yield _State(at, frozen, rows, notes)


@dataclass
class _Base:
    """What the store has already."""

    known: dict[str, int]  # objects that a backup needs and that are there, whole by their size
    known_content: dict[str, Stored]  # those that are encrypted, by their content
    files: dict[str, CopiedFile]  # of the newest backup
    ports: Mapping[str, PortState]

    @classmethod
    def of(cls, store: Store) -> "_Base":
        there = store.objects()
        found, _ = store.manifests()
        known: dict[str, int] = {}
        made: list[Stored] = []
        files: dict[str, CopiedFile] = {}
        ports: Mapping[str, PortState] = {}
        for manifest in found:
            try:
                needed = objects_of(store, manifest)
                files = read_file_list(store, manifest)
            except Problem as problem:
                if problem.code != "BACKUP004":
                    raise
                continue  # damaged: nothing of it is relied on
            ports = manifest.ports if manifest.engine == engine_version() else {}
            # An object that no backup needs may be removed by the next prune, so it does not count as there.
            known |= {name: size for name, size in needed.items() if name in there and there[name].size_bytes == size}
            made += manifest.made_objects()
        known_content = {one.content: one for one in made if one.content and one.sha256 in known}
        return cls(known, known_content, files, ports)


class _Backup:
    def __init__(self, workspace: Workspace, store: Store, base: _Base, request: BackupRequest, say: Say) -> None:
        self.workspace, self.store, self.base, self.request, self.say = workspace, store, base, request, say
        self.new_objects = self.new_bytes = 0

    def take(self, backup_id: str, state: _State) -> Manifest:
        locations = locations_of(state.catalog)
        to_copy = what_to_copy(self.workspace, state.ledger, locations, state.notes)
        copied = self._copy(to_copy)
        notes = [self._note(path, content) for path, content in state.notes.items()]
        ports = self._ports(locations, to_copy.states)
        parts = tuple(
            LedgerPart(part.table, part.first, part.rows, self._put(part.lines)) for part in state.ledger.parts()
        )
        catalog = self._put(json.dumps(state.catalog, sort_keys=True).encode())
        files = [*copied.files, *notes]
        manifest = Manifest(
            id=backup_id,
            at=state.at,
            mesh=self.workspace.mesh.name,
            environment=self.workspace.environment.name,
            weft=weft.__version__,
            engine=engine_version(),
            storage=str(self.workspace.storage.resolve()),
            ledger_revision=state.ledger.revision or "",
            ledger_position=state.ledger.head.position if state.ledger.head else 0,
            ledger_hash=state.ledger.head.hash if state.ledger.head else "",
            ledger=parts,
            catalog=catalog,
            ports=ports,
            files=self._put(list_as_bytes(files)),
            file_count=len(files),
            file_bytes=sum(file.stored.size_bytes for file in files),
            new_objects=self.new_objects,
            new_bytes=self.new_bytes,
        )
        self.store.write_manifest(manifest)
        return manifest

    def _copy(self, to_copy: ToCopy) -> Copied:
        told = 0

        def progress(done: int, of: int) -> None:
            nonlocal told
            if done - told >= _SAY_EVERY_FILES or (done == of and told):
                told = done
                self.say(f"Files: {done:,} of {of:,}")

        storage = self.workspace.storage.absolute()
        copied = copy_files(storage, to_copy, self.store, self.base.known, self.base.files, progress)
        self.new_objects += copied.new_objects
        self.new_bytes += copied.new_bytes
        for path in copied.left_out:
            self.say(f"Left out: {path} is damaged; nothing needs it any more")
        return copied

    def _note(self, path: str, content: bytes) -> CopiedFile:
        return CopiedFile(path, self.store.put(hashlib.sha256(content).hexdigest(), [content]), 0)

    def _put(self, content: bytes) -> Stored:
        stored = self.store.put_bytes(content, self.base.known, self.base.known_content)
        if stored.sha256 not in self.base.known:
            self.base.known[stored.sha256] = stored.size_bytes
            self.new_objects += 1
            self.new_bytes += stored.size_bytes
        return stored

    def _ports(
        self, locations: Mapping[PortName, str], states: "Mapping[PortName, TableState]"
    ) -> dict[str, PortState]:
        found = {}
        storage = self.workspace.storage.absolute()
        for port, location in locations.items():
            metadata = relative_path(storage, Path(location.removeprefix("file://")))
            head = states[port].head
            if head is None:
                found[str(port)] = PortState(metadata, None, None, 0)
                continue
            digest = self._digest(port, head) if self.request.with_rows else None
            found[str(port)] = PortState(metadata, head.snapshot_id, head.content_id, head.rows, digest)
        return found

    def _digest(self, port: PortName, head: "Snapshot") -> str:
        before = self.base.ports.get(str(port))
        if before is not None and before.content_id == head.content_id and before.digest is not None:
            return before.digest
        with self.workspace.new_engine() as engine:
            rows, digest = digest_of_rows(engine, self.workspace.lake, port, head.snapshot_id)
        if rows != head.rows:
            raise Problem(
                "BACKUP010",
                f'The rows of port "{port}" are not as many as were published.',
                found=f"{rows} rows in files",
                expected=f"{head.rows} rows of snapshot {head.snapshot_id}",
                fix="See what is wrong with the storage: weft doctor --deep",
            )
        return digest


def _refuse_own_storage(workspace: Workspace, store: Store) -> None:
    storage, to = workspace.storage.resolve(), Path(store.place.url)
    if "://" not in store.place.url and (to.resolve().is_relative_to(storage) or storage.is_relative_to(to.resolve())):
        raise Problem(
            "BACKUP012",
            "The place of backups and the storage folder lie in each other: what loses one loses both.",
            found=store.place.url,
            fix="Name a folder on another disk, or a bucket.",
        )


def _is_of_a_file_that_went(error: FileNotFoundError | Problem) -> bool:
    return isinstance(error, FileNotFoundError) or error.code in ("LAKE005", "LAKE007")


def _incomplete(error: FileNotFoundError | Problem) -> Problem:
    found = str(error.found) if isinstance(error, Problem) else f"no file {Path(str(error.filename)).name}"
    return Problem(
        "BACKUP005",
        "A file that ledger or catalogue name is not in the storage, so that no whole backup can be made.",
        found=found,
        fix="`weft doctor --deep` names what is missing, and how to make it again.",
    )
