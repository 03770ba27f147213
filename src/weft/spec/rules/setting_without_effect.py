"""A setting that the chosen materialization does not look at."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.making import Materialization
from weft.spec.rule import Rule, RuleContext

_READ_BY = {
    "watermark": (Materialization.INCREMENTAL,),
    "lookback": (Materialization.INCREMENTAL,),
    "updated_at": (Materialization.SNAPSHOT,),
    "key": (Materialization.UPSERT, Materialization.INCREMENTAL, Materialization.SNAPSHOT),
}


class SettingWithoutEffect(Rule):
    """MODEL113: a setting of a model has no effect with its materialization.

    Why: whoever wrote it expects something that does not happen.
    Bad: `watermark: updated_at` with `materialization: replace`.
    Good: `materialization: incremental`, or no `watermark`.
    """

    code, severity = "MODEL113", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every such setting."""
        for product in context.mesh.products:
            for model in product.models:
                settings = model.settings
                for name, readers in _READ_BY.items():
                    if getattr(settings, name) and settings.materialization not in readers:
                        yield self.problem(
                            settings.place or model.place,
                            f'"{name}" of model "{model.name}" has no effect with '
                            f"`materialization: {settings.materialization}`.",
                            expected=f"`materialization:` {' or '.join(readers)}",
                        )
