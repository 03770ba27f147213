"""A SQL model that does not fit its inputs."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ModelDoesNotBind(Rule):
    """MODEL103: a SQL model names a column, function or type that is not there, or mixes types that do not go together.

    Why: it would fail when it runs; it is compiled against the promised columns of its inputs, without any data.
    Bad: `SELECT arived_at FROM calls`, where the column is `arrived_at`.
    Good: `SELECT arrived_at FROM calls`.
    """

    code = "MODEL103"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield what compiling found."""
        for facts in context.models.values():
            if facts.problem is not None and facts.problem.code == self.code:
                yield facts.problem
