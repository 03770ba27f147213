"""An input port that reads what is gone."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class RetiredPortRead(Rule):
    """SPEC116: an input port reads a retired product or contract.

    Why: nobody keeps its promise any more; what is read is the last table that was ever published.
    Bad: an input port on a product with `status: retired`.
    Good: read its successor, or take the product over.
    """

    code = "SPEC116"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every reader of a retired port."""
        mesh = context.mesh
        for product in mesh.products:
            if product.status == "retired":
                continue
            for port in product.input_ports:
                offered = mesh.output_port(port.port) if port.port else None
                owner = mesh.product(port.port.product_name) if port.port else None
                if offered is None or owner is None:
                    continue
                if "retired" in (owner.status, offered.contract.status if offered.contract else None):
                    yield self.problem(
                        port.place,
                        f'Input port "{port.name}" of {product.name} reads {offered.name}, which is retired.',
                        fix="Read its successor, or take the product over and set its status to active.",
                    )
