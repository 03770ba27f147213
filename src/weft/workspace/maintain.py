"""Keep published tables small: merge files, let old snapshots go, remove what nothing needs."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.quarantine.batches import forget_closed
from weft.lake.maintenance_report import Compacted, Expired, OrphansRemoved
from weft.workspace.leftovers import leftovers_of_landings, leftovers_of_quarantine, remove_leftovers
from weft.workspace.workspace import Workspace

Report = Compacted | Expired | OrphansRemoved
ACTIONS = ("compact", "expire", "orphans")  # in this order: what a merge replaced may expire at once


@dataclass(frozen=True)
class MaintenanceRequest:
    """What to do with which ports."""

    selection: tuple[str, ...] = ()  # none: every published port, those that are no longer declared too
    actions: frozenset[str] = frozenset(ACTIONS)
    keep_days: int | None = None  # snapshots; None: the environment's keep_snapshots_days
    keep_last: int = 1
    grace_hours: float = 24.0  # files younger than this may belong to a build that has not published yet
    dry_run: bool = False


@dataclass(frozen=True)
class Done:
    """One action on one port."""

    port: PortName
    action: str
    report: Report | None  # None where it was left alone because of `problem`
    problem: Problem | None = None

    def as_json(self) -> dict[str, Any]:
        """The figures for a machine, and for the ledger."""
        figures = {} if self.report is None else asdict(self.report)
        told = {"problem": self.problem.as_json()} if self.problem else {}
        return {**figures, "port": str(self.port), "action": self.action, **told}


def maintain(
    workspace: Workspace,
    request: MaintenanceRequest,
    on_done: Callable[[Done], None] = lambda done: None,
    *,
    wait_seconds: float = 0.0,
) -> list[Done]:
    """Maintain ports one after the other, while no build runs.

    Raises:
        Problem: BUILD001, somebody is building; SELECT001..003, the selection chooses nothing.
    """
    from weft.build.lock import build_lock
    from weft.build.publish.publish_once import publishing
    from weft.ledger.facts import Maintained

    ports = list(_ports(workspace, request.selection))
    found: list[Done] = []
    with build_lock(
        workspace.storage,
        command="maintain",
        actor=workspace.actor,
        now=workspace.clock.now(),
        wait_seconds=wait_seconds,
    ):
        for port in ports:
            for action in (one for one in ACTIONS if one in request.actions):
                with publishing(workspace.storage):  # a backup sees what was done together with its fact
                    done = _done(workspace, request, port, action)
                    if not request.dry_run and _changed_something(done.report):
                        workspace.ledger.record(
                            Maintained(
                                at=workspace.clock.now(),
                                actor=workspace.actor,
                                port=str(port),
                                action=action,
                                report=done.as_json(),
                            )
                        )
                found.append(done)
                on_done(done)
    return found


def _ports(workspace: Workspace, selection: tuple[str, ...]) -> Iterator[PortName]:
    published = workspace.lake.ports()
    declared = [port.name for port in workspace.mesh.output_ports()]
    if not selection:
        yield from dict.fromkeys([*published, *sorted(declared)])
        return
    from weft.workspace.selected import selected

    chosen = set(selected(workspace, selection))
    yield from (port for port in dict.fromkeys([*declared, *published]) if port.product_name in chosen)


def _done(workspace: Workspace, request: MaintenanceRequest, port: PortName, action: str) -> Done:
    try:
        return Done(port, action, _ACTIONS[action](workspace, request, port))
    except Problem as problem:  # one broken table does not keep the others from being looked after
        return Done(port, action, None, problem)


def _compact(workspace: Workspace, request: MaintenanceRequest, port: PortName) -> Report:
    with workspace.new_engine() as engine:
        return workspace.lake.compact(port, engine, dry_run=request.dry_run)


def _expire(workspace: Workspace, request: MaintenanceRequest, port: PortName) -> Report:
    days = workspace.environment.keep_snapshots_days if request.keep_days is None else request.keep_days
    limit = workspace.clock.now() - timedelta(days=days)
    return workspace.lake.expire(port, older_than=limit, keep_last=request.keep_last, dry_run=request.dry_run)


def _remove_orphans(workspace: Workspace, request: MaintenanceRequest, port: PortName) -> Report:
    limit = workspace.clock.now() - timedelta(hours=request.grace_hours)
    removed = workspace.lake.remove_orphans(port, older_than=limit, dry_run=request.dry_run)
    left = {
        *leftovers_of_quarantine(workspace.ledger, workspace.storage, port),
        *leftovers_of_landings(workspace.storage, port.product_name),
    }
    files, size_bytes = remove_leftovers(left, older_than=limit, dry_run=request.dry_run)
    if not request.dry_run:  # of a build that was killed between recording that a batch is closed and removing it
        files += forget_closed(workspace.ledger, workspace.storage, port)
    return replace(removed, files=removed.files + files, size_bytes=removed.size_bytes + size_bytes)


_ACTIONS: dict[str, Callable[[Workspace, MaintenanceRequest, PortName], Report]] = {
    "compact": _compact,
    "expire": _expire,
    "orphans": _remove_orphans,
}


def _changed_something(report: Report | None) -> bool:
    match report:
        case Compacted():
            return report.snapshot_id is not None
        case Expired():
            return report.snapshots > 0
        case OrphansRemoved():
            return report.files > 0
        case None:
            return False
