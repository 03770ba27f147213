"""Draft a product on a file that somebody has: land it, look at its rows, write the files."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import ProductName
from weft.base.problem import Place, Problem
from weft.build.draft import Draft, check_new, write_draft
from weft.build.infer.infer_table import infer_table
from weft.ingest.best_landing import best_landing
from weft.ingest.kind_by_ending import kind_of_file
from weft.spec.making import Source
from weft.spec.mesh import Mesh
from weft.workspace.workspace import Workspace

# Codes of a landing that leave a column as text for a person to decide.
_DOUBTS = frozenset({"SOURCE021", "SOURCE022"})


@dataclass(frozen=True)
class NewProduct:
    """What was drafted."""

    product: ProductName
    rows: int  # that the file holds
    rejected: int  # lines of it that cannot be read
    columns: int
    copied_to: Path | None  # where the file was put, if it lay outside the mesh; relative to the mesh
    files: tuple[Path, ...]  # relative to the mesh
    doubts: tuple[Problem, ...] = ()  # columns that could be more than text

    def as_json(self) -> dict[str, object]:
        """The same fields for a machine."""
        return {
            "product": str(self.product),
            "rows": self.rows,
            "rejected": self.rejected,
            "columns": self.columns,
            "copied_to": self.copied_to.as_posix() if self.copied_to else None,
            "files": [path.as_posix() for path in self.files],
            "doubts": [problem.as_json() for problem in self.doubts],
        }


def make_product(workspace: Workspace, product: ProductName, file: Path, owner: str | None = None) -> NewProduct:
    """Draft a product on a file.

    A file outside the mesh is copied to its `data/`, so that the mesh can be built on another machine.

    Args:
        workspace: the mesh to add it to.
        product: its name; nothing of that name may be there.
        file: the rows that it offers.
        owner: the team of a new domain; default: that of the domain, else the first team of the mesh.

    Raises:
        Problem | Problems: INIT0xx where the name or the file cannot be used; SOURCE0xx where it cannot be read.
    """
    mesh = workspace.mesh
    check_new(mesh, product)
    if not file.is_file():
        raise Problem("INIT007", "There is no such file.", Place(str(file)), fix="Name one with --from.")
    kind = kind_of_file(file)
    relative, is_outside = _path_in_mesh(mesh, file)
    source = Source(f"{product.product}_file", kind, Place(str(file)), path=str(file.resolve()))
    with tempfile.TemporaryDirectory(prefix="weft-draft-") as folder, workspace.new_engine() as engine:
        source, landing = best_landing(
            source,
            product=product,
            root=mesh.root,
            folder=Path(folder),
            now=workspace.clock.now(),
            scratch_engine=workspace.new_engine,
        )
        engine.add_parquet(source.name, landing.tables, landing.columns)
        table = infer_table(engine, source.name, product.product)
    if is_outside:
        (mesh.root / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, mesh.root / relative)
    draft = Draft(product, source.name, kind, relative.as_posix(), _owner(mesh, product, owner), table, source.options)
    made = write_draft(mesh, draft)
    copied_to = relative if is_outside else None
    doubts = tuple(problem for problem in landing.problems if problem.code in _DOUBTS)
    return NewProduct(product, landing.rows_landed, landing.rows_rejected, len(table.columns), copied_to, made, doubts)


def _path_in_mesh(mesh: Mesh, file: Path) -> tuple[Path, bool]:
    """The file's path relative to the mesh, and whether it has to be copied there first."""
    resolved, root = file.resolve(), mesh.root.resolve()
    if resolved.is_relative_to(root):
        return resolved.relative_to(root), False
    target = Path("data") / file.name
    if (root / target).exists() and (root / target).read_bytes() != file.read_bytes():
        raise Problem(
            "INIT008",
            "The mesh has another file of that name already, and nothing is overwritten.",
            Place(target.as_posix()),
            fix="Rename the file, or name the one in the mesh with --from.",
        )
    return target, True


def _owner(mesh: Mesh, product: ProductName, owner: str | None) -> str:
    domain = next((domain for domain in mesh.domains if domain.name == product.domain), None)
    declared = domain.owner if domain else None
    found = owner or declared or (mesh.teams[0].name if mesh.teams else None)
    if found is None:
        raise Problem(
            "INIT009",
            "The mesh has no team that could own the product.",
            Place("teams.yaml"),
            fix="Add a team to teams.yaml, or name one with --owner.",
        )
    return found
