"""A service level that nobody measures."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem, Severity
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext
from weft.spec.service_level_kinds import KNOWN, kind_of


class ServiceLevelUnknown(Rule):
    """CONTRACT117: a service level has a name that nobody knows.

    Why: it would be shown to consumers and measured by nobody.
    Bad: `property: freshnes`.
    Good: `property: freshness`.
    """

    code, severity = "CONTRACT117", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every service level of an unknown name."""
        for _, contract in contracts_of(context.mesh):
            for level in contract.service_levels:
                if kind_of(level.property) is None:
                    yield self.problem(
                        level.place,
                        f'The service level "{level.property}" of contract "{contract.id}" is not known.',
                        expected=f"one of {', '.join(KNOWN)}",
                        fix=did_you_mean(level.property, KNOWN),
                    )
