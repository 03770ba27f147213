"""Products that read each other in a circle."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.cycles import find_cycles
from weft.spec.rule import Rule, RuleContext


class ProductCycle(Rule):
    """SPEC112: products read each other in a circle.

    Why: none of them can be made first.
    Bad: sales/orders reads crm/customers, which reads sales/orders.
    Good: a third product that reads both; or one product of the two.
    """

    code = "SPEC112"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every circle once, with the way round."""
        by_name = {product.name: product for product in context.mesh.products}
        needs = {
            product.name: [port.port.product_name for port in product.input_ports if port.port]
            for product in context.mesh.products
        }
        for cycle in find_cycles(needs):
            closing = needs[cycle[0]].index(cycle[1] if len(cycle) > 1 else cycle[0])
            linked = [port for port in by_name[cycle[0]].input_ports if port.port]
            yield self.problem(
                linked[closing].place,
                "Products read each other in a circle.",
                found=" reads ".join(map(str, (*cycle, cycle[0]))),
                fix="Remove one of these input ports, or move what both need into a product that both read.",
            )
