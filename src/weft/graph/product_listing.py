"""Products with their ports, owners and sizes, as lists show them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from weft.base.names import ProductName
from weft.graph.product_graph import ProductGraph
from weft.spec.mesh import Mesh
from weft.spec.product import Product


@dataclass(frozen=True)
class ListedProduct:
    """One line of a list of products."""

    product: str
    title: str | None
    owner: str | None
    version: str | None
    status: str | None
    tags: tuple[str, ...]
    reads: tuple[str, ...]  # ports
    ports: tuple[str, ...]
    read_by: tuple[str, ...]  # products

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return asdict(self)


def list_products(mesh: Mesh, names: Iterable[ProductName]) -> tuple[ListedProduct, ...]:
    """The products of these names, in their order."""
    graph = ProductGraph(mesh)
    return tuple(_listed(graph.product_by_name[name], graph) for name in names)


def list_as_text(listed: Iterable[ListedProduct]) -> str:
    """A table with one line a product."""
    rows = [("product", "owner", "version", "ports", "reads")]
    for one in listed:
        ports = ", ".join(port.rpartition("/")[2] for port in one.ports)
        rows.append((one.product, one.owner or "-", one.version or "-", ports or "-", ", ".join(one.reads) or "-"))
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def _listed(product: Product, graph: ProductGraph) -> ListedProduct:
    return ListedProduct(
        product=str(product.name),
        title=product.title,
        owner=product.owner,
        version=product.version,
        status=product.status,
        tags=product.tags,
        reads=tuple(str(port.port or port.contract_id or port.name) for port in product.input_ports),
        ports=tuple(str(port.name) for port in product.output_ports),
        read_by=tuple(str(name) for name in graph.downstream(product.name)),
    )
