"""A contract that promises nothing."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext


class ContractWithoutColumns(Rule):
    """CONTRACT127: the contract of a port promises no column for it.

    Why: a reader would not know what to read, and nothing could be checked.
    Bad: no `schema`; a table without `properties`; or several tables of which none is named as the port.
    Good: `schema: [{name: orders, properties: [...]}]` for the port `orders`.
    """

    code = "CONTRACT127"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every port whose contract has no columns for it."""
        for port in context.mesh.output_ports():
            contract, table = port.contract, port.table
            if contract is None or (table is not None and table.columns):
                continue
            if table is not None:
                found, where = f'the table "{table.name}" without `properties`', table.place
            elif contract.tables:
                names = ", ".join(table.name for table in contract.tables)
                found, where = f"several tables, none of them named as the port: {names}", contract.tables[0].place
            else:
                found, where = "no `schema`", contract.place
            yield self.problem(
                where,
                f'The contract "{contract.id}" promises no column for the port {port.name}.',
                found=found,
                expected=f"a table {port.name.port} with `properties`",
            )
