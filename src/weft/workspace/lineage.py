"""Lineage and impact of an opened mesh, with what the ledger knows of landed sources and published contracts."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.base.names import PortName, ProductName
from weft.graph.impact import Impact, impact_of, impact_of_changes, with_published_contracts
from weft.graph.mesh_lineage import MeshLineage, trace_mesh
from weft.graph.product_graph import ProductGraph
from weft.graph.references import Reference, parse_reference
from weft.graph.trace import Direction, Trace, trace
from weft.spec.contract import Contract
from weft.spec.mesh import Mesh
from weft.workspace.workspace import Workspace


@dataclass(frozen=True)
class Remembered:
    """What the ledger adds to the declaration; nothing where there is no ledger yet."""

    source_columns: Mapping[tuple[ProductName, str], Mapping[str, str]]
    published: Mapping[PortName, Contract]


def trace_reference(
    workspace: Workspace, reference: str, direction: Direction, depth: int | None = None, direct_only: bool = False
) -> Trace:
    """Follow a column or table that is named as on the command line.

    Raises:
        Problem: SELECT004, SELECT005, there is no such table or column.
    """
    wanted = parse_reference(reference, workspace.mesh)
    products = products_around(workspace.mesh, wanted, direction)
    columns = remembered(workspace).source_columns
    lineage = trace_mesh(workspace.mesh, source_columns=columns, products=products)
    return trace(lineage, wanted, direction, depth=depth, direct_only=direct_only)


def impact_of_reference(workspace: Workspace, reference: str) -> tuple[Impact, ...]:
    """What a change of a column or table would touch.

    Raises:
        Problem: SELECT004, SELECT005, there is no such table or column.
    """
    wanted = parse_reference(reference, workspace.mesh)
    known = remembered(workspace)
    products = products_around(workspace.mesh, wanted, Direction.DOWN)
    lineage = trace_mesh(workspace.mesh, source_columns=known.source_columns, products=products)
    return impact_of(lineage, wanted, workspace.mesh, known.published)


def impact_since_publication(workspace: Workspace) -> tuple[Impact, ...]:
    """What the contracts that changed since their last publication touch."""
    known = remembered(workspace)
    lineage = _lineage_as_published(workspace, known)
    return impact_of_changes(workspace.mesh, known.published, lineage)


def products_around(mesh: Mesh, reference: Reference, direction: Direction) -> frozenset[ProductName]:
    """Products whose models a trace can meet; those of the others need not be read."""
    graph = ProductGraph(mesh)
    found = {table.product for table in reference.tables}
    for name in tuple(found):
        if direction is not Direction.DOWN:
            found |= graph.ancestors(name).keys()
        if direction is not Direction.UP:
            found |= graph.descendants(name).keys()
    return frozenset(found)


def remembered(workspace: Workspace) -> Remembered:
    """What the ledger knows, without making one where there is none.

    Raises:
        Problem: the declared ledger does not answer.
    """
    if workspace.environment.ledger is None and not (workspace.storage / "ledger.db").is_file():
        return Remembered({}, {})
    from weft.workspace.check_mesh import landed_columns, published_contracts

    ledger = workspace.ledger
    return Remembered(landed_columns(ledger), published_contracts(ledger))


def _lineage_as_published(workspace: Workspace, known: Remembered) -> MeshLineage:
    mesh = with_published_contracts(workspace.mesh, known.published)
    return trace_mesh(mesh, source_columns=known.source_columns)
