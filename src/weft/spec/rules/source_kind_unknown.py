"""A source of a kind that nobody can read."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in
from weft.spec.source_kinds import SOURCE_KINDS


class SourceKindUnknown(Rule):
    """SOURCE101: a source has a kind that is not known.

    Why: it cannot be landed.
    Bad: `kind: cvs`.
    Good: `kind: csv`.
    """

    code = "SOURCE101"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every source of an unknown kind."""
        for product in context.mesh.products:
            for source in product.making.sources.values():
                if source.kind and source.kind not in SOURCE_KINDS:
                    yield self.problem(
                        place_in(context.mesh, source.place, "sources", source.name, "kind"),
                        f'The source "{source.name}" of {product.name} has a kind that is not known.',
                        found=f'"{source.kind}"',
                        expected=f"one of {', '.join(SOURCE_KINDS)}",
                        fix=did_you_mean(source.kind, SOURCE_KINDS),
                    )
