"""Models that read each other in a circle."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.cycles import find_cycles
from weft.spec.rule import Rule, RuleContext


class ModelCycle(Rule):
    """MODEL105: models of a product read each other in a circle.

    Why: none of them can be made first.
    Bad: models/a.sql reads b, and models/b.sql reads a.
    Good: a third model that both read.
    """

    code = "MODEL105"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every circle once, with the way round."""
        for product in context.mesh.products:
            by_name = {model.name.casefold(): model for model in product.models}
            outside = {name.casefold() for name in product.making.sources}
            outside |= {port.name.casefold() for port in product.input_ports}
            needs = {}
            for name, model in by_name.items():
                facts = context.models.get((product.name, model.name))
                reads = [read.casefold() for read, _ in facts.reads] if facts else []
                # models/orders.sql may read the source or input port `orders`: that is no circle.
                needs[name] = [r for r in reads if r in by_name and not (r == name and name in outside)]
            for cycle in find_cycles(needs):
                names = [by_name[name].name for name in cycle]
                yield self.problem(
                    by_name[cycle[0]].place,
                    f"Models of {product.name} read each other in a circle.",
                    found=" reads ".join((*names, names[0])),
                    fix="Let one of them read a source or an input port instead.",
                )
