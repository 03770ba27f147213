"""A model that makes a table for nobody."""

from collections.abc import Iterator

from weft.base.names import nearest
from weft.base.problem import Problem, Severity
from weft.spec.rule import Rule, RuleContext


class ModelUnread(Rule):
    """MODEL106: a model is no output port, and no other model reads it.

    Why: it costs time on every build and serves nobody; often its name was meant to be the port's.
    Bad: models/order.sql beside the port `orders`.
    Good: models/orders.sql.
    """

    code, severity = "MODEL106", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every model without reader."""
        for product in context.mesh.products:
            ports = [port.name.port for port in product.output_ports]
            read: set[str] = set()
            for model in product.models:
                facts = context.models.get((product.name, model.name))
                reads = {name.casefold() for name, _ in facts.reads} if facts else set()
                read |= reads - {model.name.casefold()}
            for model in product.models:
                if model.name in ports or model.name.casefold() in read:
                    continue
                near = nearest(model.name, ports)
                yield self.problem(
                    model.place,
                    f'Nobody reads the model "{model.name}" of {product.name}: it is no port, and no model reads it.',
                    fix=f'Did you mean the port "{near}"?' if near else "Remove it, or offer it as an output port.",
                )
