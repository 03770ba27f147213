"""A quality rule over a column that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract_walk import columns_at_any_depth, rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class RuleColumnUnknown(Rule):
    """CONTRACT129: a quality rule names a column that its table does not have.

    Why: it cannot be computed.
    Bad: `arguments: {properties: [order_id, line]}` where the column is `line_number`.
    Good: `arguments: {properties: [order_id, line_number]}`.
    """

    code = "CONTRACT129"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unknown column in the arguments of a rule."""
        for _, _, table in tables_of(context.mesh):
            known = {path for path, _ in columns_at_any_depth(table)} | {c.stored_name for c in table.columns}
            for rule in rules_of(table):
                named = rule.arguments.get("properties")
                for name in named if isinstance(named, list) else []:
                    # Full references as `orders.order_id` are allowed too.
                    if isinstance(name, str) and name not in known and name.removeprefix(f"{table.name}.") not in known:
                        yield self.problem(
                            rule.place,
                            f'The rule "{rule.name}" names the column "{name}", which "{table.name}" does not have.',
                            fix=did_you_mean(name, known),
                        )
