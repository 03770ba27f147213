"""`weft check`: the rules, without touching data."""

import re
import sys
from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.output import is_colour_wanted
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.workspace.check_mesh import MeshCheck


@click.command("check")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@format_option
@click.pass_obj
def command(session: Session, strict: bool) -> int:
    """Find every mistake of the mesh without touching data.

    Reads every file of the mesh, runs all rules, and binds every SQL model against the promised columns of its
    inputs. No data is read and nothing is written. Exit code 10 where there is an error.

    \b
    Examples:
      weft check                     every problem with its file, line and fix
      weft check --strict            for pull requests: warnings fail too
      weft check --format json       for editors and bots
      weft explain MODEL104          what a code means
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.check_mesh import check_mesh

    result = check_mesh(session.open())
    session.output.show(_as_json(result, strict), lambda: _as_text(session, result))
    return ExitCode.MESH_NOT_VALID if _fails(result, strict) else ExitCode.DONE


def _fails(result: "MeshCheck", strict: bool) -> bool:
    return bool(result.errors) or (strict and bool(result.warnings))


def _as_json(result: "MeshCheck", strict: bool) -> dict[str, object]:
    return {
        "ok": not _fails(result, strict),
        "errors": len(result.errors),
        "warnings": len(result.warnings),
        "files": result.files,
        "products": result.products,
        "ports": result.ports,
        "models": result.models,
        "models_bound": result.models_bound,
        "rules": result.rules,
        "problems": [problem.as_json() for problem in result.problems],
    }


def _as_text(session: Session, result: "MeshCheck") -> str:
    paint = session.output.painted if is_colour_wanted(sys.stdout) else str
    told = [paint(problem) for problem in result.problems]
    looked_at = (
        f"{counted(result.files, 'file')}, {counted(result.products, 'product')}, {counted(result.ports, 'port')}, "
        f"{counted(result.models, 'model')} (columns of {result.models_bound} known), {counted(result.rules, 'rule')}"
    )
    found = (counted(len(result.errors), "error"), counted(len(result.warnings), "warning"))
    total = ", ".join(re.sub("^0 ", "no ", one) for one in found) + f" in {looked_at}"
    if session.output.verbosity < 0 and not told:
        return ""
    return "\n".join([*told, *([""] if told else []), total])
