"""A quality rule that asks for a metric that nobody computes."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract import RuleKind
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext

METRICS = ("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount")


class MetricUnknown(Rule):
    """CONTRACT111: a quality rule names a metric that the standard does not have.

    Why: it would never be computed.
    Bad: `metric: nulValues`.
    Good: `metric: nullValues`; the others are missingValues, invalidValues, duplicateValues and rowCount.
    """

    code = "CONTRACT111"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every library rule without a known metric."""
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                if rule.kind is RuleKind.LIBRARY and rule.metric not in METRICS:
                    yield self.problem(
                        rule.place,
                        f'The rule "{rule.name}" names no metric of the standard.',
                        found=rule.metric or "no `metric`",
                        expected=f"one of {', '.join(METRICS)}",
                        fix=did_you_mean(rule.metric, METRICS) if rule.metric else None,
                    )
