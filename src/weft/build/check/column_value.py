"""A column, or a part of one at any depth, as an SQL expression of its promised type."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from weft.base.problem import Place
from weft.build.check import json_value
from weft.engine.quote import identifier, text
from weft.spec.column_type import column_type
from weft.spec.contract import Column, Table
from weft.spec.sql_type import SqlType

FLOATS = frozenset(("FLOAT", "DOUBLE"))
INTEGERS = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
)
TEXTS = frozenset(("VARCHAR", "JSON"))
_JSON = SqlType("JSON")


@dataclass(frozen=True)
class ColumnValue:
    """The value of a column in a row, of a property within, or of each element of a list or map."""

    path: str  # order_id, address.city, tags.element, prices.value
    column: Column
    expression: str  # SQL, of the promised type
    type: SqlType
    raw: str | None = None  # SQL of the value before any cast
    parent: str | None = None  # of a property: the object's expression
    is_in_json: bool = False  # read out of a JSON document, so that nothing but its promise says what it is

    @property
    def original(self) -> str:
        """The expression as it was made, before any cast."""
        return self.raw or self.expression

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

    @property
    def as_json(self) -> str | None:
        """The expression as JSON, where an object, array, map or vector is stored as a document; else None."""
        if self.column.logical_type not in json_value.CONTAINERS or not self.is_text:
            return None
        return self.expression if self.type.name == "JSON" else f"TRY_CAST({self.expression} AS JSON)"

    @property
    def as_list(self) -> str | None:
        """The elements of an array or vector as a list; None for everything else."""
        if self.type.name in ("LIST", "ARRAY"):
            return self.expression
        document = self.as_json if self.column.logical_type in ("array", "vector") else None
        return json_value.elements(document) if document else None

    def fields(self) -> Iterator["ColumnValue"]:
        """The properties of an object."""
        document = self.as_json if self.column.logical_type == "object" else None
        for child in self.column.properties:
            if self.type.name == "STRUCT":
                expression = f"struct_extract({self.expression}, {text(child.stored_name)})"
                yield ColumnValue(
                    f"{self.path}.{child.name}", child, expression, column_type(child), parent=self.expression
                )
            elif document is not None:
                found = json_value.member(document, child.stored_name)
                yield self._of_json(child, child.name, found, parent=self.expression)

    def lists(self, variable: str) -> Iterator[tuple[str, "ColumnValue"]]:
        """The lists within: of an array its elements, of a map its keys and its values.

        Args:
            variable: what an element is called in a lambda over the list.

        Yields:
            The list, and each element of it as a value.
        """
        items = self.column.items
        if items is not None and self.as_list is not None:
            name = items.name or "element"
            if self.as_json is not None:
                yield self.as_list, self._of_json(items, name, variable)
            else:
                yield self.as_list, ColumnValue(f"{self.path}.{name}", items, variable, column_type(items))
        if self.column.logical_type != "map":
            return
        document = self.as_json
        for child in self.column.properties:
            if document is not None:
                keys = child.name == "key"
                found = json_value.keys(document) if keys else json_value.members(document)
                yield found, self._of_json(child, child.name, f"to_json({variable})" if keys else variable)
            elif self.type.name == "MAP":
                function = "map_keys" if child.name == "key" else "map_values"
                element = ColumnValue(f"{self.path}.{child.name}", child, variable, column_type(child))
                yield f"{function}({self.expression})", element

    def _of_json(self, child: Column, name: str, document: str, parent: str | None = None) -> "ColumnValue":
        path = f"{self.path}.{name}"
        if child.logical_type in json_value.CONTAINERS:
            found = json_value.container(document)
            return ColumnValue(path, child, found, _JSON, found, parent, is_in_json=True)
        kind, raw = column_type(child), json_value.scalar(document)
        expression = raw if kind.name == "VARCHAR" else f"TRY_CAST({raw} AS {kind})"
        return ColumnValue(path, child, expression, kind, raw, parent, is_in_json=True)


@dataclass(frozen=True)
class Located:
    """A value that is named by its path, wherever it lies."""

    value: ColumnValue
    any_of_row: Callable[[str], str]  # from a condition on the value to one on the row: any of its elements fulfils it
    all_of_row: str | None = None  # within lists: SQL of the list of all such values in a row


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
            identifier(column.stored_name),
        )
        for column in table.columns
    )


def value_at(values: tuple[ColumnValue, ...], path: str) -> ColumnValue | None:
    """The value of that name or path; None where there is none, or where it lies within a list or map."""
    for value in values:
        names = _names(value)
        if path in names:
            return value
        if any(path.startswith(f"{name}.") for name in names):
            return value_at(tuple(value.fields()), path)
    return None


def locate(values: tuple[ColumnValue, ...], path: str, depth: int = 0) -> Located | None:
    """The value of that name or path, within lists and maps too; None where there is none."""
    for value in values:
        names = _names(value)
        if path in names:
            return Located(value, lambda condition: condition)
        if not any(path.startswith(f"{name}.") for name in names):
            continue
        within = locate(tuple(value.fields()), path, depth)
        if within is not None:
            return within
        variable = f"element{depth}"
        for source, element in value.lists(variable):
            inner = locate((element,), path, depth + 1)
            if inner is not None:
                return _within_list(source, variable, inner)
    return None


def _within_list(source: str, variable: str, inner: Located) -> Located:
    def any_of_row(condition: str) -> str:
        return f"len(list_filter({source}, lambda {variable}: {inner.any_of_row(condition)})) > 0"

    each = inner.value.expression if inner.all_of_row is None else inner.all_of_row
    found = f"list_transform({source}, lambda {variable}: {each})"
    return Located(inner.value, any_of_row, f"flatten({found})" if inner.all_of_row else found)


def _names(value: ColumnValue) -> set[str]:
    return {value.path, ".".join([*value.path.split(".")[:-1], value.column.stored_name])}
