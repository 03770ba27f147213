"""An input port that leads nowhere."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class InputPortDangling(Rule):
    """SPEC106: an input port reads a contract that no output port of the mesh offers.

    Why: nothing can be read through it, so nothing behind it can be made.
    Bad: `contractId: sales/ordres` where the port's contract is `sales/orders`; or no `contractId` at all.
    Good: `contractId: sales/orders`.
    """

    code = "SPEC106"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every input port that leads nowhere."""
        mesh = context.mesh
        known = {port.contract_id for port in mesh.output_ports() if port.contract_id}
        known |= {port.contract.id for port in mesh.output_ports() if port.contract}
        for product in mesh.products:
            for port in product.input_ports:
                if port.port is not None:
                    continue
                if not port.contract_id:
                    yield self.problem(
                        port.place,
                        f'Input port "{port.name}" of {product.name} does not say which contract it reads.',
                        expected="`contractId: ...`, the id of an output port's contract",
                        fix=did_you_mean(port.name, known),
                    )
                    continue
                yield self.problem(
                    port.place,
                    f'Input port "{port.name}" of {product.name} reads "{port.contract_id}", which no port offers.',
                    expected="the id of an output port's contract",
                    fix=did_you_mean(port.contract_id, known),
                )
