"""Make an earlier snapshot of a port the published one, and note who did it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.workspace.workspace import Workspace

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot


@dataclass(frozen=True)
class Rollback:
    """What readers of a port saw before, and see now."""

    port: PortName
    before: "Snapshot"
    after: "Snapshot"


def roll_back(
    workspace: Workspace, port: PortName, snapshot_id: int, *, reason: str | None = None, wait_seconds: float = 0.0
) -> Rollback:
    """Make a snapshot what readers of the port see; its later snapshots stay until they expire.

    Raises:
        Problem: BUILD001, somebody is building; LAKE005, the port has no such snapshot.
    """
    from weft.build.lock import build_lock

    with build_lock(
        workspace.storage,
        command="rollback",
        actor=workspace.actor,
        now=workspace.clock.now(),
        wait_seconds=wait_seconds,
    ):
        return move_head(workspace, port, snapshot_id, reason)


def move_head(workspace: Workspace, port: PortName, snapshot_id: int, reason: str | None) -> Rollback:
    """The same for a caller that holds the build lock.

    Raises:
        Problem: LAKE005, the port has no such snapshot.
    """
    from weft.build.publish.publish_once import publishing
    from weft.ledger.facts import RolledBack

    with publishing(workspace.storage):  # a backup sees both, or neither
        before = published_snapshot(workspace, port)
        after = workspace.lake.rollback(port, snapshot_id)
        workspace.ledger.record(
            RolledBack(
                at=workspace.clock.now(),
                actor=workspace.actor,
                port=str(port),
                to_snapshot_id=after.snapshot_id,
                from_snapshot_id=before.snapshot_id,
                reason=reason,
            )
        )
    return Rollback(port, before, after)


def previous_snapshot(workspace: Workspace, port: PortName) -> "Snapshot":
    """The snapshot before the published one that had other rows.

    Raises:
        Problem: LAKE005, there is none, or it is not kept any more.
    """
    head = published_snapshot(workspace, port)
    known = {snapshot.snapshot_id: snapshot for snapshot in workspace.lake.snapshots(port)}
    found = known.get(head.parent_id or 0)
    while found is not None and found.content_id == head.content_id:  # a compaction between them
        found = known.get(found.parent_id or 0)
    if found is None:
        raise Problem(
            "LAKE005",
            f'Port "{port}" has no snapshot before the published one.',
            fix=f"See what is kept: weft rollback {port}",
        )
    return found


def published_snapshot(workspace: Workspace, port: PortName) -> "Snapshot":
    """What readers of a port see now.

    Raises:
        Problem: LAKE005, nothing was published under this name.
    """
    snapshot = workspace.lake.snapshot(port)
    if snapshot is None:
        known = [str(name) for name in workspace.lake.ports()]
        raise Problem(
            "LAKE005",
            f'No port "{port}" is published.',
            expected=f"one of {', '.join(sorted(known))}" if 0 < len(known) <= 20 else None,
            fix=did_you_mean(str(port), known) or "weft ls shows the ports; weft build publishes them.",
        )
    return snapshot
