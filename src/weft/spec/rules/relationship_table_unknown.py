"""A relationship to a table that is not there."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract_walk import relationships_of, tables_of
from weft.spec.relationship_target import is_outside_mesh, names_to_refer_to, target_of
from weft.spec.rule import Rule, RuleContext


class RelationshipTableUnknown(Rule):
    """CONTRACT120: a relationship leads to a table that neither the contract nor its product knows.

    Why: references that cannot be followed cannot be checked.
    Bad: `to: custmers.customer_id`.
    Good: `to: customers.customer_id`, where `customers` is a table of the contract, or an output or input port of
    the product.
    """

    code = "CONTRACT120"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every relationship that leads nowhere."""
        mesh = context.mesh
        for product, contract, table in tables_of(mesh):
            dangling = {port.name for port in product.input_ports if port.port is None}  # told by SPEC106
            for relationship in relationships_of(table):
                to = relationship.to_table
                if to in dangling:
                    continue
                if is_outside_mesh(to) or target_of(mesh, product, contract, to) is not None:
                    continue
                yield self.problem(
                    relationship.place,
                    f'The relationship from "{", ".join(relationship.from_columns)}" leads to "{to}", which is no '
                    f"table of the contract and no port of {product.name}.",
                    fix=did_you_mean(to, names_to_refer_to(mesh, product, contract)),
                )
