"""A registered table that no source points to."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class RegisteredSourceUnknown(Rule):
    """SOURCE106: a registered port names a source that build.yaml does not declare.

    Why: nobody knows where its table is.
    Bad: `registered: {orders: {source: warehouse}}` without `sources: {warehouse: ...}`.
    Good: both.
    """

    code = "SOURCE106"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every registration without source."""
        for product in context.mesh.products:
            for name, registered in product.making.registered.items():
                if registered.source and registered.source not in product.making.sources:
                    yield self.problem(
                        registered.place,
                        f'The registered port "{name}" names the source "{registered.source}", which is not declared.',
                        fix=did_you_mean(registered.source, product.making.sources)
                        or f'Declare "{registered.source}" below `sources` in build.yaml.',
                    )
