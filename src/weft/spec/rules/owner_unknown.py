"""An owner that teams.yaml does not list."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class OwnerUnknown(Rule):
    """SPEC102: the owner of a product or domain is no team of teams.yaml.

    Why: problems and requests are addressed to the owner; a mistyped team receives nothing.
    Bad: `owner: dues-ofice` where teams.yaml lists `dues-office`.
    Good: `owner: dues-office`. A mesh without teams.yaml is not asked.
    """

    code = "SPEC102"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every owner that is no team."""
        mesh = context.mesh
        known = {team.name for team in mesh.teams}
        if not known:
            return
        owner_by_domain = {domain.name: domain.owner for domain in mesh.domains}
        for domain in mesh.domains:
            if domain.owner and domain.owner not in known:
                where = place_in(mesh, domain.place, "owner")
                yield self._unknown(where, f'Domain "{domain.name}"', domain.owner, known)
        for product in mesh.products:
            if not product.owner or product.owner in known or product.owner == owner_by_domain.get(product.name.domain):
                continue
            where = place_in(mesh, product.place, "team", "name")
            yield self._unknown(where, f'Product "{product.name}"', product.owner, known)

    def _unknown(self, where: Place, whose: str, owner: str, known: set[str]) -> Problem:
        return self.problem(
            where,
            f'{whose} belongs to "{owner}", which is no team of teams.yaml.',
            expected=f"one of {', '.join(sorted(known))}",
            fix=did_you_mean(owner, known) or f'Add "{owner}" to teams.yaml.',
        )
