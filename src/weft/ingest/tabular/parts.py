"""Write rows batch by batch and make one Parquet file of them at the end, when the types of all values are known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from weft.ingest.tabular.column_kind import ROOMY_DIGITS, ColumnKind, as_kind, kind_of_value

_ROWS_PER_GROUP = 122_880


@dataclass
class Parts:
    """Batches of rows on their way into one file.

    A batch is stored with the types that its own values need; a later batch may need wider ones.
    """

    folder: Path
    hints: Mapping[str, ColumnKind] = field(default_factory=dict)  # declared in the database, by column
    names: list[str] = field(default_factory=list)
    rows: int = 0
    _kinds: dict[str, ColumnKind] = field(default_factory=dict)
    _paths: list[Path] = field(default_factory=list)

    def add(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Store a batch."""
        self._know(names)
        if not rows:
            return
        columns = dict(zip(names, zip(*rows, strict=True), strict=True))
        kinds = {name: _kind_of(values) for name, values in columns.items()}
        for name, kind in kinds.items():
            self._kinds[name] = self._kinds.get(name, ColumnKind()).with_(kind)
        self._store(columns, kinds, len(rows))

    def write(self, target: Path) -> int:
        """Make one file of all batches; returns its rows."""
        import pyarrow as pa
        from pyarrow import parquet

        final = {name: self._final(name) for name in self.names}
        schema = pa.schema([(name, kind.arrow_type()) for name, kind in final.items()])
        with parquet.ParquetWriter(target, schema, compression="zstd", compression_level=1) as writer:
            for path in self._paths:
                table = parquet.read_table(path)
                columns = [
                    _cast(table[name], kind) if name in table.column_names else pa.nulls(len(table), kind.arrow_type())
                    for name, kind in final.items()
                ]
                writer.write_table(pa.table(columns, schema=schema), row_group_size=_ROWS_PER_GROUP)
                path.unlink()
        return self.rows

    @property
    def mixed(self) -> list[str]:
        """Columns that became text because their values have no common type."""
        return [name for name in self.names if self._final(name).mixed]

    def _know(self, names: Sequence[str]) -> None:
        self.names += [name for name in names if name not in self._kinds]
        for name in names:
            self._kinds.setdefault(name, ColumnKind())

    def _final(self, name: str) -> ColumnKind:
        """The kind of all values, or the declared one where it says more: NULLs only, a decimal's full scale."""
        seen, hint = self._kinds[name], self.hints.get(name)
        if seen.name == "decimal" and (hint is None or hint.name != "decimal"):
            # Other values of the next landing should not mean another type.
            return replace(seen, whole=max(seen.whole, ROOMY_DIGITS - seen.scale))
        if hint is None:
            return seen
        if seen.name == "nothing":
            return hint
        return seen.with_(hint) if seen.name == hint.name == "decimal" else seen

    def _store(self, columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, ColumnKind], count: int) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        arrays = [
            pa.array([as_kind(v, kinds[n]) for v in values], kinds[n].arrow_type()) for n, values in columns.items()
        ]
        path = self.folder / f"part-{len(self._paths)}.parquet"
        parquet.write_table(pa.table(arrays, names=list(columns)), path, compression="lz4")
        self._paths.append(path)
        self.rows += count


def _kind_of(values: Sequence[Any]) -> ColumnKind:
    kind = ColumnKind()
    for value in values:
        if value is not None:
            kind = kind.with_(kind_of_value(value))
    return kind


def _cast(column: Any, kind: ColumnKind) -> Any:
    type_ = kind.arrow_type()
    if column.type == type_:
        return column
    if kind.name == "text" or type_ == "string":
        import pyarrow as pa

        # Arrow's own texts of dates and numbers differ from ours: one way for all batches.
        return pa.chunked_array(
            [pa.array([as_kind(value, ColumnKind("text")) for value in column.to_pylist()], pa.string())]
        )
    return column.cast(type_)
