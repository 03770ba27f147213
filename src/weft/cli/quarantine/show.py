"""`weft quarantine show`: rows that are held back."""

from typing import TYPE_CHECKING, Any

import click

from weft.cli.options import format_option
from weft.cli.quarantine_port import named_port
from weft.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from weft.build.quarantine.held_rows import HeldRows

_MOST_COLUMNS = 7  # beyond it a row is shown as a list of its values


@click.command("show")
@click.argument("port")
@click.option("--rule", metavar="RULE", help="Only rows that broke this rule.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Rows at most.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="N rows by chance instead of the first ones.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same sample.")
@click.option("--as", "actor", metavar="ACTOR", help="Who reads.  [default: WEFT_ACTOR, then your user name]")
@click.option("--purpose", metavar="USECASE", help="What for; kept with the record of the read.")
@format_option
@click.pass_obj
def command(
    session: Session,
    port: str,
    rule: str | None,
    limit: int,
    sample: int | None,
    seed: int,
    actor: str | None,
    purpose: str | None,
) -> None:
    """Show rows of a port that are held back, or a sample of them.

    Values of personal columns are masked. The ledger records who looked, at what and what for.

    \b
    Examples:
      weft quarantine show sales/orders
      weft quarantine show sales/orders --rule customer_id.relationship --limit 100
      weft quarantine show sales/orders --sample 10 --seed 7 --purpose repair
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.quarantine.held_rows import Look, held_rows
    from weft.build.quarantine.visible_columns import Reader

    workspace = session.open()
    found = held_rows(
        workspace.mesh,
        workspace.ledger,
        workspace.storage,
        workspace.new_engine,
        workspace.clock,
        Look(named_port(workspace, port), rule, sample or limit, sample is not None, seed),
        Reader(actor or workspace.actor, purpose),
    )
    session.output.show(found.as_json(), lambda: _rows(found))
    if session.output.format == "text":
        how = "sampled" if sample else "shown"
        session.output.progress(f"{len(found.rows)} {how} of {found.total} held back")


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
