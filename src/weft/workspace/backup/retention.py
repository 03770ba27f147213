"""Which backups to keep, and the removal of the others with the objects that nobody needs any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from weft.base.problem import Problem
from weft.workspace.backup.file_list import objects_of
from weft.workspace.backup.manifest import Manifest
from weft.workspace.backup.marks import pruning
from weft.workspace.backup.store import Store, new_id

_GRACE = timedelta(hours=1)  # of an object that no manifest names: its backup may be about to write one


@dataclass(frozen=True)
class Retention:
    """What is kept: a backup stays if either says so, and the newest always."""

    newest: int | None = None
    younger_than: timedelta | None = None

    @property
    def is_given(self) -> bool:
        """Whether anything is to go at all."""
        return self.newest is not None or self.younger_than is not None


@dataclass(frozen=True)
class Pruned:
    """What went."""

    removed: tuple[str, ...]  # backups
    kept: tuple[str, ...]
    objects: int
    bytes: int
    waits: str | None = None  # why objects that nobody needs were left, in words


def to_remove(manifests: Sequence[Manifest], retention: Retention, now: datetime) -> list[Manifest]:
    """The backups to let go.

    Args:
        manifests: oldest first.
        retention: what stays.
        now: the time that ages are counted to.
    """
    if not retention.is_given or not manifests:
        return []
    kept = {manifests[-1].id}
    if retention.newest:
        kept |= {one.id for one in manifests[-retention.newest :]}
    if retention.younger_than is not None:
        kept |= {one.id for one in manifests if now - one.at < retention.younger_than}
    return [one for one in manifests if one.id not in kept]


def prune(
    store: Store, retention: Retention, now: datetime, *, dry_run: bool = False, grace: timedelta = _GRACE
) -> Pruned:
    """Let backups go, then remove the objects that no other needs.

    Args:
        store: the backups.
        retention: which stay.
        now: the time that ages of backups are counted to.
        dry_run: say what would go; remove nothing.
        grace: objects that were written within it stay.

    Raises:
        Problem: BACKUP002, the place does not answer.
    """
    manifests, damaged = store.manifests()
    going = to_remove(manifests, retention, now)
    gone = {one.id for one in going}
    kept = [one for one in manifests if one.id not in gone]
    limit = datetime.now(UTC) - grace  # by the clock of machines, as the times of objects are
    told = tuple(one.id for one in going), tuple(one.id for one in kept)
    if dry_run:
        unneeded, waits = _unneeded(store, kept, damaged, limit)
        return Pruned(*told, len(unneeded), sum(unneeded.values()), waits)
    for one in going:
        store.remove_manifest(one.id)
    with pruning(store, new_id(now)) as may_remove:
        if not may_remove:
            return Pruned(*told, 0, 0, "a backup is running; the next prune removes what is not needed")
        # Looked at again: a backup may have ended since.
        kept, damaged = store.manifests()
        unneeded, waits = _unneeded(store, kept, damaged, limit)
        for sha256 in unneeded:
            store.remove_object(sha256)
        store.place.remove_unfinished(limit)
    return Pruned(*told, len(unneeded), sum(unneeded.values()), waits)


def _unneeded(
    store: Store, kept: Sequence[Manifest], damaged: Sequence[Problem], limit: datetime
) -> tuple[dict[str, int], str | None]:
    """Objects that no backup needs, with their size; none where that cannot be known of all backups."""
    if damaged:
        return {}, "a manifest cannot be read, so nobody knows what it needs: see weft backup verify"
    needed: set[str] = set()
    for manifest in kept:
        try:
            needed |= set(objects_of(store, manifest))
        except Problem as problem:
            if problem.code != "BACKUP004":
                raise
            return {}, f"the list of files of backup {manifest.id} cannot be read: see weft backup verify"
    there = store.objects()
    return {name: entry.size_bytes for name, entry in there.items() if name not in needed and entry.at < limit}, None
