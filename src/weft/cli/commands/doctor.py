"""`weft doctor`: is this machine, and this mesh, in order?"""

from pathlib import Path

import click

from weft.base.problem import Problem, Problems
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session
from weft.workspace.examine.examination import Examination
from weft.workspace.examine.machine import examine_machine
from weft.workspace.examine.mesh import examine_mesh

SIGNS = {"ok": "ok  ", "warning": "warn", "failed": "FAIL"}


@click.command()
@click.option("--deep", is_flag=True, help="Hold every fact and every stored file against its digest.")
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Verify that the ledger holds the heads that `weft anchor` wrote to this file.",
)
@format_option
@click.pass_context
def command(ctx: click.Context, deep: bool, against: Path | None) -> None:
    """Check that this machine and mesh are in order.

    Looks at Python, the libraries, the space left, the mesh's files, the ledger and its newest facts, the
    catalogue and every published table's files. Changes nothing.

    \b
    Examples:
      weft doctor
      weft doctor --deep                      every fact and every stored byte
      weft doctor --against heads.ndjson      was the ledger cut or written anew since?
      weft --env prod doctor --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    session = ctx.find_object(Session)
    assert session is not None
    found = list(examine_machine(session.folder))
    try:
        workspace = session.open()
    except (Problem, Problems) as problem:
        first = problem.problems[0] if isinstance(problem, Problems) else problem
        found.append(Examination.of_problem("mesh", first))
    else:
        found.extend(examine_mesh(workspace, deep=deep, against=against, say=session.output.progress))
    session.output.show([examination.as_json() for examination in found], lambda: _text(found))
    if any(examination.state == "failed" for examination in found):
        ctx.exit(ExitCode.NOT_REACHABLE)


def _text(found: list[Examination]) -> str:
    width = max(len(examination.subject) for examination in found)
    lines = []
    for examination in found:
        more = f"  (weft explain {examination.code})" if examination.code else ""
        lines.append(f"{SIGNS[examination.state]}  {examination.subject:<{width}}  {examination.what}{more}")
        if examination.fix and examination.state != "ok":
            lines.append(f"      {'':<{width}}  Fix: {examination.fix}")
    return "\n".join(lines)
