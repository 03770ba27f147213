"""A quality rule without threshold."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract import Operator, RuleKind
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class ThresholdMissing(Rule):
    """CONTRACT113: a quality rule has no threshold that can be compared.

    Why: it would be measured and never fail.
    Bad: `metric: nullValues` and nothing else.
    Good: `metric: nullValues` with `mustBe: 0`.
    """

    code = "CONTRACT113"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every computed rule without threshold."""
        operators = ", ".join(operator.value for operator in Operator)
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                if rule.kind in (RuleKind.LIBRARY, RuleKind.SQL) and not (rule.thresholds or rule.words):
                    yield self.problem(
                        rule.place,
                        f'The rule "{rule.name}" has no threshold.',
                        expected=f"one of {operators}, with a number",
                        fix="mustBeGreaterThan: 0" if rule.metric == "rowCount" else "mustBe: 0",
                    )
