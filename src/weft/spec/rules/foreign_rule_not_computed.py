"""A quality rule that is written for another tool, and that weft does not compute."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract import RuleKind
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class ForeignRuleNotComputed(Rule):
    """CONTRACT130: a quality rule of another tool, or a part of it, is not computed here.

    Why: a promise that looks checked and is not is worse than none.
    Bad: `type: custom` with `engine: soda` and `implementation: "anomaly detection for row_count"`.
    Good: a rule of Great Expectations, Soda or dbt that weft computes, or the same by a `metric` or as `type: sql`.
    """

    code, severity = "CONTRACT130", Severity.INFO

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every rule of another tool that is left to it, with the reasons."""
        known = context.reasons_not_computed
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                if rule.kind is not RuleKind.CUSTOM:
                    continue
                reasons = known(table, rule) if known else ("Nobody has looked whether it can be.",)
                for reason in dict.fromkeys(reasons):
                    yield self.problem(
                        rule.place,
                        f'The rule "{rule.name}" is written for {rule.engine or "another tool"} and is not computed '
                        f"here, in full or in part: {reason}",
                        fix="Write it by a metric of the standard, or as `type: sql`.",
                    )
