"""A column whose two types disagree."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract_walk import columns_at_any_depth, tables_of
from weft.spec.rule import Rule, RuleContext
from weft.spec.sql_type import parse_type

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
_STORED_AS = {
    "string": {"VARCHAR", "UUID", "JSON", "BLOB"},
    "integer": _INTEGERS | {"DECIMAL"},
    "number": _INTEGERS | {"DECIMAL", "DOUBLE", "FLOAT"},
    "boolean": {"BOOLEAN"},
    "date": {"DATE"},
    "time": {"TIME", "TIME WITH TIME ZONE"},
    "timestamp": {"TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE"},
    "object": {"STRUCT", "JSON", "VARCHAR"},
    "array": {"LIST", "ARRAY", "JSON"},
    "map": {"MAP", "JSON"},
    "vector": {"ARRAY", "LIST"},
}


class TypesContradict(Rule):
    """CONTRACT125: the `physicalType` of a column cannot hold its `logicalType`.

    Why: readers go by one, the table is stored by the other.
    Bad: `logicalType: date` with `physicalType: VARCHAR(10)`.
    Good: `logicalType: date` with `physicalType: DATE`, or without `physicalType`.
    """

    code = "CONTRACT125"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every column whose types disagree."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                physical = parse_type(column.physical_type or "")
                allowed = _STORED_AS.get(column.logical_type or "")
                if physical is not None and allowed is not None and physical.name not in allowed:
                    yield self.problem(
                        column.place,
                        f'The types of column "{path}" disagree.',
                        found=f"logicalType {column.logical_type}, physicalType {column.physical_type}",
                        expected=f"one of {', '.join(sorted(allowed))} for {column.logical_type}",
                    )
