"""A test that expects a column that its model does not make."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class CaseColumnUnknown(Rule):
    """MODEL116: a test case expects a column that its model does not make.

    Why: it can never pass.
    Bad: `expect: [{order_id: 1, sum: 9.5}]` where the model makes `total`.
    Good: `expect: [{order_id: 1, total: 9.5}]`.
    """

    code = "MODEL116"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every expected column that is not made."""
        for product in context.mesh.products:
            for test in product.tests:
                facts = context.models.get((product.name, test.model))
                if facts is None or facts.columns is None:
                    continue
                known = {name.casefold() for name in facts.columns}
                told: set[str] = set()
                for index, row in enumerate(test.expect):
                    for name in row:
                        if name.casefold() in known or name in told:
                            continue
                        told.add(name)
                        yield self.problem(
                            place_in(context.mesh, test.place, "expect", index, name),
                            f'The test "{test.name}" expects the column "{name}", which the model "{test.model}" '
                            "does not make.",
                            fix=did_you_mean(name, facts.columns),
                        )
