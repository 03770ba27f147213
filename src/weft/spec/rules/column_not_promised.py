"""A column that a model makes and nobody promised."""

from collections.abc import Iterator, Mapping

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract_walk import port_tables
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization
from weft.spec.rule import Rule, RuleContext


class ColumnNotPromised(Rule):
    """MODEL107: a model makes a column that its port's contract does not promise.

    Why: readers would come to rely on a column that may go away without notice, and no check looks at it.
    Bad: `SELECT order_id, total, internal_note` where the contract promises order_id and total.
    Good: leave the column out, or add it to the contract.
    """

    code = "MODEL107"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every column beyond the contract."""
        for product, port, contract, table in port_tables(context.mesh):
            facts = context.models.get((product.name, port.name.port))
            model = product.model(port.name.port)
            if model is None or not table.columns:
                continue
            if facts is not None and facts.columns is not None:
                columns: Mapping[str, str] = facts.columns
            elif model.settings.materialization is Materialization.SNAPSHOT:
                columns = SNAPSHOT_COLUMNS  # known whatever the sources hold
            else:
                continue
            promised = [column.stored_name for column in table.columns]
            folded = {name.casefold() for name in promised}
            made = {name.casefold() for name in columns}
            for name in columns:
                if name.casefold() not in folded:
                    missing = [column for column in promised if column.casefold() not in made]
                    yield self.problem(
                        model.place,
                        f'Model "{model.name}" makes the column "{name}", which {contract.path} does not promise.',
                        fix=did_you_mean(name, missing) or "Leave it out, or add it to the contract.",
                    )
