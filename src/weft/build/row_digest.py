"""A digest by which a row is known again, whatever types its values had on the way."""

from collections.abc import Mapping

from weft.build.check.types import casts_of
from weft.engine.quote import identifier
from weft.spec.contract import Table


def row_digest(table: Table, made: Mapping[str, str]) -> str:
    """SQL of the digest of a row.

    A value counts as its promised type writes it, or as it is where it cannot be one: the number 9.5 that a model made
    and the DECIMAL 9.50 that was stored of it are the same.

    Args:
        table: of the contract.
        made: column -> DuckDB type of the relation; it has every column of the table.
    """
    values = []
    for cast in casts_of(table, made):
        name = identifier(cast.column)
        values.append(f"coalesce(CAST({cast.expression} AS VARCHAR), CAST({name} AS VARCHAR))")
    return f"md5(CAST(to_json([{', '.join(values)}]) AS VARCHAR))"
