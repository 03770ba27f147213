"""A contract that is to be exported: each column as weft reads it, beside the words it was written in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.problem import Problem
from weft.base.yaml_source import Key, YamlFile
from weft.spec.column_type import column_type
from weft.spec.contract import Column, Contract, Table
from weft.spec.sql_type import SqlType, parse_type


@dataclass(frozen=True)
class Field:
    """One column with its type and the columns within it."""

    column: Column
    written: Mapping[str, Any]  # as the document has it, keys that weft does not read included
    keys: tuple[Key, ...]
    path: str  # `address.city`
    kind: SqlType
    children: tuple["Field", ...] = ()  # of an object; element of an array; key and value of a map

    @property
    def name(self) -> str:
        """Its name in the table."""
        return self.column.stored_name

    @property
    def options(self) -> Mapping[str, Any]:
        """Its `logicalTypeOptions`."""
        return self.column.logical_type_options


@dataclass(frozen=True)
class OutgoingTable:
    """One table with its fields."""

    table: Table
    written: Mapping[str, Any]
    keys: tuple[Key, ...]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """Its name where it is stored."""
        return self.table.physical_name or self.table.name


@dataclass(frozen=True)
class Outgoing:
    """A whole contract, and what its writer has to say."""

    file: YamlFile
    contract: Contract
    tables: tuple[OutgoingTable, ...]
    dialect: str | None = None
    notes: list[Problem] = field(default_factory=list)  # grows

    @property
    def one_table(self) -> OutgoingTable:
        """The only table, for formats of one table a file.

        Raises:
            Problem: FORMAT009 there are several.
        """
        if len(self.tables) == 1:
            return self.tables[0]
        names = ", ".join(table.table.name for table in self.tables)
        raise Problem(
            "FORMAT009",
            "The format holds one table a file, and the contract has several.",
            self.contract.place,
            found=names,
            fix=f"Choose one: --table {self.tables[0].table.name}",
        )


def outgoing(
    file: YamlFile, contract: Contract, table: str | None, dialect: str | None, *, needs_columns: bool = True
) -> Outgoing:
    """Prepare a contract for its writer.

    Raises:
        Problem: FORMAT009 there is no table with columns, or none of the name.
    """
    written = [(item, index) for index, item in enumerate(file.data.get("schema") or []) if isinstance(item, dict)]
    tables = tuple(
        OutgoingTable(one, item, ("schema", index), tuple(_fields(one.columns, item, ("schema", index), "")))
        for one, (item, index) in zip(contract.tables, written, strict=True)
        if table is None or table in (one.name, one.physical_name)
    )
    if not needs_columns and (tables or table is None):
        return Outgoing(file, contract, tables, dialect)
    if not any(one.fields for one in tables):
        names = ", ".join(one.name for one in contract.tables if one.columns)
        raise Problem(
            "FORMAT009",
            f'The contract has no table "{table}" with columns.'
            if table
            else "The contract has no table with columns.",
            contract.place,
            expected=f"one of {names}" if names else "a `schema` with `properties`",
        )
    return Outgoing(file, contract, tuple(one for one in tables if one.fields), dialect)


def every_field(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields, nested ones after their parents."""
    for one in fields:
        yield one
        yield from every_field(one.children)


def _fields(columns: tuple[Column, ...], written: Mapping[str, Any], keys: tuple[Key, ...], path: str) -> list[Field]:
    items = written.get("properties")
    placed = [(item, index) for index, item in enumerate(items) if isinstance(item, dict)] if items else []
    return [
        _field(column, item, (*keys, "properties", index), path)
        for column, (item, index) in zip(columns, placed, strict=True)
    ]


def _field(column: Column, written: Mapping[str, Any], keys: tuple[Key, ...], path: str) -> Field:
    full = f"{path}.{column.stored_name}" if path else column.stored_name
    kind = column_type(column)
    children: list[Field] = []
    if column.items is not None:
        children = [_field(column.items, written["items"], (*keys, "items"), full)]
    elif isinstance(written.get("map"), dict):
        children = [
            _field(part, written["map"][part.name], (*keys, "map", part.name), full) for part in column.properties
        ]
    elif column.properties:
        children = _fields(column.properties, written, keys, full)
    if children and _holds(kind, children):
        nested = tuple((_inner_name(kind, child), child.kind) for child in children)
        if kind.name != "ARRAY":  # what the nested columns say is finer than the text of the parent's type
            kind = SqlType(kind.name, fields=nested)
        return Field(column, written, keys, full, kind, tuple(children))
    return Field(column, written, keys, full, kind, tuple(_implied(column, kind, keys, full)))


def _holds(kind: SqlType, children: list[Field]) -> bool:
    return (kind.name in ("LIST", "ARRAY") and len(children) == 1) or (
        kind.name == "STRUCT" or (kind.name == "MAP" and len(children) == 2)
    )


def _inner_name(kind: SqlType, child: Field) -> str:
    return "element" if kind.name in ("LIST", "ARRAY") else child.name


def _implied(parent: Column, kind: SqlType, keys: tuple[Key, ...], path: str) -> Iterator[Field]:
    """The nested columns that only the text of a type names: `STRUCT(a INTEGER)`."""
    for name, inner in kind.fields:
        column = Column(name, parent.place, physical_type=str(inner))
        assert parse_type(str(inner)) is not None
        full = f"{path}.{name}"
        yield Field(
            column,
            {"name": name, "physicalType": str(inner)},
            keys,
            full,
            inner,
            tuple(_implied(column, inner, keys, full)),
        )
