"""`weft plan`: what a build would make, and why."""

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("plan")
@click.argument("selection", nargs=-1)
@click.option("--exclude", multiple=True, metavar="SELECTION", help="Leave these out.  [repeatable]")
@click.option("--full", is_flag=True, help="As `weft build --full` would.")
@format_option
@click.pass_obj
def command(session: Session, selection: tuple[str, ...], exclude: tuple[str, ...], full: bool) -> None:
    """Show what a build would make, and why.

    Nothing is read from sources, made or published. A contract that changed since its last publication is compared
    with it, and each change is called breaking or not.

    \b
    Examples:
      weft plan                      the whole mesh
      weft plan state:modified       what changed in the mesh's own files
      weft plan sales/orders+        one product and all that reads it
      weft plan --format json        for a pull request's bot
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.context import BuildRequest
    from weft.cli.plan_report import plan_report
    from weft.workspace.building import plan_mesh

    plan = plan_mesh(session.open(), BuildRequest(selection, exclude, full))
    session.output.show(plan.as_json(), lambda: plan_report(plan))
