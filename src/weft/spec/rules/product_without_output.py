"""A product that offers nothing."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.rule import Rule, RuleContext


class ProductWithoutOutput(Rule):
    """SPEC122: a product has no output port.

    Why: nobody can read it, so whatever it makes serves nobody.
    Bad: product.yaml without `outputPorts`.
    Good: at least one output port with a contract.
    """

    code, severity = "SPEC122", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every product without output port."""
        for product in context.mesh.products:
            if not product.output_ports:
                yield self.problem(
                    product.place,
                    f'Product "{product.name}" offers nothing.',
                    fix="Add `outputPorts` to product.yaml.",
                )
