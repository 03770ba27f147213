"""One name for two things that a model may read."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.product import Product
from weft.spec.rule import Rule, RuleContext


class NameAmbiguous(Rule):
    """SPEC121: one name means two things that a model reads.

    Why: `FROM orders` would be a guess. A model may be named as the one source or input port that it reads itself,
    as in models/orders.sql with `FROM orders`; but then no other model may read that name.
    Bad: a source `orders` and an input port `orders`; or models/report.sql reading `orders`, which is both a source
    and a model.
    Good: source `orders_raw`, model `orders`.
    """

    code = "SPEC121"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every name of two meanings that somebody reads."""
        for product in context.mesh.products:
            sources = {name.casefold(): source for name, source in product.making.sources.items()}
            for port in product.input_ports:
                source = sources.get(port.name.casefold())
                if source is not None:
                    yield self.problem(
                        source.place,
                        f'"{port.name}" is both a source and an input port of {product.name}.',
                        found=f"the input port is at {port.place}",
                        fix=f'Rename the source, such as "{port.name}_raw".',
                    )
            yield from self._models(product, context)

    def _models(self, product: Product, context: RuleContext) -> Iterator[Problem]:
        outside = {name.casefold() for name in product.making.sources} | {
            p.name.casefold() for p in product.input_ports
        }
        shadowed = {model.name.casefold() for model in product.models} & outside
        for model in product.models:
            facts = context.models.get((product.name, model.name))
            for name, place in facts.reads if facts else ():
                if name.casefold() in shadowed and name.casefold() != model.name.casefold():
                    yield self.problem(
                        place or model.place,
                        f'Model "{model.name}" reads "{name}", which is both a model and a source or input port.',
                        fix=f'Rename the source or input port, such as "{name}_raw".',
                    )
