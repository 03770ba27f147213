"""The candidate's rows at rest, so that every look at them sees the same rows and each row has a number.

A model's query is run once. Where its columns are of the promised types, or only widen, its rows go straight into the
file that will be published if nothing breaks: an audit without findings writes no row twice. Where a value may not fit
its promised type, the rows are kept as the model made them, because the quarantine shows the original.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from weft.base.data_files import Field, WrittenFile
from weft.build.check.rule_failure import RuleFailed, failing_alone
from weft.build.check.types import ColumnCast, Conversion, casts_of
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.contract import Table

STAGED = "weft staged rows"
_ROWS_A_FILE = 2**40  # more than any file has, so that a row's number is unique over several


@dataclass(frozen=True)
class Staged:
    """Rows that can be read again and again."""

    source: str  # what stands behind FROM
    row_id: str | None  # SQL of a row's number; None where rows are only counted so far
    types: Mapping[str, str]  # column -> DuckDB type
    casts: tuple[ColumnCast, ...]  # one a column of the contract, in its order
    files: tuple[WrittenFile, ...] = ()  # where it is in files of ours already
    carried: tuple[str, ...] = ()  # columns that are none of the contract and go with the held rows

    @property
    def is_as_promised(self) -> bool:
        """Whether the rows have the promised types already."""
        return all(cast.conversion is Conversion.SAME for cast in self.casts)

    @property
    def typed_columns(self) -> str:
        """The columns of the contract, of their promised types."""
        return ", ".join(f"{cast.expression} AS {identifier(cast.column)}" for cast in self.casts)

    @property
    def original_columns(self) -> str:
        """The columns as they were made."""
        return ", ".join(identifier(cast.column) for cast in self.casts)

    @property
    def all_columns(self) -> str:
        """The same with those that are carried along."""
        return ", ".join(identifier(name) for name in (*(cast.column for cast in self.casts), *self.carried))


def stage(
    engine: Engine,
    candidate: str,
    table: Table,
    *,
    fields: Sequence[Field] | None,
    path: Path | None,
    files: Sequence[str] = (),
    carried: tuple[str, ...] = (),
) -> Staged:
    """Bring a candidate to rest.

    Args:
        engine: the session that knows the candidate.
        candidate: name of a relation; its columns are those of the table.
        table: of the contract.
        fields: of the published table; None where nothing is to be written.
        path: of the file that is published if nothing breaks.
        files: Parquet files that hold the candidate already.
        carried: further columns of the candidate, which are not published.
    """
    if files:
        source, row_id = _scan(engine, files)
        return _staged(engine, table, source, row_id)
    relation = replace(_staged(engine, table, identifier(candidate), None), carried=carried)
    if fields is None or path is None:
        return relation
    conversions = {cast.conversion for cast in relation.casts}
    if carried or Conversion.SILENT in conversions:
        return keep(engine, relation, table)
    query = f"SELECT {relation.original_columns} FROM {relation.source}"
    if Conversion.LOUD not in conversions:
        written = engine.write_parquet(query, str(path), fields)
    else:
        try:
            with failing_alone():
                written = engine.write_parquet(query, str(path), fields)
        except RuleFailed:
            return keep(engine, relation, table)  # a value did not fit; or the model itself fails, and will again
    source, row_id = _scan(engine, [written.path])
    return replace(_staged(engine, table, source, row_id), files=(written,))


def keep(engine: Engine, relation: Staged, table: Table) -> Staged:
    """Keep the rows of a relation as they are, with numbers."""
    engine.add_table(STAGED, f"SELECT {relation.all_columns} FROM {relation.source}")
    return replace(_staged(engine, table, identifier(STAGED), "rowid"), carried=relation.carried)


def _scan(engine: Engine, files: Sequence[str]) -> tuple[str, str]:
    source = engine.scan(files)
    if len(files) == 1:
        return source, "file_row_number"
    return source, f"(CAST(file_index AS BIGINT) * {_ROWS_A_FILE} + file_row_number)"


def _staged(engine: Engine, table: Table, source: str, row_id: str | None) -> Staged:
    types = engine.describe(f"SELECT * FROM {source}")
    return Staged(source, row_id, types, casts_of(table, types))
