"""A test of a model that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class CaseModelUnknown(Rule):
    """MODEL114: a test case names a model that its product does not have.

    Why: it tests nothing, though the file looks as if it did.
    Bad: `model: order` in tests/late_order.yaml, and models/orders.sql.
    Good: `model: orders`.
    """

    code = "MODEL114"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every test without model."""
        for product in context.mesh.products:
            names = [model.name for model in product.models]
            for test in product.tests:
                if test.model not in names:
                    yield self.problem(
                        place_in(context.mesh, test.place, "model"),
                        f'The test "{test.name}" names the model "{test.model}", which {product.name} does not have.',
                        fix=did_you_mean(test.model, names),
                    )
