"""What a step of a cleansing did to the rows that it met."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class StepReport:
    """One step. Of rows, always: in = out + merged."""

    kind: str
    rule: str  # in words
    columns: tuple[str, ...]
    rows_in: int
    rows_out: int
    cells: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # column -> what happened -> cells
    notes: tuple[str, ...] = ()  # what could not be judged, and why

    @property
    def rows_merged(self) -> int:
        """Rows that became one with another."""
        return self.rows_in - self.rows_out

    @property
    def totals(self) -> dict[str, int]:
        """What happened -> cells of all columns; what did not happen is left out."""
        totals: dict[str, int] = {}
        for counts in self.cells.values():
            for what, count in counts.items():
                if count:
                    totals[what] = totals.get(what, 0) + count
        return totals

    def __str__(self) -> str:
        return said(self.kind, self.columns, self.rule, self.rows_merged, self.totals, self.notes)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "kind": self.kind,
            "rule": self.rule,
            "columns": list(self.columns),
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "rows_merged": self.rows_merged,
            "cells": {column: dict(counts) for column, counts in self.cells.items()},
            "notes": list(self.notes),
        }


def said(
    kind: str, columns: tuple[str, ...], rule: str, rows_merged: int, totals: Mapping[str, int], notes: tuple[str, ...]
) -> str:
    """A step in one line.

    >>> said("trim", ("name",), "trimmed", 0, {"changed": 1200}, ())
    'trim name (trimmed): 1,200 cells changed'
    """
    did = [f"{rows_merged:,} row{'' if rows_merged == 1 else 's'} merged into others"] if rows_merged else []
    did += [f"{count:,} cell{'' if count == 1 else 's'} {what}" for what, count in totals.items()]
    named = f" {', '.join(columns[:4])}{f' and {len(columns) - 4} more' if len(columns) > 4 else ''}" if columns else ""
    return f"{kind}{named} ({rule}): {', '.join(did) or 'nothing changed'}" + "".join(f"; {note}" for note in notes)
