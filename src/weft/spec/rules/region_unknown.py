"""A domain in a region that the mesh does not have."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class RegionUnknown(Rule):
    """SPEC104: a domain lies in a region that weft.yaml does not list.

    Why: policies hold by region; a mistyped one would put the domain's data under none.
    Bad: `region: ue` in domain.yaml, `regions: [eu]` in weft.yaml.
    Good: `region: eu`.
    """

    code = "SPEC104"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every domain in an unknown region."""
        mesh = context.mesh
        for domain in mesh.domains:
            if domain.region and domain.region not in mesh.regions:
                listed = ", ".join(mesh.regions)
                yield self.problem(
                    place_in(mesh, domain.place, "region"),
                    f'Domain "{domain.name}" lies in the region "{domain.region}", which weft.yaml does not list.',
                    expected=f"one of {listed}" if listed else "a region of weft.yaml, which lists none",
                    fix=did_you_mean(domain.region, mesh.regions)
                    or f'Add "{domain.region}" to `regions` in weft.yaml.',
                )
