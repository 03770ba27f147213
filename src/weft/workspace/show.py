"""Find what `weft show` was asked for: a run, a port, or a product with all of its ports."""

from dataclasses import dataclass
from typing import Any

from weft.base.names import PortName, ProductName, did_you_mean
from weft.base.problem import Problem
from weft.spec.product import Product
from weft.workspace.show_port import ShownPort, show_port
from weft.workspace.show_run import ShownRun, show_run
from weft.workspace.workspace import Workspace


@dataclass(frozen=True)
class ShownProduct:
    """A product and its ports."""

    product: Product
    ports: tuple[ShownPort, ...]

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        product = self.product
        return {
            "product": str(product.name),
            "title": product.title,
            "version": product.version,
            "status": product.status,
            "owner": product.owner,
            "description": product.description,
            "reads": [str(port.port or port.contract_id) for port in product.input_ports],
            "sources": sorted(product.making.sources),
            "ports": [port.as_json() for port in self.ports],
        }


def show(workspace: Workspace, subject: str) -> ShownRun | ShownPort | ShownProduct:
    """Show `run:last`, `run:ID`, `domain/product` or `domain/product/port`.

    Raises:
        Problem: SHOW001 nothing is called so, SHOW002 there is no such run.
    """
    if subject.startswith("run:"):
        return show_run(workspace, subject.removeprefix("run:"))
    parts = subject.split("/")
    if len(parts) == 2 and all(parts):
        product = workspace.mesh.product(ProductName.parse(subject))
        if product is not None:
            return ShownProduct(product, tuple(show_port(workspace, port) for port in product.output_ports))
    if len(parts) == 3 and all(parts):
        port = workspace.mesh.output_port(PortName.parse(subject))
        if port is not None:
            return show_port(workspace, port)
    products = [str(product.name) for product in workspace.mesh.products]
    ports = [f"{port.name.product_name}/{port.name.port}" for port in workspace.mesh.output_ports()]
    raise Problem(
        "SHOW001",
        f'Nothing is called "{subject}".',
        expected="domain/product, domain/product/port, run:ID or run:last",
        fix=did_you_mean(subject, [*products, *ports]) or "weft ls shows every product and port.",
    )
