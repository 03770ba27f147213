"""Slowly changing dimension 2: every version of a row with the time for which it was true.

Adds `valid_from`, `valid_to` (exclusive; NULL while true) and `is_current`. A row has changed when `updated_at` is
later than that of its current version or, where no such column is named, when any of its columns differs. A row that
the model no longer makes is closed.

Rows of the model that share a key and differ all begin now, when no other version begins, so that they share the
primary key, which has `valid_from` in it, and are held back: nobody but the owner can say which of them is the version.
"""

from weft.build.materialize.merge import Merge, MergeInput
from weft.build.materialize.names import listed, same_key
from weft.engine.quote import identifier


def merge(given: MergeInput) -> Merge:
    """Old versions as they are, changed ones closed, new ones opened."""
    now = f"TIMESTAMPTZ '{given.now.isoformat()}'"
    updated_at = given.settings.updated_at
    began = f"coalesce(new.{identifier(updated_at)}::TIMESTAMPTZ, {now})" if updated_at else now
    same = f"PARTITION BY {listed(given.key, 'new')}"
    columns = listed(given.columns, "new")
    digest = f"hash({columns})"
    differs = f"min({digest}) OVER ({same}) <> max({digest}) OVER ({same})"
    rows = (
        f"SELECT new.*, true AS weft_found, CASE WHEN {differs} THEN {now} ELSE {began} END AS weft_began,"
        f" row_number() OVER ({same}) AS weft_copy, {differs} AS weft_differs FROM {identifier(given.new)} AS new"
    )
    opened = f"SELECT {columns}, new.weft_began AS valid_from, NULL::TIMESTAMPTZ AS valid_to, true AS is_current"
    if given.current is None:
        return Merge(f"{opened} FROM ({rows}) AS new", "replace")
    match = same_key(given.key, "current", "new")
    changed = f"(new.weft_differs OR {_changed(given, updated_at)})"
    kept = listed(given.columns, "current")
    current = identifier(given.current)
    return Merge(
        f"""
        SELECT {kept}, current.valid_from, current.valid_to, current.is_current
        FROM {current} AS current WHERE NOT current.is_current
        UNION ALL
        SELECT {kept}, current.valid_from,
            CASE WHEN new.weft_found IS NULL THEN {now} WHEN {changed} THEN new.weft_began END AS valid_to,
            new.weft_found IS NOT NULL AND NOT {changed} AS is_current
        FROM {current} AS current
        LEFT JOIN (SELECT * FROM ({rows}) WHERE weft_copy = 1) AS new ON {match}
        WHERE current.is_current
        UNION ALL
        {opened}
        FROM ({rows}) AS new
        LEFT JOIN (SELECT *, true AS weft_found FROM {current} WHERE is_current) AS current ON {match}
        WHERE current.weft_found IS NULL OR {changed}
        """,
        "replace",
    )


def _changed(given: MergeInput, updated_at: str | None) -> str:
    if updated_at:
        column = identifier(updated_at)
        return f"coalesce(new.{column} > current.{column}, new.{column} IS DISTINCT FROM current.{column})"
    values = [column for column in given.columns if column not in given.key]
    compared = [f"new.{identifier(column)} IS DISTINCT FROM current.{identifier(column)}" for column in values]
    return "(" + (" OR ".join(compared) or "false") + ")"
