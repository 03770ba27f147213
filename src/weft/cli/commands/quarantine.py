"""`weft quarantine`: rows that broke a promise."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from weft.build.held_rows import HeldRows
    from weft.build.quarantine import Batch
    from weft.build.replay import Replayed
    from weft.workspace.workspace import Workspace


_MOST_COLUMNS = 7  # beyond it a row is shown as a list of its values


@click.group("quarantine")
def command() -> None:
    """List, show and replay rows that broke a promise.

    A row that breaks its port's contract is not published and not lost: it is kept beside the port with the name of
    every rule that it broke, until it is corrected and replayed, or a build makes it anew.

    \b
    Examples:
      weft quarantine list                                     what is held back, and why
      weft quarantine show sales/orders --rule total.minimum   the rows; personal columns are masked
      weft quarantine replay sales/orders --fix corrected.csv  correct by key, check again, publish what is good
      weft quarantine replay sales/orders                      check again, after the contract changed
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines


@command.command("list")
@click.argument("port", required=False)
@format_option
@click.pass_obj
def list_command(session: Session, port: str | None) -> None:
    """List what is held back: port, run, when, rows, and the rules that they broke.

    \b
    Examples:
      weft quarantine list
      weft quarantine list sales/orders --format json
    """  # noqa: D301
    from weft.build.quarantine import RECORDED, REFUSED, open_batches

    workspace = session.open()
    chosen = None if port is None else _port(workspace, port)
    batches = open_batches(workspace.ledger, workspace.storage, chosen, states=(RECORDED, REFUSED))
    session.output.show([batch.as_json() for batch in batches], lambda: _list(batches))


@command.command("show")
@click.argument("port")
@click.option("--rule", metavar="RULE", help="Only rows that broke this rule.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Rows at most.")
@format_option
@click.pass_obj
def show_command(session: Session, port: str, rule: str | None, limit: int) -> None:
    """Show the rows of a port that are held back. Values of personal columns are masked.

    \b
    Examples:
      weft quarantine show sales/orders
      weft quarantine show sales/orders --rule customer_id.relationship --limit 100
    """  # noqa: D301
    from weft.build.held_rows import held_rows

    workspace = session.open()
    name = _port(workspace, port)
    found = held_rows(workspace.mesh, workspace.ledger, workspace.storage, workspace.new_engine, name, rule, limit)
    session.output.show(found.as_json(), lambda: _rows(found))
    if session.output.format == "text":
        session.output.progress(f"{len(found.rows)} shown of {found.total} held back")


@command.command("replay")
@click.argument("port")
@click.option("--fix", type=click.Path(path_type=Path), metavar="FILE", help="CSV: key columns and corrected columns.")
@click.option("--sql", metavar="SELECT", help='A SELECT over "quarantined" that keeps its column _row.')
@click.option("--dry-run", is_flag=True, help="Say what would become of the rows; publish nothing.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a running build.")
@format_option
@click.pass_context
def replay_command(
    ctx: click.Context, port: str, fix: Path | None, sql: str | None, dry_run: bool, wait: float
) -> None:
    """Check the rows of a port again, corrected or as they are, and publish those that keep its contract.

    Corrections are kept and made again on every later build, as long as the source hands over the same broken row.
    Exit code 11 if rows are still held back.

    \b
    Examples:
      weft quarantine replay sales/orders --fix corrected.csv
      weft quarantine replay sales/orders --sql "SELECT * REPLACE (abs(total) AS total) FROM quarantined"
      weft quarantine replay sales/orders --fix corrected.csv --dry-run
    """  # noqa: D301
    from weft.build.lock import build_lock
    from weft.build.replay import COMMAND, ReplayRequest, replay
    from weft.workspace.building import build_context

    if fix is not None and sql is not None:
        raise click.UsageError("Correct by --fix or by --sql, not both at once.")
    session: Session = ctx.obj
    workspace = session.open()
    name = _port(workspace, port)
    now = workspace.clock.now()
    with build_lock(workspace.storage, command=COMMAND, actor=workspace.actor, now=now, wait_seconds=wait):
        found = replay(build_context(workspace), ReplayRequest(name, fix, sql, dry_run))
    session.output.show(found.as_json(), lambda: _replayed(found))
    if found.still_held:
        ctx.exit(ExitCode.CHECK_FAILED)


def _port(workspace: "Workspace", text: str) -> PortName:
    known = {str(port.name): port.name for port in workspace.mesh.output_ports()}
    if text in known:
        return known[text]
    raise Problem(
        "QUARANTINE002",
        f'"{text}" is no output port of this mesh.',
        fix=did_you_mean(text, known) or "`weft ls` lists the ports.",
    )


def _list(batches: "list[Batch]") -> "str | RenderableType":
    if not batches:
        return "Nothing is held back."
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("port", "run", "when", "rows", "rules"):
        table.add_column(heading, justify="right" if heading == "rows" else "left", overflow="fold")
    for batch in batches:
        rules = ", ".join(f"{rule} ({count})" for rule, count in sorted(batch.rules.items(), key=lambda r: -r[1]))
        note = " (not published: refused)" if batch.state == "refused" else ""
        table.add_row(str(batch.port), batch.run_id, f"{batch.at:%Y-%m-%d %H:%M}", str(batch.rows), f"{rules}{note}")
    return table


def _rows(found: "HeldRows") -> "str | RenderableType":
    if not found.rows:
        return "No such row is held back."
    if len(found.columns) > _MOST_COLUMNS:
        return "\n".join(_record(found.columns, row) for row in found.rows)
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in found.columns:
        table.add_column(name, overflow="fold")
    for row in found.rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _record(columns: tuple[str, ...], row: tuple[Any, ...]) -> str:
    width = max(len(name) for name in columns)
    lines = [f"  {name:<{width}}  {_cell(value)}".rstrip() for name, value in zip(columns[1:], row[1:], strict=True)]
    return "\n".join([f"broke {_cell(row[0])}", *lines, ""])


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _replayed(found: "Replayed") -> str:
    verb = "would be published" if found.dry_run else "are published"
    lines = [f"{found.port}: {found.published} of {found.rows} rows {verb}, {found.still_held} are still held back."]
    if found.corrected:
        lines.append(f"  corrected: {found.corrected}")
    if found.unmatched:
        lines.append(f"  lines of the file that fit no row: {found.unmatched}")
    lines += [f"  still broken: {rule} ({count})" for rule, count in found.rules.items()]
    return "\n".join(lines)
