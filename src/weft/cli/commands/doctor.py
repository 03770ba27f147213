"""`weft doctor`: is this machine, and this mesh, in order?"""

import click

from weft.base.problem import Problem, Problems
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session
from weft.workspace.examine import Examination, examine_machine, examine_mesh

SIGNS = {"ok": "ok  ", "warning": "warn", "failed": "FAIL"}


@click.command()
@format_option
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check that this machine and mesh are in order.

    Looks at Python, the libraries, the space left, the mesh's files, the ledger, the catalogue and every
    published table's files. Changes nothing.

    \b
    Examples:
      weft doctor
      weft --env prod doctor --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    session = ctx.find_object(Session)
    assert session is not None
    found = list(examine_machine(session.folder))
    try:
        workspace = session.open()
    except (Problem, Problems) as problem:
        first = problem.problems[0] if isinstance(problem, Problems) else problem
        found.append(Examination("mesh", "failed", first.what, first.fix))
    else:
        found.extend(examine_mesh(workspace))
    session.output.show([examination.as_json() for examination in found], lambda: _text(found))
    if any(examination.state == "failed" for examination in found):
        ctx.exit(ExitCode.NOT_REACHABLE)


def _text(found: list[Examination]) -> str:
    width = max(len(examination.subject) for examination in found)
    lines = []
    for examination in found:
        lines.append(f"{SIGNS[examination.state]}  {examination.subject:<{width}}  {examination.what}")
        if examination.fix and examination.state != "ok":
            lines.append(f"      {'':<{width}}  Fix: {examination.fix}")
    return "\n".join(lines)
