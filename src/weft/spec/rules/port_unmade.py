"""An output port that nothing makes."""

from collections.abc import Iterator

from weft.base.names import nearest
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class PortUnmade(Rule):
    """SPEC113: nothing makes an output port.

    Why: its consumers would find a promise without a table.
    Bad: output port `orders` with neither models/orders.sql nor `registered: {orders: ...}` in build.yaml.
    Good: a file in models/ that is named as the port.
    """

    code = "SPEC113"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every port without model or registration."""
        for product in context.mesh.products:
            names = [model.name for model in product.models]
            for port in product.output_ports:
                name = port.name.port
                if product.model(name) or name in product.making.registered:
                    continue
                near = nearest(name, names)
                if name in product.making.sources:
                    fix = f"Add {product.path}/models/{name}.sql: SELECT * FROM {name}"
                elif near:
                    fix = f'Rename the model "{near}" or the port, so that they agree.'
                else:
                    fix = f"Add {product.path}/models/{name}.sql."
                yield self.problem(
                    port.place, f"Nothing makes the port {port.name}.", expected="a model of its name", fix=fix
                )
