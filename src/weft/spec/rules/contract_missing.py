"""An output port without contract."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ContractMissing(Rule):
    """CONTRACT101: an output port has no contract.

    Why: without a promise there is nothing to check, and nothing that a consumer can rely on.
    Bad: output port `orders`, and no file in contracts/ with its `contractId`.
    Good: contracts/orders.yaml whose `id` is the port's `contractId`.
    """

    code = "CONTRACT101"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every port whose contract is not there."""
        for product in context.mesh.products:
            for port in product.output_ports:
                if port.contract is not None:
                    continue
                named = f' with the id "{port.contract_id}"' if port.contract_id else ""
                yield self.problem(
                    port.place,
                    f"The port {port.name} has no contract.",
                    expected=f"a contract in {product.path}/contracts/{named}",
                    fix=f"Add {product.path}/contracts/{port.name.port}.yaml, and `contractId` at the port.",
                )
