"""Impacts as text: what changed, what it touches, whom to talk to."""

from collections.abc import Sequence

from weft.graph.impact import Impact, TouchedTable

_COLUMNS_SHOWN = 8


def render_impact(impacts: Sequence[Impact]) -> str:
    """One paragraph an impact; tables by distance."""
    return "\n".join(_paragraph(impact) for impact in impacts)


def _paragraph(impact: Impact) -> str:
    lines = [f"{impact.subject}{'  BREAKING' if impact.is_breaking else ''}"]
    lines += [f"  {change.change_class}: {change.what}" for change in impact.changes]
    if not impact.touched:
        lines.append("  touches nothing in this mesh")
        return "\n".join(lines) + "\n"
    count = len(impact.products)
    owners = f"; talk to {', '.join(impact.owners)}" if impact.owners else ""
    tables = f"{len(impact.touched)} table{'s' if len(impact.touched) != 1 else ''}"
    lines.append(f"  touches {tables} of {count} product{'s' if count != 1 else ''}{owners}")
    lines += [f"    {_line(table)}" for table in impact.touched]
    return "\n".join(lines) + "\n"


def _line(table: TouchedTable) -> str:
    parts = [", ".join(table.columns[:_COLUMNS_SHOWN])] if table.columns else []
    if len(table.columns) > _COLUMNS_SHOWN:
        parts.append(f"and {len(table.columns) - _COLUMNS_SHOWN} more columns")
    if table.are_rows_touched:
        parts.append("its rows")
    reads = " (reads it)" if table.distance == 1 else ""
    rough = " (only its tables are known)" if table.exactness == "table" else ""
    return f"{table.table}{reads}: {', '.join(parts)}{rough}"
