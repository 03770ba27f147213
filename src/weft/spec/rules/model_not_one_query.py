"""A SQL model that is more or less than one query."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ModelNotOneQuery(Rule):
    """MODEL102: a SQL model is not one SELECT.

    Why: a model makes one table out of others; how it is stored is weft's part.
    Bad: `CREATE TABLE orders AS SELECT ...`, `DELETE FROM orders`, or two statements in one file.
    Good: `SELECT ... FROM orders_raw`, with CTEs for the steps.
    """

    code = "MODEL102"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield what compiling found."""
        for facts in context.models.values():
            if facts.problem is not None and facts.problem.code == self.code:
                yield facts.problem
