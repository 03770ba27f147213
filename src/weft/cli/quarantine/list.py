"""`weft quarantine list`: what is held back."""

from typing import TYPE_CHECKING

import click

from weft.cli.options import format_option
from weft.cli.quarantine_port import named_port
from weft.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from weft.build.quarantine.batches import Batch
    from weft.build.quarantine.groups import Group


@click.command("list")
@click.argument("port", required=False)
@click.option("--by", type=click.Choice(["rule", "origin", "run", "port"]), help="Add up by this.  [default: batches]")
@format_option
@click.pass_obj
def command(session: Session, port: str | None, by: str | None) -> None:
    """List what is held back, by batch, rule, origin, run or port.

    The origin is what the run read to make the rows: sources with their files, and input ports. Grouped by rule, a
    row that broke two counts in both.

    \b
    Examples:
      weft quarantine list
      weft quarantine list --by rule
      weft quarantine list sales/orders --by origin --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.quarantine.batches import RECORDED, REFUSED, open_batches

    workspace = session.open()
    chosen = None if port is None else named_port(workspace, port)
    batches = open_batches(workspace.ledger, workspace.storage, chosen, states=(RECORDED, REFUSED))
    if by is None:
        session.output.show([batch.as_json() for batch in batches], lambda: _batches(batches))
        return
    from weft.build.quarantine.groups import grouped
    from weft.ledger.facts import Quarantined

    history = workspace.ledger.facts(Quarantined, port=sorted({str(batch.port) for batch in batches}))
    groups = grouped(batches, by, history)  # type: ignore[arg-type]  # Click lets only these through
    session.output.show([group.as_json() for group in groups], lambda: _groups(groups, by))


def _batches(batches: "list[Batch]") -> "str | RenderableType":
    if not batches:
        return "Nothing is held back."
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("port", "batch", "when", "rows", "rules"):
        table.add_column(heading, justify="right" if heading == "rows" else "left", overflow="fold")
    for batch in batches:
        rules = ", ".join(f"{rule} ({count})" for rule, count in sorted(batch.rules.items(), key=lambda r: -r[1]))
        note = " (not published: refused)" if batch.state == "refused" else ""
        when = f"{batch.held_at:%Y-%m-%d %H:%M}"
        table.add_row(str(batch.port), batch.batch, when, str(batch.rows), f"{rules}{note}")
    return table


def _groups(groups: "list[Group]", by: str) -> "str | RenderableType":
    if not groups:
        return "Nothing is held back."
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    has_refused = any(group.refused for group in groups)
    other = "rules" if by == "port" else "ports"
    for heading in (by, "rows", *(["refused"] if has_refused else []), "first seen", "last seen", other):
        table.add_column(heading, justify="right" if heading in ("rows", "refused") else "left", overflow="fold")
    for group in groups:
        counts = [str(group.rows), *([str(group.refused)] if has_refused else [])]
        seen = [f"{instant:%Y-%m-%d %H:%M}" for instant in (group.first_seen, group.last_seen)]
        table.add_row(group.key, *counts, *seen, ", ".join(group.rules if by == "port" else group.ports))
    return table
