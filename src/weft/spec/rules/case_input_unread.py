"""A test that gives a table that its model does not read."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class CaseInputUnread(Rule):
    """MODEL115: a test case gives rows of a table that its model does not read.

    Why: the given rows change nothing, so the test does not test what it says.
    Bad: `given: {order: [...]}` for a model that says `FROM orders`.
    Good: `given: {orders: [...]}`.
    """

    code = "MODEL115"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every given table that is not read."""
        for product in context.mesh.products:
            for test in product.tests:
                facts = context.models.get((product.name, test.model))
                if facts is None or (facts.problem is not None and not facts.reads):
                    continue
                reads = [name for name, _ in facts.reads]
                folded = {name.casefold() for name in reads}
                for name in test.given:
                    if name.casefold() not in folded:
                        yield self.problem(
                            place_in(context.mesh, test.place, "given", name),
                            f'The test "{test.name}" gives rows of "{name}", which the model "{test.model}" '
                            "does not read.",
                            expected=f"one of {', '.join(reads)}" if reads else None,
                            fix=did_you_mean(name, reads),
                        )
