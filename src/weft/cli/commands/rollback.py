"""`weft rollback`: make an earlier snapshot the published one."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.base.names import PortName
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from rich.table import Table

    from weft.lake.snapshot import Snapshot


@click.command("rollback")
@click.argument("port")
@click.option("--to", "wanted", metavar="SNAPSHOT", help="What readers shall see: an id, or previous.")
@click.option("--reason", metavar="TEXT", help="Why; kept in the ledger with your name.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a running build.")
@format_option
@click.pass_obj
def command(session: Session, port: str, wanted: str | None, reason: str | None, wait: float) -> None:
    """Make an earlier snapshot of a port the published one.

    Readers see its rows and columns at once. Nothing is deleted: later snapshots stay until they expire, and the
    way forward is the same command. Without --to the snapshots are listed. A port that was rolled back stays so
    until something that it is made from changes.

    \b
    Examples:
      weft rollback billing/fees                                  what there is to go back to
      weft rollback billing/fees --to previous
      weft rollback billing/fees --to 4151897264313286453 --reason "fees of May counted twice"
      weft query "SELECT * FROM billing.fees" --as-of 4151897264313286453     look before
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.roll_back import previous_snapshot, published_snapshot, roll_back

    workspace = session.open()
    name = _port_name(port)
    if wanted is None:
        head = published_snapshot(workspace, name)
        snapshots = workspace.lake.snapshots(name)
        data = {"port": str(name), "published": head.snapshot_id, "snapshots": [_as_json(s) for s in snapshots]}
        session.output.show(data, lambda: _table(snapshots, head))
        return
    snapshot_id = previous_snapshot(workspace, name).snapshot_id if wanted == "previous" else _snapshot_id(wanted)
    done = roll_back(workspace, name, snapshot_id, reason=reason, wait_seconds=wait)
    session.output.show(
        {"port": str(name), "from": _as_json(done.before), "to": _as_json(done.after), "reason": reason},
        lambda: (
            f"{name}: readers see the {counted(done.after.rows, 'row')} of {_time(done.after)} now, "
            f"not the {counted(done.before.rows, 'row')} of {_time(done.before)}.\n"
            f"Back again: weft rollback {name} --to {done.before.snapshot_id}"
        ),
    )


def _port_name(written: str) -> PortName:
    try:
        return PortName.parse(written)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="PORT") from error


def _snapshot_id(written: str) -> int:
    if not written.isdigit():
        raise click.BadParameter(f'"{written}" is no snapshot id; nor is it "previous"', param_hint="--to")
    return int(written)


def _table(snapshots: "list[Snapshot]", head: "Snapshot") -> "Table":
    from rich.table import Table

    table = Table("snapshot", "published at", "rows", "run", "", box=None, pad_edge=False)
    table.columns[2].justify = "right"
    for one in snapshots:
        mark = "readers see this" if one.snapshot_id == head.snapshot_id else ""
        table.add_row(str(one.snapshot_id), _time(one), f"{one.rows:,}", one.properties.get("weft.run", ""), mark)
    return table


def _as_json(snapshot: "Snapshot") -> dict[str, object]:
    return {
        "snapshot_id": snapshot.snapshot_id,
        "parent_id": snapshot.parent_id,
        "committed_at": snapshot.committed_at.isoformat(),
        "rows": snapshot.rows,
        "properties": {key: value for key, value in snapshot.properties.items() if key.startswith("weft.")},
    }


def _time(snapshot: "Snapshot") -> str:
    return f"{snapshot.committed_at:%Y-%m-%d %H:%M:%S} UTC"
