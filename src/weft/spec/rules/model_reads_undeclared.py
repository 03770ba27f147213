"""A model that reads what its product does not declare."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ModelReadsUndeclared(Rule):
    """MODEL104: a model reads a table that is no source, input port or model of its product.

    Why: the graph of the mesh is what products declare; a table read past it would be a dependency that nobody sees.
    Bad: `FROM sales.orders` or `FROM 'data/orders.csv'` in a model of another product.
    Good: an input port `orders` in product.yaml and `FROM orders` in the model.
    """

    code = "MODEL104"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every undeclared name at its place in the text."""
        for product in context.mesh.products:
            known = [
                *product.making.sources,
                *(port.name for port in product.input_ports),
                *(model.name for model in product.models),
            ]
            folded = {name.casefold() for name in known}
            for model in product.models:
                facts = context.models.get((product.name, model.name))
                for name, place in facts.reads if facts else ():
                    if name.casefold() in folded:
                        continue
                    yield self.problem(
                        place or model.place,
                        f'Model "{model.name}" reads "{name}", which {product.name} does not declare.',
                        expected="a source of build.yaml, an input port of product.yaml, or a model of the product",
                        fix=did_you_mean(name.rpartition(".")[2], known) or "Declare it as an input port or a source.",
                    )
