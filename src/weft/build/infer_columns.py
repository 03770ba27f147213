"""What the columns of a table that nobody described seem to be: type, gaps, key.

A guess on today's rows, for a first draft of a contract that a person then reads. It is careful rather than clever: a
type is chosen only where every value fits, and digits with a leading zero stay text, as they are a code and no number.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_ENUM_VALUES = 8  # more different words than these are no closed list
_ENUM_ROWS_PER_VALUE = 10
_KEY_ENDINGS = ("id", "no", "nr", "number", "key", "code")
# Tried in this order; a column has the first type whose pattern all of its values follow. Each also has to cast:
# the pattern of a day lets the 31st of February pass.
_TYPES = (
    ("BOOLEAN", "(?i)true|false"),
    ("BIGINT", "-?(0|[1-9][0-9]{0,17})"),
    ("DECIMAL", r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?"),
    ("DATE", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ("TIMESTAMP", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"),
)


@dataclass(frozen=True)
class InferredColumn:
    """One column as its values show it."""

    source_name: str
    name: str  # as a contract would call it
    type: str  # a DuckDB type
    is_complete: bool  # no row lacks it
    is_unique: bool  # no value comes twice; only looked at where it is complete
    values: tuple[str, ...] = ()  # the few texts that it holds, where they look like a closed list


def infer_columns(engine: "Engine", relation: str) -> tuple[InferredColumn, ...]:
    """Look at every value of a relation once and say what its columns seem to be."""
    declared = engine.describe(f"FROM {_quoted(relation)}")
    names = readable_names(declared)
    rows = engine.rows(f"SELECT count(*) FROM {_quoted(relation)}")[0][0]
    return tuple(_infer(engine, relation, column, names[column], kind, rows) for column, kind in declared.items())


def likely_key(columns: Iterable[InferredColumn]) -> InferredColumn | None:
    """The column that seems to name the rows: complete, never twice, and called like a key or standing first."""
    able = [(place, column) for place, column in enumerate(columns) if column.is_unique and column.type != "DOUBLE"]
    called = [column for _, column in able if column.name.rsplit("_", 1)[-1] in _KEY_ENDINGS]
    first = [column for place, column in able if place == 0]
    return next(iter(called + first), None)


def readable_names(columns: Iterable[str]) -> dict[str, str]:
    """Names that SQL takes without quotes, each different.

    >>> readable_names(["Order No.", "Größe", "2nd", "order no"])
    {'Order No.': 'order_no', 'Größe': 'grosse', '2nd': 'column_2nd', 'order no': 'order_no_2'}
    """
    name_by_column: dict[str, str] = {}
    for column in columns:
        plain = unicodedata.normalize("NFKD", column.casefold()).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
        base = base if base[:1].isalpha() else f"column_{base}".rstrip("_")
        name, number = base, 2
        while name in name_by_column.values():
            name, number = f"{base}_{number}", number + 1
        name_by_column[column] = name
    return name_by_column


def _infer(engine: "Engine", relation: str, column: str, name: str, declared: str, rows: int) -> InferredColumn:
    value = _quoted(column)
    if declared == "VARCHAR":
        value = f"nullif(trim({value}), '')"
    filled, distinct = engine.rows(f"SELECT count({value}), count(DISTINCT {value}) FROM {_quoted(relation)}")[0]
    kind = _type_of_texts(engine, relation, value) if declared == "VARCHAR" and filled else declared
    is_complete = rows > 0 and filled == rows
    is_closed = kind == "VARCHAR" and 1 < distinct <= _ENUM_VALUES and filled >= distinct * _ENUM_ROWS_PER_VALUE
    found = engine.rows(f"SELECT DISTINCT {value} AS v FROM {_quoted(relation)} WHERE v IS NOT NULL ORDER BY v")
    values = tuple(str(row[0]) for row in found) if is_closed else ()
    return InferredColumn(column, name, kind, is_complete, is_complete and distinct == rows, values)


def _type_of_texts(engine: "Engine", relation: str, value: str) -> str:
    tests = ", ".join(
        f"bool_and(regexp_full_match({value}, '{pattern}') AND "
        f"try_cast({value} AS {'DECIMAL(38, 9)' if kind == 'DECIMAL' else kind}) IS NOT NULL)"
        for kind, pattern in _TYPES
    )
    places = f"max(coalesce(length(nullif(split_part({value}, '.', 2), '')), 0))"
    *fits, decimals = engine.rows(f"SELECT {tests}, {places} FROM {_quoted(relation)} WHERE {value} IS NOT NULL")[0]
    kind = next((kind for (kind, _), fit in zip(_TYPES, fits, strict=True) if fit), "VARCHAR")
    # Room to grow: money of today fits twelve digits, that of next year should as well.
    return f"DECIMAL({18 if decimals <= 4 else 28},{max(2, decimals)})" if kind == "DECIMAL" else kind


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
