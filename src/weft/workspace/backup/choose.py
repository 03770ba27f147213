"""Which backup to restore: the newest, a named one, or the one that can show an instant.

A backup has every snapshot that was kept when it was made, so one made after an instant can show what readers saw
then, as long as maintenance had not let it go. The newest such backup is chosen: it has the most of everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.table_state import TableState
from weft.workspace.backup.file_list import read_file_list
from weft.workspace.backup.manifest import Manifest
from weft.workspace.backup.store import Store


@dataclass(frozen=True)
class Choice:
    """A backup, and what has to be moved so that it shows what was asked for."""

    manifest: Manifest
    snapshots: Mapping[PortName, int] = field(default_factory=dict)  # that readers saw, of ports where it is another
    later: tuple[PortName, ...] = ()  # ports that were not published yet at the instant; they stay
    is_before: bool = False  # no backup can show the instant: this one is the newest of before


def choose(store: Store, backup_id: str | None, at: datetime | None) -> Choice:
    """Choose a backup.

    Args:
        store: where they are.
        backup_id: the one that is wanted, or the beginning of its id.
        at: what readers saw then is wanted.

    Raises:
        Problem: BACKUP003, there is none; BACKUP004, it is damaged.
    """
    if backup_id is not None:
        matching = [one for one in store.ids() if one.startswith(backup_id)]
        return Choice(store.manifest(matching[0] if len(matching) == 1 else backup_id))
    manifests, problems = store.manifests()
    if not manifests:
        if problems:
            raise problems[0]
        raise Problem(
            "BACKUP003",
            f"There is no backup in {store.place.url}.",
            fix="Name the place of the backups, and see that it is mounted. `weft backup` makes one.",
        )
    if at is None:
        return Choice(manifests[-1])
    for manifest in reversed(manifests):
        if manifest.at >= at and (choice := _showing(store, manifest, at)) is not None:
            return choice
    before = [manifest for manifest in manifests if manifest.at <= at]
    if not before:
        raise Problem(
            "BACKUP003",
            f"No backup shows what readers saw at {at:%Y-%m-%d %H:%M:%S} UTC: "
            "nothing was published yet, or it was let go.",
            found=f"the oldest is of {manifests[0].at:%Y-%m-%d %H:%M:%S} UTC",
            fix="See what is there: weft backup list DESTINATION",
        )
    return Choice(before[-1], is_before=True)


def _showing(store: Store, manifest: Manifest, at: datetime) -> Choice | None:
    """The choice of this backup, where it has what readers of every port saw."""
    files = read_file_list(store, manifest)
    moved, later = {}, []
    for name, seen in manifest.ports.items():
        port = PortName.parse(name)
        content = b"".join(store.chunks(files[seen.metadata].stored))
        state = TableState.parse(port, seen.metadata, content)
        snapshot = state.head_at(at)
        if snapshot is not None:
            if snapshot.snapshot_id != state.head_id:
                moved[port] = snapshot.snapshot_id
        elif _begins_after(state, at):
            later.append(port)
        else:
            return None
    if len(later) == len(manifest.ports):
        return None  # nothing was published yet, so there is nothing to show
    return Choice(manifest, moved, tuple(later))


def _begins_after(state: TableState, at: datetime) -> bool:
    """Whether the port was first published later, rather than its history forgotten."""
    first = state.first_seen
    return not state.history_is_cut and first is not None and first > at.astimezone(UTC)
