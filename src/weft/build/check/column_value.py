"""A column, or a part of one, as an SQL expression of its promised type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from weft.base.problem import Place
from weft.engine.quote import identifier, text
from weft.spec.column_type import column_type
from weft.spec.contract import Column, Table
from weft.spec.sql_type import SqlType

FLOATS = frozenset(("FLOAT", "DOUBLE"))
INTEGERS = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
)
TEXTS = frozenset(("VARCHAR", "JSON"))


@dataclass(frozen=True)
class ColumnValue:
    """The value of a column in a row, of a struct's field, or of each element of a list."""

    path: str  # order_id, address.city, tags.element
    column: Column
    expression: str  # SQL, of the promised type
    type: SqlType
    parent: str | None = None  # of a struct's field: the struct's expression

    @property
    def original(self) -> str:
        """The expression as it was made, before any cast."""
        return identifier(self.column.stored_name) if "." not in self.path else self.expression

    @property
    def place(self) -> Place:
        """Where the column is declared."""
        return self.column.place

    @property
    def is_float(self) -> bool:
        """Whether it may be NaN."""
        return self.type.name in FLOATS

    @property
    def is_text(self) -> bool:
        """Whether it is stored as text."""
        return self.type.name in TEXTS

    @property
    def as_text(self) -> str:
        """The expression as text."""
        return self.expression if self.type.name == "VARCHAR" else f"CAST({self.expression} AS VARCHAR)"

    def fields(self) -> Iterator["ColumnValue"]:
        """The fields of a struct."""
        if self.type.name != "STRUCT":
            return
        for child in self.column.properties:
            yield ColumnValue(
                f"{self.path}.{child.name}",
                child,
                f"struct_extract({self.expression}, {text(child.stored_name)})",
                column_type(child),
                self.expression,
            )

    def element(self, variable: str) -> "ColumnValue | None":
        """Each element of a list, called by a variable."""
        child = self.column.items
        if child is None or self.type.name not in ("LIST", "ARRAY"):
            return None
        return ColumnValue(f"{self.path}.{child.name or 'element'}", child, variable, column_type(child))


def column_values(table: Table, expressions: Mapping[str, str]) -> tuple[ColumnValue, ...]:
    """The columns of a table.

    Args:
        table: of the contract.
        expressions: stored name -> SQL of the promised type; default: the column itself.
    """
    return tuple(
        ColumnValue(
            column.name,
            column,
            expressions.get(column.stored_name, identifier(column.stored_name)),
            column_type(column),
        )
        for column in table.columns
    )


def value_at(values: tuple[ColumnValue, ...], path: str) -> ColumnValue | None:
    """The value of that name or path; None where there is none, or where it lies within a list."""
    for value in values:
        names = {value.path, ".".join([*value.path.split(".")[:-1], value.column.stored_name])}
        if path in names:
            return value
        if any(path.startswith(f"{name}.") for name in names):
            return value_at(tuple(value.fields()), path)
    return None
