"""A setting that names a column that the model does not make."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.making import Model
from weft.spec.product import Product
from weft.spec.rule import Rule, RuleContext


class SettingColumnUnknown(Rule):
    """MODEL111: `key`, `watermark` or `updated_at` of a model names a column that it does not make.

    Why: rows could be neither matched nor told new from old.
    Bad: `key: [id]` where the model makes order_id.
    Good: `key: [order_id]`.
    """

    code = "MODEL111"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every such name."""
        for product in context.mesh.products:
            for model in product.models:
                settings = model.settings
                known = _columns(context, product, model)
                if not known:
                    continue
                folded = {name.casefold() for name in known}
                named = [("key", name) for name in settings.key]
                named += [("watermark", settings.watermark)] if settings.watermark else []
                named += [("updated_at", settings.updated_at)] if settings.updated_at else []
                for setting, name in named:
                    if name.casefold() not in folded:
                        yield self.problem(
                            settings.place or model.place,
                            f'"{setting}" of model "{model.name}" names the column "{name}", which it does not make.',
                            expected=f"one of {', '.join(known)}",
                            fix=did_you_mean(name, known),
                        )


def _columns(context: RuleContext, product: Product, model: Model) -> list[str]:
    facts = context.models.get((product.name, model.name))
    if facts is not None and facts.columns is not None:
        return list(facts.columns)
    port = product.output_port(model.name)
    return [column.stored_name for column in port.table.columns] if port and port.table else []
