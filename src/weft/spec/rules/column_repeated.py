"""Two columns under one name."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract import Column
from weft.spec.contract_walk import tables_of
from weft.spec.rule import Rule, RuleContext


class ColumnRepeated(Rule):
    """CONTRACT126: a table promises two columns of one name.

    Why: SQL does not tell upper case from lower case, so a table cannot hold both.
    Bad: `- name: total` and `- name: Total`.
    Good: one of them, or `physicalName` for the second.
    """

    code = "CONTRACT126"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every second column of a name."""
        for _, _, table in tables_of(context.mesh):
            first_by_name: dict[str, Column] = {}
            for column in table.columns:
                first = first_by_name.setdefault(column.stored_name.casefold(), column)
                if first is not column:
                    yield self.problem(
                        column.place,
                        f'The table "{table.name}" promises the column "{column.stored_name}" twice.',
                        found=f"the first is at {first.place}",
                    )
