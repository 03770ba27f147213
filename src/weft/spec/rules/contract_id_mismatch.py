"""A port and its contract that disagree about the contract's id."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ContractIdMismatch(Rule):
    """CONTRACT102: the `contractId` of a port is not the id of the contract that is named as the port.

    Why: readers find the port by its contract's id; two ids lead to two places.
    Bad: `contractId: sales/order` at the port `orders`, `id: sales/orders` in contracts/orders.yaml.
    Good: `contractId: sales/orders`.
    """

    code = "CONTRACT102"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every port that names another id than its contract has."""
        for port in context.mesh.output_ports():
            if port.contract is None or port.contract_id == port.contract.id:
                continue
            yield self.problem(
                port.place,
                f"The port {port.name} and {port.contract.path} disagree about the contract's id.",
                found=f'"{port.contract_id}"' if port.contract_id else "no `contractId` at the port",
                expected=f'"{port.contract.id}", the id in the contract',
                fix=f"contractId: {port.contract.id}",
            )
