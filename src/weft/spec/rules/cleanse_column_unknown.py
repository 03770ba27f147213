"""A cleansing step that names a column which is not there."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.cleansing_misfits import misfits_of_mesh
from weft.spec.rule import Rule, RuleContext


class CleanseColumnUnknown(Rule):
    """CLEANSE003: a step of a cleansing names a column that the model does not make.

    Why: what should be cleansed would be published as it came.
    Bad: `cleanse: [{trim: {columns: [nickname]}}]` where the model makes name.
    Good: `cleanse: [{trim: {columns: [name]}}]`
    """

    code = "CLEANSE003"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every such name."""
        yield from misfits_of_mesh(context, self.code)
