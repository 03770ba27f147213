"""Two ports that claim one contract."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.product import OutputPort
from weft.spec.rule import Rule, RuleContext


class ContractClaimedTwice(Rule):
    """SPEC111: two output ports claim the same contract id.

    Why: an input port names the contract that it reads; it cannot mean two tables.
    Bad: `contractId: sales/orders` at two output ports, of one product or of two.
    Good: a contract of its own for each port.
    """

    code = "SPEC111"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every second port that claims an id."""
        first_by_id: dict[str, OutputPort] = {}
        for port in context.mesh.output_ports():
            claimed = port.contract_id or (port.contract.id if port.contract else None)
            if not claimed:
                continue
            first = first_by_id.setdefault(claimed, port)
            if first is not port:
                yield self.problem(
                    port.place,
                    f'Ports {first.name} and {port.name} claim the same contract "{claimed}".',
                    found=f"the first is at {first.place}",
                    fix=f"Give {port.name} a contract of its own.",
                )
