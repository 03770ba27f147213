"""A digest by which a row is known again, whatever types its values had on the way."""

from collections.abc import Mapping
from dataclasses import replace

from weft.build.check.types import casts_of
from weft.engine.quote import identifier
from weft.spec.contract import Column, Table
from weft.spec.making import SNAPSHOT_COLUMNS


def row_digest(table: Table, made: Mapping[str, str]) -> str:
    """SQL of the digest of a row.

    A value counts as its promised type writes it, or as it is where it cannot be one: the number 9.5 that a model made
    and the DECIMAL 9.50 that was stored of it are the same. The times of a version are no part of what it says: a
    snapshot gives the same row another beginning on every build.

    Args:
        table: of the contract.
        made: column -> DuckDB type of the relation; it has every column of the table but those of a history.
    """
    values = []
    for cast in casts_of(replace(table, columns=own_columns(table)), made):
        name = identifier(cast.column)
        values.append(f"coalesce(CAST({cast.expression} AS VARCHAR), CAST({name} AS VARCHAR))")
    return f"md5(CAST(to_json([{', '.join(values)}]) AS VARCHAR))"


def own_columns(table: Table) -> tuple[Column, ...]:
    """The columns that a model makes: those of the contract without what a history adds."""
    if not SNAPSHOT_COLUMNS.keys() <= {column.stored_name for column in table.columns}:
        return table.columns
    return tuple(column for column in table.columns if column.stored_name not in SNAPSHOT_COLUMNS)
