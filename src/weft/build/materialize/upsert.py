"""Rows replace those of the same key; rows of new keys are added; nothing is deleted."""

from weft.build.materialize.merge import Merge, MergeInput
from weft.build.materialize.names import listed, same_key
from weft.engine.quote import identifier


def merge(given: MergeInput) -> Merge:
    """The published rows whose key is not among the model's rows, and the model's rows."""
    new = identifier(given.new)
    if given.current is None:
        return Merge(f"SELECT * FROM {new}", "replace")
    columns = listed(given.columns)
    kept = listed(given.columns, "current")
    return Merge(
        f"SELECT {kept} FROM {identifier(given.current)} AS current "
        f"ANTI JOIN {new} AS new ON {same_key(given.key, 'current', 'new')} "
        f"UNION ALL SELECT {columns} FROM {new}",
        "replace",
    )
