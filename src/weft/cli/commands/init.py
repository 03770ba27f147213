"""`weft init`: a new mesh, or a new product in one."""

from pathlib import Path

import click

from weft.cli.options import format_option
from weft.cli.session import Session
from weft.workspace.new_mesh import EMPTY, make_mesh, templates


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--template", "-t", metavar="NAME", default=EMPTY, show_default=True, help="The mesh to begin with.")
@click.option("--list", "is_list", is_flag=True, help="List the templates and make nothing.")
@format_option
@click.pass_obj
def command(session: Session, folder: Path | None, template: str, is_list: bool) -> None:
    """Make a new mesh, or a product in one.

    FOLDER must be new or empty: nothing is ever overwritten.

    \b
    Examples:
      weft init --list                          which meshes there are to begin with
      weft init harbour --template harbour      three small products with their data
      weft init my-mesh                         an empty mesh
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    if is_list:
        known = templates()
        width = max(len(one.name) for one in known)
        lines = [f"{one.name:<{width}}  {one.description}" for one in known]
        session.output.show([one.as_json() for one in known], lambda: "\n".join(lines))
        return
    if folder is None:
        raise click.UsageError("Name the folder of the new mesh: weft init FOLDER")
    made = make_mesh(folder, template)
    session.output.show(
        {"folder": str(folder), "template": template, "files": [path.as_posix() for path in made]},
        lambda: f"{len(made)} files made in {folder}.\n{_next_steps(folder, made)}",
    )


def _next_steps(folder: Path, made: tuple[Path, ...]) -> str:
    steps = [f"cd {folder}"]
    steps += ["less README.md"] if Path("README.md") in made else []
    steps += ["weft check", "weft build"]
    return "Next:\n" + "\n".join(f"  {step}" for step in steps)
