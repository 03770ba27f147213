"""A registered table for a port that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class RegisteredPortUnknown(Rule):
    """SOURCE105: `registered` in build.yaml names a port that the product does not offer.

    Why: the table would be checked against nothing and offered to nobody.
    Bad: `registered: {order: {source: warehouse_orders}}` where the port is `orders`.
    Good: `registered: {orders: {source: warehouse_orders}}`.
    """

    code = "SOURCE105"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every registration without port."""
        for product in context.mesh.products:
            ports = [port.name.port for port in product.output_ports]
            for name, registered in product.making.registered.items():
                if name not in ports:
                    yield self.problem(
                        registered.place,
                        f'build.yaml registers the port "{name}", which {product.name} does not offer.',
                        fix=did_you_mean(name, ports),
                    )
