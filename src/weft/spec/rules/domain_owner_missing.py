"""A domain without owner."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.rule import Rule, RuleContext


class DomainOwnerMissing(Rule):
    """SPEC103: a domain has no owning team.

    Why: questions that concern no single product, such as its policies, have no addressee; products that name no
    team of their own have none either.
    Bad: domain.yaml without `owner`.
    Good: `owner: team-crm`.
    """

    code, severity = "SPEC103", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every domain without owner."""
        for domain in context.mesh.domains:
            if not domain.owner:
                yield self.problem(
                    domain.place, f'Domain "{domain.name}" has no owner.', fix="Add `owner: ...` to domain.yaml."
                )
