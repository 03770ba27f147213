"""A contract that no port names."""

from collections.abc import Iterator

from weft.base.names import nearest
from weft.base.problem import Problem, Severity
from weft.spec.rule import Rule, RuleContext


class ContractUnused(Rule):
    """CONTRACT104: no output port names a contract of the product.

    Why: its promises are checked by nobody, though the file looks as if they were.
    Bad: contracts/old_orders.yaml, and no port with its id.
    Good: remove the file, or name its id at a port.
    """

    code, severity = "CONTRACT104", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every contract without port."""
        for product in context.mesh.products:
            used = {port.contract.path for port in product.output_ports if port.contract}
            without = [port.contract_id for port in product.output_ports if not port.contract and port.contract_id]
            for contract in product.contracts:
                if contract.path in used:
                    continue
                near = nearest(contract.id, without)
                yield self.problem(
                    contract.place,
                    f'No output port of {product.name} names the contract "{contract.id}".',
                    fix=f'Did the port mean it by "{near}"?' if near else "Remove the file, or name its id at a port.",
                )
