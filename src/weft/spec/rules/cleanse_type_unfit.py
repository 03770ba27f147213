"""A cleansing step that cannot work on the type of its column."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.cleansing_misfits import misfits_of_mesh
from weft.spec.rule import Rule, RuleContext


class CleanseTypeUnfit(Rule):
    """CLEANSE004: a step of a cleansing cannot work on the type that a column has there.

    Why: texts have no median and numbers no blanks around them; the build would fail.
    Bad: `impute: {columns: [fee], method: median}` where fee is a text.
    Good: `parse: {columns: [fee], type: "decimal(12,2)", on_error: empty}` before it.
    """

    code = "CLEANSE004"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every such column."""
        yield from misfits_of_mesh(context, self.code)
