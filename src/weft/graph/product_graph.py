"""Which product reads which: computed from the declared ports, never guessed."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem
from weft.graph.directed_graph import DirectedGraph
from weft.spec.mesh import Mesh
from weft.spec.product import InputPort, Product


@dataclass(frozen=True)
class PortReader:
    """One input port that reads an output port."""

    product: ProductName
    input_port: InputPort


class ProductGraph:
    """The products of a mesh and who reads whom.

    Input ports that dangle, and ports of products that are not there, are left out: the rules of the
    mesh report them.
    """

    def __init__(self, mesh: Mesh) -> None:
        self.product_by_name: Mapping[ProductName, Product] = {product.name: product for product in mesh.products}
        self.graph: DirectedGraph[ProductName] = DirectedGraph(sorted(self.product_by_name))
        self.readers_by_port: dict[PortName, tuple[PortReader, ...]] = {}
        for product in mesh.products:
            for port in product.input_ports:
                if port.port is None or port.port.product_name not in self.product_by_name:
                    continue
                self.graph.connect(port.port.product_name, product.name)
                already = self.readers_by_port.get(port.port, ())
                self.readers_by_port[port.port] = (*already, PortReader(product.name, port))

    @property
    def order(self) -> tuple[ProductName, ...]:
        """Every product after those that it reads; by name among equals; cycles in one piece."""
        return self.graph.order()

    def upstream(self, name: ProductName) -> tuple[ProductName, ...]:
        """Products that this one reads itself."""
        return tuple(sorted(self.graph.upstream(name)))

    def downstream(self, name: ProductName) -> tuple[ProductName, ...]:
        """Products that read this one themselves."""
        return tuple(sorted(self.graph.downstream(name)))

    def ancestors(self, name: ProductName, depth: int | None = None) -> dict[ProductName, int]:
        """All products that this one depends on, with their distance."""
        return self.graph.above(name, depth)

    def descendants(self, name: ProductName, depth: int | None = None) -> dict[ProductName, int]:
        """All products that depend on this one, with their distance."""
        return self.graph.below(name, depth)

    def cycles(self) -> tuple[tuple[ProductName, ...], ...]:
        """Ways round which products read themselves."""
        return self.graph.cycles()

    def readers(self, port: PortName) -> tuple[PortReader, ...]:
        """Input ports that read this output port."""
        return self.readers_by_port.get(port, ())


def ordered_products(mesh: Mesh) -> tuple[Product, ...]:
    """Every product after those that it reads; by name among equals.

    Raises:
        Problem: GRAPH001, products read each other in a circle.
    """
    graph = ProductGraph(mesh)
    for cycle in graph.cycles():
        first = graph.product_by_name[cycle[0]]
        raise Problem(
            code="GRAPH001",
            what=f"Products read each other in a circle: {' -> '.join(map(str, (*cycle, cycle[0])))}.",
            where=first.place,
            expected="products that can be made one after the other",
            fix="Remove the input port that closes the circle, or make one product of them.",
        )
    return tuple(graph.product_by_name[name] for name in graph.order)
