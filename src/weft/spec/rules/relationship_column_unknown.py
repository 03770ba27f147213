"""A relationship to or from a column that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract import Table
from weft.spec.contract_walk import columns_at_any_depth, named_path, relationships_of, tables_of
from weft.spec.relationship_target import target_of
from weft.spec.rule import Rule, RuleContext


class RelationshipColumnUnknown(Rule):
    """CONTRACT121: a relationship leads from or to a column that its table does not have.

    Why: references that cannot be followed cannot be checked.
    Bad: `to: customers.id` where the column is `customer_id`.
    Good: `to: customers.customer_id`.
    """

    code = "CONTRACT121"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unknown column of a relationship."""
        for product, contract, table in tables_of(context.mesh):
            for relationship in relationships_of(table):
                target = target_of(context.mesh, product, contract, relationship.to_table)
                ends = [(table, name) for name in relationship.from_columns]
                ends += [(target.table, name) for name in relationship.to_columns] if target else []
                for end, name in ends:
                    if named_path(end, name) is None:
                        known = _names(end)
                        yield self.problem(
                            relationship.place,
                            f'The relationship names the column "{name}", which "{end.name}" does not have.',
                            fix=did_you_mean(name, known),
                        )


def _names(table: Table) -> set[str]:
    return {path for path, _ in columns_at_any_depth(table)} | {column.stored_name for column in table.columns}
