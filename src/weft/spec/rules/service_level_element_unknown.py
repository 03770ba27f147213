"""A service level of a column that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract import Contract
from weft.spec.contract_walk import columns_at_any_depth, contracts_of
from weft.spec.rule import Rule, RuleContext


class ServiceLevelElementUnknown(Rule):
    """CONTRACT119: the `element` of a service level is no column or table of the contract.

    Why: freshness is measured on that column.
    Bad: `element: orders.update_at` where the column is `updated_at`.
    Good: `element: orders.updated_at`.
    """

    code = "CONTRACT119"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every element that does not exist."""
        for _, contract in contracts_of(context.mesh):
            known = _elements(contract)
            for level in contract.service_levels:
                for element in (part.strip() for part in (level.element or "").split(",")):
                    if element and element not in known:
                        yield self.problem(
                            level.place,
                            f'The service level "{level.property}" is about "{element}", which the contract '
                            f'"{contract.id}" does not have.',
                            fix=did_you_mean(element, known),
                        )


def _elements(contract: Contract) -> set[str]:
    known: set[str] = set()
    for table in contract.tables:
        names = {table.name, table.physical_name or table.name}
        columns = {path for path, _ in columns_at_any_depth(table)} | {column.stored_name for column in table.columns}
        known |= names | columns | {f"{name}.{column}" for name in names for column in columns}
    return known
