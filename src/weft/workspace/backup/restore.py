"""`weft restore`: bring a backup back, whole or not at all, and hold it against what was backed up.

All is put together in a folder beside the storage and proven there as far as it can be; then the two change places
by a rename. What the storage held before is moved aside where it was asked for, and never removed.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import sync_folder, told_as_problem
from weft.build.lock import build_lock
from weft.workspace.backup.choose import Choice, choose
from weft.workspace.backup.compare import Comparison, compare
from weft.workspace.backup.databases import Databases, load_databases
from weft.workspace.backup.file_list import read_file_list
from weft.workspace.backup.manifest import Manifest
from weft.workspace.backup.place_files import place_files
from weft.workspace.backup.store import Store
from weft.workspace.roll_back import move_head
from weft.workspace.storage_place import note_storage_place
from weft.workspace.workspace import Workspace

_COMMAND = "restore"
# What may lie in a storage folder that holds nothing: locks, and what is made again.
_NOTHING = frozenset(("lock", "lock.owner", "publishing.lock", "made-at", "cache", "state.json", "ledger.db.migrating"))
Say = Callable[[str], None]


@dataclass(frozen=True)
class RestoreRequest:
    """Which backup to restore, and how."""

    backup_id: str | None = None
    at: datetime | None = None  # what readers saw then
    force: bool = False  # move aside what is there
    dry_run: bool = False
    with_rows: bool = True  # compare all rows, where the backup has their digests


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    manifest: Manifest
    choice: Choice
    comparison: Comparison | None  # None with dry_run
    moved_aside: Path | None = None
    rolled_back: tuple[PortName, ...] = field(default=())


def restore(workspace: Workspace, store: Store, request: RestoreRequest, say: Say = lambda line: None) -> Restored:
    """Restore a backup into the environment's storage folder and databases.

    Raises:
        Problem: BACKUP003, there is none; BACKUP004, it is damaged; BACKUP006, the storage holds something;
            BACKUP007, it was made of another folder; BACKUP008, of another mesh; BACKUP009, a database holds
            something; BACKUP010, what was restored is not what was backed up; BUILD001, somebody is building.
    """
    choice = choose(store, request.backup_id, request.at)
    manifest = choice.manifest
    storage = workspace.storage.absolute()
    _refuse_other_mesh(workspace, manifest)
    _refuse_other_place(storage, manifest)
    files = read_file_list(store, manifest)
    if request.dry_run:
        _refuse_filled(storage, request)
        return Restored(manifest, choice, None)
    folder = storage.resolve() if storage.is_symlink() else storage  # only beside itself can it be renamed
    staged = folder.with_name(f"{folder.name}.restoring-{manifest.id}")
    aside = folder.with_name(f"{folder.name}.before-{workspace.clock.now():%Y%m%dT%H%M%SZ}")
    with _locked(workspace, storage):
        _refuse_filled(storage, request)
        databases = Databases.of(workspace, staged)
        databases.refuse_filled(manifest)
        _remove_leftovers(folder)
        with told_as_problem():
            staged.mkdir(parents=True)
        # Who takes the lock of the new folder before it has its place holds it from then on.
        with _locked(workspace, staged):
            place_files(store, files.values(), staged, say)
            note_storage_place(staged, storage.resolve())
            load_databases(store, manifest, databases, storage / "tables", say)
            was_filled = _change_places(folder, staged, aside)
            try:
                restored = workspace.afresh()
                comparison = compare(restored, manifest, files, with_rows=request.with_rows, say=say)
                rolled_back = _roll_back(restored, choice, request)
                restored.lake.close()
            except BaseException:
                _change_back(folder, staged, aside)
                raise
            finally:
                (storage / "lock.owner").unlink(missing_ok=True)
        if not was_filled:
            shutil.rmtree(aside, ignore_errors=True)  # locks and caches
    return Restored(manifest, choice, comparison, aside if was_filled else None, rolled_back)


@contextmanager
def _locked(workspace: Workspace, folder: Path) -> Iterator[None]:
    with build_lock(folder, command=_COMMAND, actor=workspace.actor, now=workspace.clock.now()):
        yield


def _roll_back(workspace: Workspace, choice: Choice, request: RestoreRequest) -> tuple[PortName, ...]:
    """Let readers see what they saw at the instant that was asked for."""
    assert request.at is not None or not choice.snapshots
    for port, snapshot_id in choice.snapshots.items():
        reason = f"weft restore --at {request.at:%Y-%m-%dT%H:%M:%SZ} of backup {choice.manifest.id}"
        move_head(workspace, port, snapshot_id, reason)
    return tuple(choice.snapshots)


def _refuse_other_mesh(workspace: Workspace, manifest: Manifest) -> None:
    wanted = (workspace.mesh.name, workspace.environment.name)
    if (manifest.mesh, manifest.environment) != wanted:
        raise Problem(
            "BACKUP008",
            "The backup is of another mesh or environment.",
            found=f"{manifest.mesh}, environment {manifest.environment}",
            expected=f"{wanted[0]}, environment {wanted[1]}",
            fix="Choose the environment with --env, or name the place of this mesh's backups.",
        )


def _refuse_other_place(storage: Path, manifest: Manifest) -> None:
    was_at = Path(manifest.storage)
    here = storage.parent.resolve() / storage.name if not storage.is_symlink() else storage.resolve()
    if was_at == here or (was_at.exists() and storage.exists() and was_at.samefile(storage)):
        return
    raise Problem(
        "BACKUP007",
        "The backup is of a storage folder at another path; its tables name their files by whole paths.",
        found=f"made at {was_at}",
        expected=f"{here}, the storage of this environment",
        fix=f"Set `storage` to {was_at} and restore there. It may be a link to a folder elsewhere.",
    )


def _refuse_filled(storage: Path, request: RestoreRequest) -> None:
    if request.force or not (there := _content(storage)):
        return
    raise Problem(
        "BACKUP006",
        "The storage folder holds something; a restore never writes over it.",
        found=", ".join(there[:6]),
        fix="Give --force: the folder is moved aside as it is, and stays there until you remove it.",
    )


def _content(storage: Path) -> list[str]:
    if not storage.exists():
        return []
    return sorted(path.name for path in storage.iterdir() if path.name not in _NOTHING and not _is_empty(path))


def _is_empty(path: Path) -> bool:
    """Whether a folder holds no file at any depth."""
    return path.is_dir() and not any(found.is_file() for found in path.rglob("*"))


def _remove_leftovers(storage: Path) -> None:
    """What restores that were killed had put together; the lock is held, so none is running."""
    for path in storage.parent.glob(f"{storage.name}.restoring-*"):
        shutil.rmtree(path)


def _change_places(storage: Path, staged: Path, aside: Path) -> bool:
    """Put the restored folder where the other is; returns whether that one held something."""
    was_filled = bool(_content(storage))
    try:
        storage.rename(aside)
        staged.rename(storage)
        sync_folder(storage.parent)
    except OSError as error:
        if aside.exists() and not storage.exists():
            aside.rename(storage)
        raise Problem(
            "BACKUP014",
            "The storage folder cannot be moved aside: it is a mount of its own, or lies on another disk.",
            found=error.strerror,
            fix="Let `storage` be a folder below the mount.",
        ) from None
    return was_filled


def _change_back(storage: Path, staged: Path, aside: Path) -> None:
    if aside.exists():
        storage.rename(staged)
        aside.rename(storage)
        sync_folder(storage.parent)
