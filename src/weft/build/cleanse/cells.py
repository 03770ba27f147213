"""Steps that make each row from itself: columns computed anew, and a count of what that changed, in one pass."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from weft.build.cleanse.scratch import Scratch
from weft.engine.quote import identifier

CHANGED, EMPTIED = "changed", "emptied"


@dataclass(frozen=True)
class Rewrite:
    """One column computed anew, or added."""

    column: str  # as the table spells it
    expression: str  # over the columns before
    counts: Mapping[str, str] = field(default_factory=dict)  # what happened -> condition over the columns before
    is_new: bool = False


def changed_cells(column: str, expression: str) -> dict[str, str]:
    """Counts of a column whose type stays: cells with another value, and cells that have none any more."""
    old = identifier(column)
    return {
        CHANGED: f"({expression}) IS NOT NULL AND ({expression}) IS DISTINCT FROM {old}",
        EMPTIED: f"({expression}) IS NULL AND {old} IS NOT NULL",
    }


def rewrite(
    scratch: Scratch, before: str, rewrites: Sequence[Rewrite], *, source: str | None = None
) -> tuple[str, int, dict[str, dict[str, int]]]:
    """Compute columns anew.

    Args:
        scratch: gives the names of relations.
        before: relation of the rows.
        rewrites: what is computed; a column comes at most once among those that are not new.
        source: what stands behind FROM, where more than `before` is joined; its rows are aliased `r`.

    Returns:
        The relation after, the count of rows, and column -> what happened -> cells.
    """
    origin = source or f"{identifier(before)} AS r"
    conditions = [(step.column, what, condition) for step in rewrites for what, condition in step.counts.items()]
    counted = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE {condition})" for *_, condition in conditions)])
    rows, *found = scratch.engine.rows(f"SELECT {counted} FROM {origin}")[0]
    cells: dict[str, dict[str, int]] = {}
    for (column, what, _), count in zip(conditions, found, strict=True):
        cells.setdefault(column, {})[what] = count
    replaced = [f"{step.expression} AS {identifier(step.column)}" for step in rewrites if not step.is_new]
    added = [f", {step.expression} AS {identifier(step.column)}" for step in rewrites if step.is_new]
    star = f"r.* REPLACE ({', '.join(replaced)})" if replaced else "r.*"
    return scratch.view("cells", f"SELECT {star}{''.join(added)} FROM {origin}"), rows, cells
