"""The tables of the ledger, one a kind of fact, derived from the facts' own fields.

The migrations say the same in their own words, once and for all; a test compares the two.
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from weft.ledger.facts import FACTS, Fact

# Columns that facts are looked up by.
_INDEXED = ("run_id", "port", "product", "actor")


class UtcInstant(TypeDecorator[datetime]):
    """An instant that comes back with time zone UTC from every database; SQLite itself forgets zones."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant of the ledger needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Read as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Names(TypeDecorator[tuple[str, ...]]):
    """A tuple, kept as a JSON list."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: sa.Dialect) -> list[str] | None:
        """Store as a list."""
        return None if value is None else list(value)

    def process_result_value(self, value: list[str] | None, dialect: sa.Dialect) -> tuple[str, ...] | None:
        """Read as a tuple."""
        return None if value is None else tuple(value)


METADATA = sa.MetaData()
SEQUENCE = "seq"  # the order in which facts were recorded


def table_of(kind: type[Fact]) -> sa.Table:
    """The table that keeps this kind of fact."""
    return METADATA.tables[kind.table]


def _define(kind: type[Fact]) -> sa.Table:
    hints = typing.get_type_hints(kind)
    columns = [
        sa.Column(SEQUENCE, sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True)
    ]
    names = [field.name for field in dataclasses.fields(kind)]
    for name in names:
        type_, optional = _column_type(hints[name])
        columns.append(sa.Column(name, type_, nullable=optional))
    indexes = [sa.Index(f"ix_{kind.table}_{name}", name) for name in _INDEXED if name in names]
    return sa.Table(kind.table, METADATA, *columns, *indexes)


def _column_type(hint: Any) -> tuple[sa.types.TypeEngine[Any], bool]:
    optional = False
    if isinstance(hint, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
        optional = True
    plain: dict[Any, sa.types.TypeEngine[Any]] = {
        str: sa.Text(),
        int: sa.BigInteger(),
        float: sa.Float(53),
        bool: sa.Boolean(),
        datetime: UtcInstant(),
    }
    if hint in plain:
        return plain[hint], optional
    origin = typing.get_origin(hint)
    if origin is tuple:
        return Names(), optional
    if origin is Mapping:
        return sa.JSON(none_as_null=True), optional
    raise TypeError(f"no column type for {hint}")


for _kind in FACTS:
    _define(_kind)

# Links of the chain of hashes: each stands for facts of one table that were recorded together. See weft.ledger.chain.
CHAIN = sa.Table(
    "chain",
    METADATA,
    sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("table_name", sa.Text(), nullable=False),
    sa.Column("first_seq", sa.BigInteger(), nullable=False),
    sa.Column("last_seq", sa.BigInteger(), nullable=False),
    sa.Column("digests", sa.LargeBinary(), nullable=False),  # 32 bytes for each fact, in their order
    sa.Column("hash", sa.Text(), nullable=False),
    sa.Index("ix_chain_table_name", "table_name", "position"),
)
