"""A column whose type cannot keep the promise."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.column_type import column_type
from weft.spec.contract_walk import port_tables
from weft.spec.rule import Rule, RuleContext
from weft.spec.sql_type import parse_type
from weft.spec.type_conversion import loss_of


class TypeCannotHold(Rule):
    """MODEL109: a model makes a column of a type that cannot hold what the contract promises.

    Why: storing it as promised would change values without a word, such as rounding money.
    Bad: `total` is DOUBLE in the model, the contract promises DECIMAL(12,2).
    Good: `CAST(total AS DECIMAL(12,2)) AS total` in the model, where the reader of the SQL can see it.
    """

    code = "MODEL109"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every column whose type loses something."""
        for product, port, contract, table in port_tables(context.mesh):
            facts = context.models.get((product.name, port.name.port))
            model = product.model(port.name.port)
            if facts is None or facts.columns is None or model is None:
                continue
            made_by_name = {name.casefold(): (name, text) for name, text in facts.columns.items()}
            for column in table.columns:
                name, text = made_by_name.get(column.stored_name.casefold(), (None, None))
                made, promised = parse_type(text or ""), column_type(column)
                loss = loss_of(made, promised) if made is not None else None
                if loss is not None:
                    yield self.problem(
                        model.place,
                        f'Output column "{name}" is {made}; {contract.path} promises {promised}: {loss}.',
                        found=str(made),
                        expected=f"{promised}, promised at {column.place}",
                        fix=f"CAST({name} AS {promised}) in {model.path}, or change the contract.",
                    )
