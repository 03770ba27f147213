"""A model whose text cannot be read."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ModelDoesNotParse(Rule):
    """MODEL101: the text of a model does not parse.

    Why: what cannot be read can be neither ordered nor run.
    Bad: `SELEC call_id FROM calls`; in Python, a file without `def model(...)`.
    Good: one SELECT in DuckDB's dialect; in Python, `def model(calls: ibis.Table) -> ibis.Table`.
    """

    code = "MODEL101"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield what compiling found."""
        for facts in context.models.values():
            if facts.problem is not None and facts.problem.code == self.code:
                yield facts.problem
