"""Two ports of one product under one name."""

from collections.abc import Iterable, Iterator

from weft.base.problem import Place, Problem
from weft.spec.rule import Rule, RuleContext


class PortNameRepeated(Rule):
    """SPEC110: two input ports or two output ports of a product have the same name.

    Why: a name in SQL can mean one table only. SQL does not tell upper case from lower case.
    Bad: two output ports `orders`; or input ports `orders` and `Orders`.
    Good: a name of its own for each.
    """

    code = "SPEC110"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every second port of a name."""
        for product in context.mesh.products:
            inputs = ((port.name, port.place) for port in product.input_ports)
            outputs = ((port.name.port, port.place) for port in product.output_ports)
            yield from self._repeated(inputs, f"{product.name} has two input ports")
            yield from self._repeated(outputs, f"{product.name} has two output ports")

    def _repeated(self, ports: Iterable[tuple[str, Place]], what: str) -> Iterator[Problem]:
        first_by_name: dict[str, Place] = {}
        for name, place in ports:
            first = first_by_name.setdefault(name.casefold(), place)
            if first is not place:
                yield self.problem(place, f'{what} named "{name}".', found=f"the first is at {first}")
