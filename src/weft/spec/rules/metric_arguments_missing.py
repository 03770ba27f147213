"""A metric without what it needs to be computed."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract import QualityRule, RuleKind, Table
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class MetricArgumentsMissing(Rule):
    """CONTRACT112: a quality rule lacks what its metric needs.

    Why: it cannot be computed: valid against what, unique by which columns?
    Bad: `metric: invalidValues` without `validValues` or `pattern`; `metric: duplicateValues` at a table without
    `properties`; `metric: nullValues` at a table.
    Good: `metric: invalidValues` with `arguments: {validValues: [open, paid]}`.
    """

    code = "CONTRACT112"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every rule that cannot be computed for want of arguments."""
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                missing = _missing(rule, table) if rule.kind is RuleKind.LIBRARY else None
                if missing:
                    yield self.problem(
                        rule.place,
                        f'The rule "{rule.name}" lacks what the metric {rule.metric} needs.',
                        expected=missing,
                    )


def _missing(rule: QualityRule, table: Table) -> str | None:
    if rule.metric in ("nullValues", "missingValues", "invalidValues") and rule.column is None:
        return "to stand at a column, below `properties`"
    if rule.metric == "missingValues" and not rule.arguments.get("missingValues"):
        return "`arguments: {missingValues: [...]}`, the values that stand for nothing"
    if rule.metric == "invalidValues" and not rule.arguments.keys() & {"validValues", "pattern"}:
        column = table.column(rule.column or "")
        if column is None or not (column.enum or column.logical_type_options):
            return "`arguments: {validValues: [...]}` or `arguments: {pattern: ...}`"
    if rule.metric == "duplicateValues" and rule.column is None and not rule.arguments.get("properties"):
        return "`arguments: {properties: [...]}`, the columns that together must not repeat"
    return None
