"""An incremental model that cannot tell new rows from old."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.making import Materialization
from weft.spec.rule import Rule, RuleContext


class WatermarkMissing(Rule):
    """MODEL112: an incremental model has no watermark.

    Why: only rows past the watermark are computed; without one it is not known where to go on.
    Bad: `materialization: incremental` without `watermark`.
    Good: `watermark: updated_at`, and `lookback: 2 days` for rows that come late.
    """

    code = "MODEL112"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every incremental model without watermark."""
        for product in context.mesh.products:
            for model in product.models:
                settings = model.settings
                if settings.materialization is Materialization.INCREMENTAL and not settings.watermark:
                    yield self.problem(
                        settings.place or model.place,
                        f'Model "{model.name}" is incremental and has no watermark.',
                        fix="Add `watermark: <a column that only grows>`.",
                    )
