"""Read a whole mesh from its folder.

Mistakes of content never stop the reading: they are put into `Mesh.problems`, all at once, and what could be read
is there for the rules to look at.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from weft.base.problem import Place, Problem
from weft.spec.load_product import link_inputs, load_product
from weft.spec.load_settings import Settings, load_settings, override
from weft.spec.load_teams import load_domain, load_teams
from weft.spec.mesh import Mesh
from weft.spec.mesh_files import DomainFiles, Layout, MeshFiles, find_layout
from weft.spec.product import Product
from weft.spec.team import Domain, Team

SETTINGS_FILES = ("weft.yaml", "weft.yml")


def find_mesh_root(folder: Path) -> Path:
    """The folder itself or its nearest parent that holds weft.yaml.

    Raises:
        Problem: SPEC001 where there is none.
    """
    start = folder.resolve()
    for candidate in (start, *start.parents):
        if any((candidate / name).is_file() for name in SETTINGS_FILES):
            return candidate
    raise Problem(
        "SPEC001",
        "There is no mesh here: neither this folder nor one above it holds weft.yaml.",
        Place(str(folder)),
        fix="Change into a mesh, name it with `--mesh`, or make one: weft init",
    )


def load_mesh(root: Path, *, environ: Mapping[str, str] = os.environ) -> Mesh:
    """Read the mesh that holds a folder.

    Args:
        root: the mesh's folder or one below it.
        environ: variables of the process; `WEFT_*` win over weft.yaml.

    Returns:
        The mesh, with every mistake of its files in `problems`.

    Raises:
        Problem: SPEC001 where there is no mesh.
    """
    found = find_mesh_root(root)
    return apply_environment(read_mesh(found, find_layout(found), MeshFiles(found)), environ)


def read_mesh(root: Path, layout: Layout, files: MeshFiles) -> Mesh:
    """Read the files of a layout, leaving the process's environment aside."""
    problems: list[Problem] = []
    settings = _settings(root, layout, files, problems)
    teams = _teams(layout, files, problems)
    domains: list[Domain] = []
    products: list[Product] = []
    for domain_files in layout.domains:
        domain = _domain(domain_files, files, problems)
        domains.append(domain)
        products.extend(_products(domain_files, domain, files, problems))
    return Mesh(
        name=settings.name,
        root=root,
        place=settings.place,
        description=settings.description,
        regions=settings.regions,
        environments=settings.environments,
        default_environment=settings.default_environment,
        teams=teams,
        domains=tuple(domains),
        products=link_inputs(tuple(products)),
        problems=tuple(problems),
        files=dict(sorted(files.fingerprints.items())),
    )


def apply_environment(mesh: Mesh, environ: Mapping[str, str]) -> Mesh:
    """The mesh as `WEFT_*` variables change it."""
    environments, problems = override(mesh.environments, environ)
    return replace(mesh, environments=environments, problems=(*mesh.problems, *problems))


def _settings(root: Path, layout: Layout, files: MeshFiles, problems: list[Problem]) -> Settings:
    file, more = files.read_yaml(layout.settings)
    problems.extend(more)
    return load_settings(file, root.name, problems)


def _teams(layout: Layout, files: MeshFiles, problems: list[Problem]) -> tuple[Team, ...]:
    if layout.teams is None:
        return ()
    file, more = files.read_yaml(layout.teams)
    problems.extend(more)
    return load_teams(file, problems)


def _domain(domain_files: DomainFiles, files: MeshFiles, problems: list[Problem]) -> Domain:
    for folder in domain_files.without_product_file:
        problems.append(
            Problem(
                "MESH008",
                "The folder holds contracts or models and no product.yaml.",
                Place(folder),
                fix=f"Add {folder}/product.yaml.",
            )
        )
    if domain_files.domain is None:
        return Domain(domain_files.name, Place(domain_files.folder))
    file, more = files.read_yaml(domain_files.domain)
    problems.extend(problem for problem in more if problem.code != "YAML013")  # nothing to say is fine
    return load_domain(file, domain_files.name, problems)


def _products(domain_files: DomainFiles, domain: Domain, files: MeshFiles, problems: list[Problem]) -> list[Product]:
    products = []
    for product_files in domain_files.products:
        product, more = load_product(product_files, files, domain)
        problems.extend(more)
        if product is not None:
            products.append(product)
    return products
