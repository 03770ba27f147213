"""A physical type that the engine does not know."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.column_type import duckdb_type
from weft.spec.contract_walk import columns_at_any_depth, tables_of
from weft.spec.rule import Rule, RuleContext
from weft.spec.sql_type import parse_type

_SHAPES = {"object", "array", "map", "vector"}  # here `physicalType: object` is usual, and says nothing more


class PhysicalTypeUnknown(Rule):
    """CONTRACT128: the `physicalType` of a column is no type that the engine knows.

    Why: the column is stored by its `logicalType` instead, which may be another precision than was meant.
    Bad: `physicalType: MONEY`.
    Good: `physicalType: DECIMAL(12,2)`.
    """

    code, severity = "CONTRACT128", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unknown physical type."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                written = column.physical_type
                if not written or column.logical_type in _SHAPES or parse_type(written) is not None:
                    continue
                yield self.problem(
                    column.place,
                    f'The physical type of column "{path}" is not known; it is stored as {duckdb_type(column)}.',
                    found=written,
                    expected="a SQL type such as DECIMAL(12,2), BIGINT or VARCHAR",
                )
