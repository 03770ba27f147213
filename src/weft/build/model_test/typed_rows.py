"""Rows of a test case as a relation with the types that the model will meet."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from weft.engine.quote import identifier

if TYPE_CHECKING:
    import pyarrow as pa

    from weft.engine.protocol import Engine

Rows = Sequence[Mapping[str, Any]]
# As ingest reads a column of such texts, where nothing else is declared.
_SHAPES = {
    "DATE": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "TIMESTAMP": re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?"),
}


def add_rows(engine: "Engine", relation: str, rows: Rows, types: Mapping[str, str]) -> None:
    """Make rows readable as `relation`.

    Args:
        engine: the session.
        relation: the name that they get.
        rows: as written in the case; a column that a row leaves out is NULL there.
        types: DuckDB type by column, of those that are known. Columns of `types` that no row names are there too, all
            NULL; columns of rows that `types` does not name get the type that their values show.
    """
    names = list(types) + [name for name in dict.fromkeys(n for row in rows for n in row) if name not in types]
    if not rows:
        engine.add_empty(relation, dict(types))
        return
    values = {name: [row.get(name) for row in rows] for name in names}
    kinds = {name: types.get(name) or _shape_of(values[name]) for name in names}
    raw = f"{relation}@given"
    engine.add_arrow(raw, _table(values))
    cast = (
        f"CAST({identifier(name)} AS {kind}) AS {identifier(name)}" if kind else identifier(name)
        for name, kind in kinds.items()
    )
    engine.add_table(relation, f"SELECT {', '.join(cast)} FROM {identifier(raw)}")


def add_missing_columns(engine: "Engine", relation: str, names: Sequence[str]) -> None:
    """Let a relation have columns of these names too, all NULL and of no type: they fit wherever they are used."""
    present = {name.casefold() for name in engine.describe(f"FROM {identifier(relation)}")}
    missing = [name for name in names if name.casefold() not in present]
    if missing:
        complete = f"{relation}@given columns"
        engine.add_table(complete, f"FROM {identifier(relation)}")
        nulls = ", ".join(f"NULL AS {identifier(name)}" for name in missing)
        engine.add_view(relation, f"SELECT *, {nulls} FROM {identifier(complete)}")


def _shape_of(values: Sequence[Any]) -> str | None:
    texts = [value for value in values if value is not None]
    if not texts:
        return "VARCHAR"
    if not all(isinstance(value, str) for value in texts):
        return None
    return next((kind for kind, shape in _SHAPES.items() if all(shape.fullmatch(text) for text in texts)), None)


def _table(values: Mapping[str, Sequence[Any]]) -> "pa.Table":
    import pyarrow as pa

    columns = {}
    for name, column in values.items():
        try:
            columns[name] = pa.array(column)
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # such as a number beside a word: DuckDB casts texts
            columns[name] = pa.array([None if value is None else str(value) for value in column])
    return pa.table(columns)
