"""A name that SQL and paths cannot take as it is."""

import re
from collections.abc import Iterator

from weft.base.names import is_valid_name
from weft.base.problem import Place, Problem
from weft.spec.rule import Rule, RuleContext


class NameNotUsable(Rule):
    """SPEC120: a domain, product, port, source or model has a name that is not usable everywhere.

    Why: names become parts of SQL, of paths and of addresses; a space or a capital reads differently in each.
    Bad: `Order Items`.
    Good: `order_items`: lower case letters, digits, `_` and `-`, a letter first.
    """

    code = "SPEC120"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unusable name once, where it is declared."""
        for where, what, name in self._names(context):
            if name and not is_valid_name(name):
                usable = re.sub(r"[^a-z0-9_-]+", "_", name.strip().lower()).lstrip("_-0123456789")
                yield self.problem(
                    where,
                    f'The name "{name}" of a {what} is not usable everywhere.',
                    expected="lower case letters, digits, `_` and `-`, a letter first",
                    fix=f'Name it "{usable}".' if usable else None,
                )

    def _names(self, context: RuleContext) -> Iterator[tuple[Place, str, str]]:
        for domain in context.mesh.domains:
            yield domain.place, "domain", domain.name
        for product in context.mesh.products:
            yield product.place, "product", product.name.product
            for output in product.output_ports:
                yield output.place, "port", output.name.port
            for port in product.input_ports:
                yield port.place, "input port", port.name
            for source in product.making.sources.values():
                yield source.place, "source", source.name
            for model in product.models:
                yield model.place, "model", model.name
