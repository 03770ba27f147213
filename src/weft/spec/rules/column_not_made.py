"""A column that is promised and that no model makes."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract_walk import port_tables
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization
from weft.spec.rule import Rule, RuleContext


class ColumnNotMade(Rule):
    """MODEL108: a contract promises a column that the model of its port does not make.

    Why: the publication would be refused at the next build.
    Bad: the contract promises order_id and total, and the model says `SELECT order_id, amount`.
    Good: `SELECT order_id, amount AS total`.
    """

    code = "MODEL108"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every promised column that is missing, where it is promised."""
        for product, port, _, table in port_tables(context.mesh):
            facts = context.models.get((product.name, port.name.port))
            model = product.model(port.name.port)
            if facts is None or facts.columns is None or model is None:
                continue
            made = {name.casefold() for name in facts.columns}
            if model.settings.materialization is Materialization.SNAPSHOT:
                made |= set(SNAPSHOT_COLUMNS)
            promised = {column.stored_name.casefold() for column in table.columns}
            extra = [name for name in facts.columns if name.casefold() not in promised]
            for column in table.columns:
                if column.stored_name.casefold() not in made:
                    yield self.problem(
                        column.place,
                        f'The contract promises the column "{column.stored_name}", which {model.path} does not make.',
                        fix=did_you_mean(column.stored_name, extra) or "Make it, or take the promise back.",
                    )
