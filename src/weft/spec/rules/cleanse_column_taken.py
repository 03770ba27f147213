"""A cleansing step that adds a column which is there already."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.cleansing_misfits import misfits_of_mesh
from weft.spec.rule import Rule, RuleContext


class CleanseColumnTaken(Rule):
    """CLEANSE005: a step of a cleansing adds a column whose name the rows have already.

    Why: one of the two would be lost.
    Bad: `impute: {columns: [fee], method: median}` where the model makes fee_imputed itself.
    Good: the model's own column called otherwise, or `mark: list`.
    """

    code = "CLEANSE005"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every such name."""
        yield from misfits_of_mesh(context, self.code)
