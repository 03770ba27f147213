"""A threshold that every table passes, or none."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract import QualityRule, Threshold
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class ThresholdImpossible(Rule):
    """CONTRACT114: a threshold lies where no measured value can be.

    Why: the rule would always pass, or never.
    Bad: `unit: percent` with `mustBeLessThan: 500`; `mustBeBetween: [10, 1]`; `mustBe: -1`.
    Good: percentages from 0 to 100, counts from 0, the smaller number first.
    """

    code = "CONTRACT114"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every threshold out of its range."""
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                for threshold in rule.thresholds:
                    expected = _expected(rule, threshold)
                    if expected:
                        bounds = " and ".join(f"{bound:g}" for bound in threshold.bounds)
                        yield self.problem(
                            rule.place,
                            f'The threshold of the rule "{rule.name}" lies where no measured value can be.',
                            found=f"{threshold.operator.value} {bounds}",
                            expected=expected,
                        )


def _expected(rule: QualityRule, threshold: Threshold) -> str | None:
    if len(threshold.bounds) == 2 and threshold.bounds[0] > threshold.bounds[1]:
        return "the smaller number first"
    if rule.metric is None:  # the value of a SQL rule may be anything
        return None
    if rule.unit == "percent" and not all(0 <= bound <= 100 for bound in threshold.bounds):
        return "a percentage from 0 to 100"
    if any(bound < 0 for bound in threshold.bounds):
        return "a count from 0"
    return None
