"""`weft ls`: products and their ports."""

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command()
@click.argument("selection", nargs=-1)
@click.option("--exclude", multiple=True, metavar="SELECTION", help="Leave these out; may be repeated.")
@format_option
@click.pass_obj
def command(session: Session, selection: tuple[str, ...], exclude: tuple[str, ...]) -> None:
    """List products and ports.

    SELECTION chooses products: by name or wildcard, with + for what lies up or down, by domain:, tag:, owner:.
    Several are a union; a comma means both. Products come after those that they read.

    \b
    Examples:
      weft ls
      weft ls domain:operations
      weft ls +planning/visits             and all that it reads
      weft ls "billing/*+1" --exclude tag:internal
      weft ls tag:pii,owner:team-crm --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.graph.product_listing import list_as_text, list_products
    from weft.workspace.selected import selected

    workspace = session.open()
    listed = list_products(workspace.mesh, selected(workspace, selection, exclude))
    session.output.show([one.as_json() for one in listed], lambda: list_as_text(listed))
