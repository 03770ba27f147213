"""A port that is both made here and made elsewhere."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class PortMadeTwice(Rule):
    """SOURCE107: a port is registered as made elsewhere, and a model makes it too.

    Why: which of the two tables its readers get would be a matter of luck.
    Bad: `registered: {orders: ...}` beside models/orders.sql.
    Good: one of the two.
    """

    code = "SOURCE107"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every port that two things make."""
        for product in context.mesh.products:
            for name, registered in product.making.registered.items():
                model = product.model(name)
                if model is not None:
                    yield self.problem(
                        registered.place,
                        f'The port "{name}" of {product.name} is registered as made elsewhere, and a model makes it.',
                        found=model.path,
                        fix="Remove one of the two.",
                    )
