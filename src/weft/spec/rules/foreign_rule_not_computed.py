"""A quality rule that is written for another tool."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract import RuleKind
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class ForeignRuleNotComputed(Rule):
    """CONTRACT130: a quality rule is written for another tool and is not computed here.

    Why: a promise that looks checked and is not is worse than none.
    Bad: `type: custom` with `engine: soda`.
    Good: the same rule by a `metric` of the standard, or as `type: sql`.
    """

    code, severity = "CONTRACT130", Severity.INFO

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every rule of another tool."""
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                if rule.kind is RuleKind.CUSTOM:
                    tool = rule.engine or "another tool"
                    yield self.problem(
                        rule.place,
                        f'The rule "{rule.name}" is written for {tool} and is not computed here.',
                        fix="Write it by a metric of the standard, or as `type: sql`.",
                    )
