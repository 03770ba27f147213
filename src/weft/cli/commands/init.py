"""`weft init`: a new mesh, or a new product in one."""

from pathlib import Path

import click

from weft.base.counted import counted
from weft.base.names import ProductName
from weft.cli.options import format_option
from weft.cli.session import Session
from weft.workspace.new_mesh import EMPTY, make_mesh, templates


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--template", "-t", metavar="NAME", default=EMPTY, show_default=True, help="The mesh to begin with.")
@click.option("--list", "is_list", is_flag=True, help="List the templates and make nothing.")
@click.option("--product", metavar="DOMAIN/PRODUCT", help="Draft a product in the mesh that is here.")
@click.option("--from", "file", type=click.Path(path_type=Path), help="The file that the product is drafted on.")
@click.option("--owner", metavar="TEAM", help="Who owns the product.  [default: the domain's team, or the first one]")
@format_option
@click.pass_obj
def command(
    session: Session,
    folder: Path | None,
    template: str,
    is_list: bool,
    product: str | None,
    file: Path | None,
    owner: str | None,
) -> None:
    """Make a new mesh, or a product in one.

    FOLDER must be new or empty: nothing is ever overwritten. A product is drafted on a file: every column with the
    type that all of its values have, a key where one shows, and a promise of what the file holds today. Read it and
    change it: from then on it is yours.

    \b
    Examples:
      weft init --list                                      which meshes there are to begin with
      weft init harbour --template harbour                  three small products with their data
      weft init my-mesh                                     an empty mesh
      weft init --product sales/orders --from orders.csv    a product on a file of yours
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    if is_list:
        _list(session)
    elif product is not None:
        _make_product(session, product, file, owner)
    elif folder is None:
        raise click.UsageError("Name the folder of the new mesh: weft init FOLDER")
    else:
        _make_mesh(session, folder, template)


def _list(session: Session) -> None:
    known = templates()
    width = max(len(one.name) for one in known)
    lines = [f"{one.name:<{width}}  {one.description}" for one in known]
    session.output.show([one.as_json() for one in known], lambda: "\n".join(lines))


def _make_mesh(session: Session, folder: Path, template: str) -> None:
    made = make_mesh(folder, template)
    steps = [f"cd {folder}"]
    steps += ["less README.md"] if Path("README.md") in made else []
    steps += ["weft init --product DOMAIN/PRODUCT --from FILE"] if template == EMPTY else ["weft check", "weft build"]
    session.output.show(
        {"folder": str(folder), "template": template, "files": [path.as_posix() for path in made]},
        lambda: f"{len(made)} files made in {folder}.\n{_next(steps)}",
    )


def _make_product(session: Session, product: str, file: Path | None, owner: str | None) -> None:
    from weft.workspace.new_product import make_product

    if file is None:
        raise click.UsageError("Name the file to draft it on: --from orders.csv")
    try:
        name = ProductName.parse(product)
    except ValueError as error:
        raise click.UsageError(f"{error}, such as sales/orders") from None
    made = make_product(session.open(), name, file, owner)
    session.output.problems(made.doubts if session.output.format == "text" else ())
    said = [f"{counted(made.columns, 'column')} and {counted(made.rows, 'row')} in {file.name}."]
    if made.rejected:
        said.append(f"{counted(made.rejected, 'line')} cannot be read; `weft build` says where and why.")
    if made.copied_to:
        said.append(f"The file is copied to {made.copied_to.as_posix()}.")
    said += ["Made:", *(f"  {path.as_posix()}" for path in made.files)]
    query = f'weft query "SELECT * FROM {name.domain}.{name.product} LIMIT 5"'
    session.output.show(made.as_json(), lambda: "\n".join([*said, _next(["weft check", "weft build", query])]))


def _next(steps: list[str]) -> str:
    return "Next:\n" + "\n".join(f"  {step}" for step in steps)
