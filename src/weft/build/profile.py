"""A cheap profile of a published table: what its columns look like, in one scan.

Beyond a million rows the most frequent values are those of a sample, for they cost more than all the rest together.

Of each column: the share of rows without a value, an estimate of distinct values, the smallest and largest value, and
the most frequent ones. Of columns that hold personal data only counts are kept: even a largest value is somebody's.
"""

from collections.abc import Mapping
from typing import Any

from weft.build.check.column_value import FLOATS, INTEGERS
from weft.build.personal import is_personal
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.contract import Column, Table
from weft.spec.sql_type import parse_type

TOP_VALUES = 5
_MOST_ROWS = 1_000_000
_SAMPLE_ROWS = 200_000
_LONGEST_TEXT = 80  # characters of a value that are kept
_NUMBERS = INTEGERS | FLOATS | {"DECIMAL"}
_ORDERED = _NUMBERS | {"VARCHAR", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP WITH TIME ZONE", "BOOLEAN"}
_COUNTED = _ORDERED - FLOATS  # values of these come again often enough to be worth a list


def profile(engine: Engine, relation: str, table: Table) -> tuple[int, dict[str, Any]]:
    """Look at a table once.

    Args:
        engine: the session that knows it.
        relation: the table.
        table: of the contract, which says what is personal.

    Returns:
        The count of rows, and of each column its figures: `type`, `null_share`, `distinct` and, unless it is
        personal, `min`, `max` and `top` as texts.
    """
    source = f"FROM {identifier(relation)}"
    types = engine.describe(source)
    rows = int(engine.rows(f"SELECT count(*) {source}")[0][0])  # of Parquet files known without a scan
    figures: dict[tuple[str, str], str] = {}
    for name, kind in types.items():
        figures |= {(name, figure): sql for figure, sql in _figures(name, kind, table.column(name)).items()}
    columns: dict[str, dict[str, Any]] = {name: {"type": kind} for name, kind in types.items()}
    tops = {key: sql for key, sql in figures.items() if key[1] == "top"}
    if rows <= _MOST_ROWS:
        scans = [(figures, source)]
    else:
        share = f"{100.0 * _SAMPLE_ROWS / rows:.6f}"
        whole = {key: sql for key, sql in figures.items() if key not in tops}
        scans = [(whole, source), (tops, f"{source} TABLESAMPLE system({share}%) REPEATABLE (1)")]
    for wanted, over in scans:
        if wanted:
            found = engine.rows(f"SELECT {', '.join(wanted.values())} {over}")[0]
            for (name, figure), value in zip(wanted, found, strict=True):
                columns[name][figure] = value
    return rows, {name: _finished(figures, rows) for name, figures in columns.items()}


def _figures(name: str, kind: str, column: Column | None) -> Mapping[str, str]:
    quoted = identifier(name)
    wanted = {"values": f"count({quoted})"}
    parsed = parse_type(kind)
    simple = parsed.name if parsed is not None and not parsed.fields else ""
    if simple in _ORDERED:
        wanted["distinct"] = f"approx_count_distinct({quoted})"
    if column is not None and is_personal(column):
        return {**wanted, "is_personal": "true"}
    if simple in _ORDERED:
        wanted |= {"min": _text(f"min({quoted})"), "max": _text(f"max({quoted})")}
    if simple in _COUNTED:
        wanted["top"] = f"list_transform(approx_top_k({quoted}, {TOP_VALUES}), lambda v: {_text('v')})"
    return wanted


def _text(value: str) -> str:
    return f"left(CAST({value} AS VARCHAR), {_LONGEST_TEXT})"


def _finished(figures: Mapping[str, Any], rows: int) -> dict[str, Any]:
    values = figures["values"]
    share = round(1 - values / rows, 6) if rows else 0.0
    finished = {key: value for key, value in figures.items() if key != "values"}
    if "distinct" in finished:
        finished["distinct"] = min(finished["distinct"] or 0, values)  # the estimate may exceed what there is
    if "top" in finished:
        finished["top"] = finished["top"] or []
    return {**finished, "null_share": share}
