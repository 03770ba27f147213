"""A source column of a type that is none."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in
from weft.spec.sql_type import parse_type

_COMMON = ("varchar", "integer", "bigint", "double", "decimal", "boolean", "date", "timestamp", "time")


class SourceColumnTypeUnknown(Rule):
    """SOURCE104: `columns` of a source gives a column a type that the engine does not know.

    Why: the column could not be read.
    Bad: `columns: {fee: "decimel(10,2)"}`.
    Good: `columns: {fee: "decimal(10,2)"}`.
    """

    code = "SOURCE104"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unknown type of a source's column."""
        for product in context.mesh.products:
            for source in product.making.sources.values():
                for column, text in source.columns.items():
                    if parse_type(text) is None:
                        yield self.problem(
                            place_in(context.mesh, source.place, "sources", source.name, "columns", column),
                            f'The type of column "{column}" of the source "{source.name}" is not known.',
                            found=text,
                            expected="a SQL type such as decimal(10,2), bigint or varchar",
                            fix=did_you_mean(text.partition("(")[0], _COMMON),
                        )
