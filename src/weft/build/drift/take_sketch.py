"""Take the sketches of a table's columns: one scan, and another where a grid has to be made.

Times are counted by their age at the publication, so that a table of each day's rows looks the same every day.
Columns that hold personal data, identifiers, long texts and texts of many different values have no sketch.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from weft.build.check.column_value import FLOATS, INTEGERS
from weft.build.drift.sketch import RANGES, VALUES, Grid, Sketch
from weft.build.personal import is_personal
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text, text_list
from weft.spec.contract import Table
from weft.spec.sql_type import parse_type

BINS = 20
MOST_VALUES = 50
_MOST_DISTINCT = 1000
_LONGEST_VALUE = 80
_MOST_ROWS = 1_000_000
_SAMPLE_ROWS = 500_000  # rows one by one: blocks of a sorted table would be no sample of it
_MOST_GRIDS = 3
_TIMES = ("DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "TIMESTAMP WITH TIME ZONE")


@dataclass
class _Column:
    name: str
    kind: str  # ranges | values
    value: str  # SQL: a number, or a text
    is_time: bool = False
    sketches: list[Sketch] = field(default_factory=list)


def take_sketches(
    engine: Engine,
    relation: str,
    table: Table,
    figures: Mapping[str, Mapping[str, Any]],
    rows: int,
    *,
    at: datetime,
    known: Mapping[str, tuple[Sketch, ...]],
) -> dict[str, dict[str, Any]]:
    """Count the columns of a table in bins.

    Args:
        engine: the session that knows it.
        relation: the table.
        table: of the contract.
        figures: of each column its type and estimate of distinct values.
        rows: of the table; beyond a million the counts are of a sample.
        at: when it is published; ages are measured against it.
        known: of each column the sketches of the publication before.

    Returns:
        Of each column that has any: `distribution`, and of times also `newest_age_seconds`.
    """
    columns = [c for name, found in figures.items() if (c := _column(name, found, table, rows, at)) is not None]
    if not columns:
        return {}
    source = f"FROM {identifier(relation)}"
    if rows > _MOST_ROWS:
        source += f" TABLESAMPLE bernoulli({100.0 * _SAMPLE_ROWS / rows:.6f}%) REPEATABLE (1)"
    usable = {column.name: [s for s in known.get(column.name, ()) if s.grid.kind == column.kind] for column in columns}
    first = [(column, sketch.grid) for column in columns for sketch in usable[column.name]]
    without = [column for column in columns if not usable[column.name]]
    grids = _count(engine, source, first, without)
    for column in columns:
        if usable[column.name] and not any(
            new.fits(old) for new, old in zip(column.sketches, usable[column.name], strict=True)
        ):
            without.append(column)
    missing = [column for column in without if column.name not in grids]
    if missing:
        grids |= _count(engine, source, [], missing)
    made = [(column, grids[column.name]) for column in without if grids[column.name] is not None]
    _count(engine, source, [(column, grid) for column, grid in made if grid is not None], [])
    found: dict[str, dict[str, Any]] = {
        column.name: {"distribution": [sketch.as_json() for sketch in column.sketches[-_MOST_GRIDS:]]}
        for column in columns
        if column.sketches
    }
    newest = _newest(engine, f"FROM {identifier(relation)}", columns)
    for name, age in newest.items():
        found.setdefault(name, {})["newest_age_seconds"] = age
    return found


def _column(name: str, figures: Mapping[str, Any], table: Table, rows: int, at: datetime) -> _Column | None:
    declared = table.column(name)
    if declared is not None and (is_personal(declared) or declared.primary_key_position is not None or declared.unique):
        return None
    parsed = parse_type(str(figures["type"]))
    if parsed is None or parsed.fields:
        return None
    quoted, distinct = identifier(name), int(figures.get("distinct") or 0)
    if parsed.name in _TIMES:
        age = f"({at.timestamp()!r} - epoch({quoted}))"
        return _Column(name, RANGES, f"(CASE WHEN isfinite({quoted}) THEN {age} END)", is_time=True)
    if parsed.name == "TIME":
        return _Column(name, RANGES, f"CAST(epoch({quoted}) AS DOUBLE)")
    if parsed.name in FLOATS:
        return _Column(name, RANGES, f"nullif(CAST({quoted} AS DOUBLE), CAST('nan' AS DOUBLE))")
    if parsed.name in INTEGERS or parsed.name == "DECIMAL":
        # A number that nearly every row has for itself is a name, not an amount: it only ever grows.
        is_name = parsed.name in INTEGERS and rows >= _MOST_DISTINCT and distinct > 0.9 * rows
        return None if is_name else _Column(name, RANGES, f"CAST({quoted} AS DOUBLE)")
    if parsed.name == "BOOLEAN":
        return _Column(name, VALUES, f"CAST({quoted} AS VARCHAR)")
    if parsed.name == "VARCHAR" and distinct <= _MOST_DISTINCT:
        return _Column(name, VALUES, quoted)
    return None


def _count(
    engine: Engine, source: str, wanted: list[tuple[_Column, Grid]], without: list[_Column]
) -> dict[str, Grid | None]:
    """Count columns in grids, and look for grids of others, in one scan."""
    asked = [part for column, grid in wanted for part in _counting(column, grid)]
    asked += [_grid_query(column) for column in without]
    if not asked:
        return {}
    found = iter(engine.rows(f"SELECT {', '.join(asked)} {source}")[0])
    for column, grid in wanted:
        column.sketches.append(_sketch(grid, next(found), int(next(found) or 0), int(next(found) or 0)))
    return {column.name: _grid(column, next(found)) for column in without}


def _counting(column: _Column, grid: Grid) -> tuple[str, str, str]:
    total = f"count({column.value})"
    if grid.kind == RANGES:
        bounds = f"CAST({text('[' + ', '.join(repr(float(b)) for b in grid.bounds) + ']')} AS DOUBLE[])"
        return (f"histogram({column.value}, {bounds})" if grid.bounds else "NULL", total, "0")
    # The function tells the rest under the empty text, so that texts of nothing are counted beside it.
    filled = [str(value) for value in grid.bounds if value != ""]
    counted = f"histogram_exact({column.value}, [{text_list(filled)[1:-1]}])" if filled else "NULL"
    return counted, total, f"count(*) FILTER ({column.value} = '')"


def _sketch(grid: Grid, found: Mapping[Any, int] | None, total: int, empty_texts: int) -> Sketch:
    found = found or {}
    if grid.kind == RANGES:
        counts = [int(found.get(float(bound), 0)) for bound in grid.bounds]
    else:
        counts = [empty_texts if value == "" else int(found.get(value, 0)) for value in grid.bounds]
    return Sketch(grid, (*counts, total - sum(counts)))


def _grid_query(column: _Column) -> str:
    if column.kind == RANGES:
        shares = ", ".join(f"{index / BINS:.4f}" for index in range(1, BINS))
        finite = f"(CASE WHEN isfinite({column.value}) THEN {column.value} END)"
        return f"approx_quantile({finite}, [{shares}])"
    return f"histogram({column.value})"


def _grid(column: _Column, found: Any) -> Grid | None:
    if not found:
        return None
    if column.kind == RANGES:
        bounds = sorted({_short(float(bound)) for bound in found if bound is not None and math.isfinite(bound)})
        return Grid(RANGES, tuple(bounds))
    if any(len(value) > _LONGEST_VALUE for value in found) or len(found) > 2 * _MOST_DISTINCT:
        return None
    often = sorted(found, key=lambda value: (-found[value], value))[:MOST_VALUES]
    return Grid(VALUES, tuple(sorted(often)))


def _short(bound: float) -> float:
    """A bound as people would write it; the estimate is not exact beyond some digits anyhow."""
    return float(f"{bound:.9g}")


def _newest(engine: Engine, source: str, columns: list[_Column]) -> dict[str, float]:
    times = [column for column in columns if column.is_time]
    if not times:
        return {}
    found = engine.rows(f"SELECT {', '.join(f'min({column.value})' for column in times)} {source}")[0]
    return {column.name: float(age) for column, age in zip(times, found, strict=True) if age is not None}
