"""`weft impact`: what a change would touch."""

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command()
@click.argument("reference", metavar="[REF]", required=False)
@format_option
@click.pass_obj
def command(session: Session, reference: str | None) -> None:
    """Show what a change would touch.

    With REF, a column (sales/orders.total) or a port, product or source: every table and column downstream, and the
    teams that own them. Without REF: all contracts that differ from their last publication, whether that breaks
    their readers, and which.

    \b
    Examples:
      weft impact billing/fees.amount
      weft impact operations/calls
      weft impact                        before a pull request: what do my changes touch?
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.graph.render_impact import render_impact
    from weft.workspace.lineage import impact_of_reference, impact_since_publication

    workspace = session.open()
    impacts = impact_of_reference(workspace, reference) if reference else impact_since_publication(workspace)
    nothing = "No contract differs from its last publication.\n"
    session.output.show([impact.as_json() for impact in impacts], lambda: render_impact(impacts) or nothing)
