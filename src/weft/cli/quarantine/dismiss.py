"""`weft quarantine dismiss`: close rows that are never to be published."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.cli.options import format_option
from weft.cli.quarantine_port import named_port
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.build.quarantine.dismiss import Dismissed


@click.command("dismiss")
@click.argument("port")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept in the ledger.")
@click.option("--rule", metavar="RULE", help="Only rows that broke this rule.")
@click.option("--batch", metavar="BATCH", help="Only rows of this batch.")
@click.option("--key", "keys", multiple=True, metavar="COLUMN=VALUE", help="Only the row of this key; may be repeated.")
@click.option("--all", "is_all", is_flag=True, help="All rows of the port.")
@click.option("--dry-run", is_flag=True, help="Say what would be closed; change nothing.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a running build.")
@format_option
@click.pass_obj
def command(
    session: Session,
    port: str,
    reason: str,
    rule: str | None,
    batch: str | None,
    keys: tuple[str, ...],
    is_all: bool,
    dry_run: bool,
    wait: float,
) -> None:
    """Close rows that are never to be published, and say why.

    The rows are removed and counted. A digest of each is remembered: as long as the source hands over the same row,
    no build holds it back again. Conditions hold together.

    \b
    Examples:
      weft quarantine dismiss sales/orders --rule total.minimum --reason "orders of the cashier training"
      weft quarantine dismiss sales/orders --key order_id=7 --reason "a test" --dry-run
      weft quarantine dismiss sales/orders --all --reason "the shop closed in 2019"
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.lock import build_lock
    from weft.build.quarantine.dismiss import COMMAND, DismissRequest, dismiss
    from weft.workspace.building import build_context

    if is_all == bool(rule or batch or keys):
        raise click.UsageError("Say which rows: --rule, --batch or --key, or --all of them.")
    if any("=" not in pair for pair in keys):
        raise click.UsageError("--key is written COLUMN=VALUE.")
    workspace = session.open()
    chosen = {column.strip(): value for column, _, value in (pair.partition("=") for pair in keys)}
    request = DismissRequest(named_port(workspace, port), reason, rule, batch, chosen, dry_run)
    now = workspace.clock.now()
    with build_lock(workspace.storage, command=COMMAND, actor=workspace.actor, now=now, wait_seconds=wait):
        found = dismiss(build_context(workspace), request)
    session.output.show(found.as_json(), lambda: _dismissed(found))


def _dismissed(found: "Dismissed") -> str:
    verb, left = ("would be dismissed", "would be left") if found.dry_run else ("dismissed", "left")
    return f"{found.port}: {counted(found.dismissed, 'row')} {verb}, {found.left} {left}."
