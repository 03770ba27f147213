"""A product that belongs to nobody."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class OwnerMissing(Rule):
    """SPEC101: a product has no owning team.

    Why: nobody is told when its checks fail, and nobody answers its consumers.
    Bad: product.yaml without `team`, in a domain without `owner`.
    Good: `team: {name: team-crm}` in product.yaml, or `owner: team-crm` in domain.yaml for all its products.
    """

    code = "SPEC101"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every product without owner."""
        for product in context.mesh.products:
            if not product.owner:
                yield self.problem(
                    product.place,
                    f'Product "{product.name}" has no owner.',
                    expected="a team of teams.yaml",
                    fix="Add `team: {name: ...}` to product.yaml or `owner: ...` to domain.yaml.",
                )
