"""Make a folder into a mesh, out of one of the reference meshes that come with weft."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem

EMPTY = "empty"


@dataclass(frozen=True)
class Template:
    """A mesh that `weft init` can copy."""

    name: str
    description: str
    folder: Path

    def as_json(self) -> dict[str, str]:
        """The same fields for a machine."""
        return {"name": self.name, "description": self.description}


def templates() -> tuple[Template, ...]:
    """The meshes that come with weft, the empty one first."""
    folder = _templates_folder()
    found = [Template(path.parent.name, _description(path), path.parent) for path in folder.glob("*/weft.yaml")]
    return tuple(sorted(found, key=lambda template: (template.name != EMPTY, template.name)))


def make_mesh(folder: Path, template_name: str) -> tuple[Path, ...]:
    """Copy a template into a folder that is new or empty.

    Returns:
        The files that were made, relative to the folder.

    Raises:
        Problem: INIT001 for an unknown template; INIT002 where the folder holds something already.
    """
    known = {template.name: template for template in templates()}
    template = known.get(template_name)
    if template is None:
        raise Problem(
            "INIT001",
            f'There is no template "{template_name}".',
            expected=", ".join(known),
            fix=did_you_mean(template_name, known) or "See them all: weft init --list",
        )
    # A repository that was just made is as good as empty.
    if folder.exists() and (not folder.is_dir() or any(path.name != ".git" for path in folder.iterdir())):
        raise Problem(
            "INIT002",
            "A mesh is made in a new or empty folder; this one holds something already, and nothing is overwritten.",
            Place(str(folder)),
            fix="Name another folder: weft init NEW_FOLDER",
        )
    made = _copy(template.folder, folder)
    if template_name == EMPTY:
        settings = folder / "weft.yaml"
        named = settings.read_text(encoding="utf-8").replace(f"name: {EMPTY}", f"name: {_name_of(folder)}", 1)
        settings.write_text(named, encoding="utf-8")
    return made


def _templates_folder() -> Path:
    """`weft/templates` of an installed weft; `meshes` of a checkout."""
    package = Path(__file__).resolve().parents[1]
    for candidate in (package / "templates", package.parents[1] / "meshes"):
        if (candidate / EMPTY / "weft.yaml").is_file():
            return candidate
    raise Problem("INIT003", "This installation of weft holds no templates.", Place(str(package)), fix="Install again.")


def _description(settings: Path) -> str:
    # One line of a file of our own: reading it as YAML would cost more than all the rest of this command.
    match = re.search(r"^description: (.+)$", settings.read_text(encoding="utf-8"), re.MULTILINE)
    return match.group(1) if match and settings.parent.name != EMPTY else "A mesh without domains, to begin your own."


def _copy(template: Path, folder: Path) -> tuple[Path, ...]:
    # What a template makes while it runs (tables, simulated data) is what its .gitignore names, and not a part of it.
    ignored = {line.strip().rstrip("/") for line in (template / ".gitignore").read_text(encoding="utf-8").splitlines()}
    made = []
    for source in sorted(path for path in template.rglob("*") if path.is_file()):
        relative = source.relative_to(template)
        if ignored.isdisjoint(relative.parts) and "__pycache__" not in relative.parts:
            target = folder / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            made.append(relative)
    return tuple(made)


def _name_of(folder: Path) -> str:
    """A mesh's name made of its folder's.

    >>> _name_of(Path("/srv/My Mesh 2")), _name_of(Path("/srv/42"))
    ('my-mesh-2', 'mesh-42')
    """
    words = re.sub(r"[^a-z0-9_]+", "-", folder.resolve().name.casefold()).strip("-_")
    return words if words[:1].isalpha() else f"mesh-{words}".rstrip("-")
