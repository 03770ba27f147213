"""`weft quarantine replay`: check held-back rows again, corrected or as they are."""

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.quarantine_port import named_port
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.build.quarantine.replay_request import Replayed

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("replay")
@click.argument("port")
@click.option("--fix", type=_FILE, metavar="FILE", help="Key and corrected columns: CSV, TSV, Parquet, NDJSON, Excel.")
@click.option("--sql", metavar="SELECT", help='A SELECT over "quarantined" that gives every row back.')
@click.option("--fix-sql", type=click.File("r"), metavar="FILE", help="The same from a file; - for standard input.")
@click.option("--set", "assign", multiple=True, metavar="COLUMN=EXPR", help="Correct one column; may be repeated.")
@click.option("--where", metavar="CONDITION", help="Which rows --set corrects.  [default: all]")
@click.option("--dismiss", metavar="REASON", help="Close the rows that the query leaves out, for this reason.")
@click.option("--next", "is_next", is_flag=True, help="Keep the corrections; the next build publishes the rows.")
@click.option("--dry-run", is_flag=True, help="Say what would become of the rows; publish nothing.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a running build.")
@format_option
@click.pass_context
def command(
    ctx: click.Context,
    port: str,
    fix: Path | None,
    sql: str | None,
    fix_sql: TextIO | None,
    assign: tuple[str, ...],
    where: str | None,
    dismiss: str | None,
    is_next: bool,
    dry_run: bool,
    wait: float,
) -> None:
    """Check rows again, corrected or as they are, and publish the good ones.

    Corrections are kept and made again on every later build, as long as the source hands over the same broken row. A
    query reads the rows and nothing else. Exit code 11 if rows are still held back.

    \b
    Examples:
      weft quarantine replay sales/orders --fix corrected.csv
      weft quarantine replay sales/orders --fix corrected.csv --dry-run
      weft quarantine replay sales/orders --set "total = abs(total)" --where "total < 0"
      weft quarantine replay sales/orders --sql "SELECT * REPLACE (abs(total) AS total) FROM quarantined"
      weft quarantine replay sales/orders --fix corrected.csv --next
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.lock import build_lock
    from weft.build.quarantine.replay import COMMAND, replay
    from weft.build.quarantine.replay_request import ReplayRequest
    from weft.workspace.building import build_context

    query = fix_sql.read() if fix_sql is not None else sql
    if sum((fix is not None, sql is not None, fix_sql is not None, bool(assign))) > 1:
        raise click.UsageError("Correct in one way at once: by --fix, --sql, --fix-sql or --set.")
    if where is not None and not assign:
        raise click.UsageError("--where says which rows --set corrects.")
    if dismiss is not None and (query is None or is_next):
        raise click.UsageError(
            "--dismiss closes the rows that a query leaves out, now: use it with --sql or --fix-sql."
        )
    if is_next and fix is None and query is None and not assign:
        raise click.UsageError("--next keeps corrections: give them by --fix, --sql, --fix-sql or --set.")
    session: Session = ctx.obj
    workspace = session.open()
    name = named_port(workspace, port)
    request = ReplayRequest(name, fix, query, assign, where, dismiss, is_next, dry_run)
    now = workspace.clock.now()
    with build_lock(workspace.storage, command=COMMAND, actor=workspace.actor, now=now, wait_seconds=wait):
        found = replay(build_context(workspace), request)
    session.output.show(found.as_json(), lambda: _replayed(found))
    if found.still_held > found.waiting:
        ctx.exit(ExitCode.CHECK_FAILED)


def _replayed(found: "Replayed") -> str:
    if found.waiting:
        what = f"{found.waiting} of {found.rows} rows are corrected and wait for the next build"
    elif found.dry_run:
        what = f"{found.published} of {found.rows} rows would be published, {found.still_held} would still be held back"
    else:
        what = f"{found.published} of {found.rows} rows are published, {found.still_held} are still held back"
    lines = [f"{found.port}: {what}."]
    if found.dismissed:
        lines.append(f"  {'would be dismissed' if found.dry_run else 'dismissed'}: {found.dismissed}")
    if found.corrected:
        lines.append(f"  corrected: {found.corrected}")
    if found.unmatched:
        lines.append(f"  lines of the file that fit no row: {found.unmatched}")
    lines += [f"  still broken: {rule} ({count})" for rule, count in found.rules.items()]
    return "\n".join(lines)
