"""A domain that says not where it lies, in a mesh of several regions."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class RegionMissing(Rule):
    """SPEC105: a domain names no region though the mesh has several.

    Why: which law its data falls under cannot be guessed.
    Bad: `regions: [eu, us]` in weft.yaml and a domain.yaml without `region`.
    Good: `region: eu`. In a mesh of one region there is nothing to say.
    """

    code = "SPEC105"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every domain without region."""
        mesh = context.mesh
        if len(mesh.regions) < 2:
            return
        for domain in mesh.domains:
            if not domain.region:
                yield self.problem(
                    domain.place,
                    f'Domain "{domain.name}" names no region.',
                    expected=f"one of {', '.join(mesh.regions)}",
                    fix="Add `region: ...` to domain.yaml.",
                )
