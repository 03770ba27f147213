"""`weft show`: a product, a port or a run."""

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("show")
@click.argument("subject")
@format_option
@click.pass_obj
def command(session: Session, subject: str) -> None:
    """Show a product, a port or a run.

    Of a port: its promise, what is published, what the last check found, a profile of its columns, its snapshots,
    and who reads it. Values of columns that hold personal data are never shown.

    \b
    Examples:
      weft show operations/calls           a product with all of its ports
      weft show operations/calls/ships     one port
      weft show run:last                   what the last run did
      weft show run:20260301T120000-a1b2c3
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.show_report import show_report
    from weft.workspace.show import show

    shown = show(session.open(), subject)
    session.output.show(shown.as_json(), lambda: show_report(shown))
