"""A table that is merged by a key that nobody named."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.making import Materialization
from weft.spec.rule import Rule, RuleContext

_MERGED = (Materialization.UPSERT, Materialization.INCREMENTAL, Materialization.SNAPSHOT)


class KeyMissing(Rule):
    """MODEL110: a model is merged by key and has none.

    Why: which row replaces which cannot be guessed.
    Bad: `materialization: upsert` without `key`, and no `primaryKey` in the contract.
    Good: `key: [order_id]`, or `primaryKey: true` at a column of the contract.
    """

    code = "MODEL110"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every merged model without key."""
        for product in context.mesh.products:
            for model in product.models:
                settings, port = model.settings, product.output_port(model.name)
                table = port.table if port else None
                if settings.materialization not in _MERGED or settings.key or (table and table.primary_key):
                    continue
                yield self.problem(
                    settings.place or model.place,
                    f'Model "{model.name}" is merged by key ({settings.materialization}) and has none.',
                    fix="Add `key: [...]` here, or `primaryKey: true` in the contract.",
                )
