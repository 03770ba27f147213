"""What the tables hold against what the ledger says was published, in both directions."""

from collections.abc import Callable, Iterator

from weft.base.counted import counted
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.ledger.facts import Fact, Maintained, Published, RolledBack
from weft.workspace.examine.examination import Examination
from weft.workspace.workspace import Workspace


def examine_publications(workspace: Workspace, say: Callable[[str], None]) -> Iterator[Examination]:
    """Every kept snapshot has its fact, and readers see what the ledger told last."""
    is_sound = True
    recorded = {PortName.parse(port) for (port,) in workspace.ledger.latest_by(Published, "port")}
    for port in sorted({*recorded, *workspace.lake.ports()}):
        try:
            for found in _port(workspace, port):
                is_sound = False
                yield found
        except (ValueError, KeyError, TypeError, Problem):
            is_sound = False  # a table that cannot be read is told by the examination of tables
    if is_sound:
        yield Examination("publications", "ok", f"{counted(len(recorded), 'port')}: tables and ledger agree")


def _port(workspace: Workspace, port: PortName) -> Iterator[Examination]:
    rows_by_snapshot = {fact.snapshot_id: fact.rows for fact in workspace.ledger.facts(Published, port=str(port))}
    merges = workspace.ledger.facts(Maintained, port=str(port), action="compact")
    merged = {fact.report.get("snapshot_id") for fact in merges}
    kept = workspace.lake.snapshots(port)
    build = f"weft build --full {port.product_name}"
    for snapshot in kept:
        rows = rows_by_snapshot.get(snapshot.snapshot_id)
        if rows is None and snapshot.snapshot_id not in merged:
            yield Examination(
                f"port {port}",
                "warning",
                f"the ledger does not tell of snapshot {snapshot.snapshot_id} of "
                f"{snapshot.committed_at:%Y-%m-%d %H:%M} UTC: another tool wrote it, or a command was killed before "
                "it could record it",
                f"Publish anew, so that the ledger knows what readers see: {build}",
            )
        elif rows is not None and rows != snapshot.rows:
            yield Examination(
                f"port {port}",
                "failed",
                f"snapshot {snapshot.snapshot_id} has {snapshot.rows} rows; the ledger tells of {rows}",
                f"Bring the storage back from a backup, or publish anew: {build}",
            )
    told = _last_told(workspace, port, merges)
    head = workspace.lake.snapshot(port)
    seen = head.snapshot_id if head else None
    is_known = seen in rows_by_snapshot or seen in merged
    # A head that the ledger does not tell of was told above.
    if told is not None and told != seen and (is_known or seen is None):
        yield Examination(
            f"port {port}",
            "failed",
            f"readers see {'nothing' if seen is None else f'snapshot {seen}'}; the ledger tells of {told} as the last",
            f"Bring catalogue and ledger back from the same backup, or publish anew: {build}",
        )


def _last_told(workspace: Workspace, port: PortName, merges: list[Maintained]) -> int | None:
    """The snapshot that readers must see by what was recorded last."""
    moves: list[tuple[Fact, int]] = [
        (fact, int(fact.report["snapshot_id"])) for fact in merges if fact.report.get("snapshot_id") is not None
    ]
    if published := workspace.ledger.latest(Published, port=str(port)):
        moves.append((published, published.snapshot_id))
    if rolled_back := workspace.ledger.latest(RolledBack, port=str(port)):
        moves.append((rolled_back, rolled_back.to_snapshot_id))
    return max(moves, key=lambda move: move[0].at)[1] if moves else None
