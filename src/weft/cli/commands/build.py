"""`weft build`: land, make, check and publish."""

import sys

import click

from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("build")
@click.argument("selection", nargs=-1)
@click.option("--exclude", multiple=True, metavar="SELECTION", help="Leave these out.  [repeatable]")
@click.option("--full", is_flag=True, help="Make what is up to date too.")
@click.option("--resume", is_flag=True, help="Go on with the last build that failed or was interrupted.")
@click.option("--fail-fast", is_flag=True, help="Begin nothing new after the first failure.")
@click.option("--dry-run", is_flag=True, help="Make and check, but publish nothing.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="Products at once.  [default: cores, at most 4]")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for another build.")
@format_option
@click.pass_obj
def command(
    session: Session,
    selection: tuple[str, ...],
    exclude: tuple[str, ...],
    full: bool,
    resume: bool,
    fail_fast: bool,
    dry_run: bool,
    jobs: int | None,
    wait: float,
) -> int:
    """Land, make, check and publish what is not up to date.

    A table is made when its model, contract, settings, sources or inputs changed, and is published only if its rows
    keep the contract. What fails stops only what reads it. Exit code 11 if anything failed or was refused.

    \b
    Examples:
      weft build                        the whole mesh
      weft build sales/orders           one product
      weft build +sales/orders          it and all that it reads
      weft build sales/orders+          it and all that reads it
      weft build domain:sales --exclude tag:slow
      weft build --full billing/*       even if nothing changed
      weft build --resume               after mending what failed
      weft build --dry-run              would it keep its contracts?
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.context import BuildRequest
    from weft.workspace.building import build_mesh, nothing_to_build

    workspace = session.open()
    request = BuildRequest(selection, exclude, full, resume, fail_fast, dry_run, jobs)
    note = nothing_to_build(workspace, request)
    if note is not None:
        session.output.show(_as_json(note, len(workspace.mesh.products)), lambda: note)
        return ExitCode.DONE
    from weft.cli.build_progress import build_progress
    from weft.cli.build_report import build_report
    from weft.cli.stop_signal import heard_as_interrupt

    with heard_as_interrupt(), build_progress(session.output) as on_event:
        result = build_mesh(workspace, request, on_event, wait_seconds=wait)
    session.output.show(result.as_json(), lambda: build_report(result))
    if session.output.format == "text":
        sys.stdout.flush()
        session.output.problems(result.problems)
    return ExitCode.CHECK_FAILED if result.is_failed else ExitCode.DONE


def _as_json(note: str, products: int) -> dict[str, object]:
    """The same keys as a build that looked closer."""
    totals = {"products_built": 0, "products_unchanged": products, "products_failed": 0, "products_skipped": 0}
    return {"run": None, "status": "nothing", "note": note, "totals": totals, "products": []}
