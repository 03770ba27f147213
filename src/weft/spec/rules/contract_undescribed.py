"""A contract that does not say what its rows are."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext


class ContractUndescribed(Rule):
    """CONTRACT105: neither a contract nor its tables say what they hold.

    Why: people and search find a port by these words.
    Bad: no `description` at all.
    Good: `description: {purpose: One row an order.}`.
    """

    code, severity = "CONTRACT105", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every contract without words."""
        for _, contract in contracts_of(context.mesh):
            if not contract.description and not any(table.description for table in contract.tables):
                yield self.problem(
                    contract.place,
                    f'The contract "{contract.id}" does not say what it holds.',
                    fix="Add `description: {purpose: One row ...}`.",
                )
