"""An input port that nobody in its product uses."""

import re
from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract_walk import contracts_of_product, relationships_of, rules_of
from weft.spec.product import Product
from weft.spec.relationship_target import without_version
from weft.spec.rule import Rule, RuleContext


class InputPortUnused(Rule):
    """SPEC114: no model reads an input port, and neither a relationship nor a rule of a contract leads to it.

    Why: the graph shows a dependency that is not there, and the owner upstream counts a consumer who is none.
    Bad: input port `customers`, and no model says `FROM customers`.
    Good: remove the port, or read it.
    """

    code, severity = "SPEC114", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unread input port of products whose models could all be read."""
        for product in context.mesh.products:
            facts = [context.models.get((product.name, model.name)) for model in product.models]
            if not facts or any(fact is None or (fact.problem and not fact.reads) for fact in facts):
                continue
            read = {name.casefold() for fact in facts if fact for name, _ in fact.reads}
            read |= {
                without_version(relationship.to_table).casefold()
                for contract in contracts_of_product(product)
                for table in contract.tables
                for relationship in relationships_of(table)
            }
            read |= set(_words_of_other_tools(product))
            for port in product.input_ports:
                if not {port.name.casefold(), str(port.port).casefold()} & read:
                    yield self.problem(
                        port.place,
                        f'Nothing in {product.name} uses the input port "{port.name}".',
                        fix="Remove it, or read it in a model.",
                    )


def _words_of_other_tools(product: Product) -> Iterator[str]:
    """Words of rules such as dbt's `relationships: {to: ref('customers')}`, which may name a port."""
    for contract in contracts_of_product(product):
        for table in contract.tables:
            for rule in rules_of(table):
                if rule.implementation is not None:
                    yield from re.findall(r"[a-z0-9_./-]+", str(rule.implementation).casefold())
