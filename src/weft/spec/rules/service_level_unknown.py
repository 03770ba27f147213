"""A service level that nobody measures."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem, Severity
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext

# The data QoS words of the standard, and the short ones that it uses in its examples.
_WORDS = (
    "availability completeness consistency duration endOfLife endOfSupport errorRate freshness frequency "
    "generalAvailability latency retention support throughput timeOfAvailability timeToDetect timeToNotify "
    "timeToRepair volume"
)
KNOWN = tuple(_WORDS.split())


class ServiceLevelUnknown(Rule):
    """CONTRACT117: a service level has a name that nobody knows.

    Why: it would be shown to consumers and measured by nobody.
    Bad: `property: freshnes`.
    Good: `property: freshness`.
    """

    code, severity = "CONTRACT117", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every service level of an unknown name."""
        known = {word.casefold() for word in KNOWN}
        for _, contract in contracts_of(context.mesh):
            for level in contract.service_levels:
                if level.property.casefold() not in known:
                    yield self.problem(
                        level.place,
                        f'The service level "{level.property}" of contract "{contract.id}" is not known.',
                        expected=f"one of {', '.join(KNOWN)}",
                        fix=did_you_mean(level.property, KNOWN),
                    )
