"""An input port that reads what will go away."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.rule import Rule, RuleContext


class DeprecatedPortRead(Rule):
    """SPEC115: an input port reads a deprecated port.

    Why: its owner has announced that it will go away.
    Bad: an input port on an output port with `deprecated: true`, or whose contract or product has that status.
    Good: read its successor.
    """

    code, severity = "SPEC115", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every reader of a deprecated port."""
        mesh = context.mesh
        for product in mesh.products:
            for port in product.input_ports:
                offered = mesh.output_port(port.port) if port.port else None
                owner = mesh.product(port.port.product_name) if port.port else None
                if offered is None or owner is None:
                    continue
                statuses = {owner.status, offered.contract.status if offered.contract else None}
                if offered.deprecated or "deprecated" in statuses:
                    yield self.problem(
                        port.place,
                        f'Input port "{port.name}" of {product.name} reads {offered.name}, which is deprecated.',
                        fix=f"Ask {owner.owner or 'its owner'} for its successor.",
                    )
