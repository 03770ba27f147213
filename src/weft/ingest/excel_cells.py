"""Cells of a workbook as texts that say their type: ISO dates, numbers as programs write them."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from weft.ingest.staged import TextKind


def cell_text(cell: Any) -> str | None:
    """A cell's text; None for an empty one. Workbooks keep whole numbers as floats too.

    >>> cell_text(40.0), cell_text(1.27), cell_text(True), cell_text(date(2026, 1, 31)), cell_text("")
    ('40', '1.27', 'true', '2026-01-31', None)
    """
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, timedelta):
        return _duration(cell)
    return str(cell) if cell != "" else None


def column_kinds(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, TextKind]:
    """Columns that hold any text cell are words: a number typed as text stays text."""
    return {
        name: TextKind.WORDS
        if any(isinstance(row[position], str) and row[position] for row in rows)
        else TextKind.VALUES
        for position, name in enumerate(names)
    }


def raw_text(row: Sequence[Any]) -> str:
    """A row for the reject file."""
    return json.dumps([cell_text(cell) for cell in row], ensure_ascii=False)


def _duration(cell: timedelta) -> str:
    """Hours may go beyond a day.

    >>> _duration(timedelta(days=1, hours=2, minutes=3))
    '26:03:00'
    """
    seconds = int(cell.total_seconds())
    sign = "-" if seconds < 0 else ""
    hours, rest = divmod(abs(seconds), 3600)
    return f"{sign}{hours:02}:{rest // 60:02}:{rest % 60:02}"
