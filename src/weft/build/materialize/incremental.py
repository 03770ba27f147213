"""Only rows past the watermark, less a look-back for those that come late, merged by key.

The model's own text stays a plain SELECT: weft keeps of its rows those whose watermark lies past the newest
published one less the look-back. DuckDB pushes that condition down to the files where it can.
"""

from weft.build.materialize import upsert
from weft.build.materialize.merge import Merge, MergeInput
from weft.engine.quote import identifier


def rows_to_make(new: str, current: str | None, watermark: str, lookback: str | None) -> str:
    """The model's rows that count: all of them before the first publication, else those past the watermark.

    A row without a watermark is always taken: nobody can say that it is old.
    """
    select = f"SELECT * FROM {identifier(new)}"
    if current is None:
        return select
    column = identifier(watermark)
    newest = f"(SELECT max({column}) FROM {identifier(current)})"
    since = newest if lookback is None else f"{newest} - INTERVAL '{lookback}'"
    at_or_past = ">=" if lookback is not None else ">"
    return f"{select} WHERE {column} {at_or_past} {since} OR {column} IS NULL OR {newest} IS NULL"


def merge(given: MergeInput) -> Merge:
    """The model's rows, already cut by `rows_to_make`, merged by key; without a key, added."""
    if given.current is not None and not given.key:
        return Merge(f"SELECT * FROM {identifier(given.new)}", "append")
    return upsert.merge(given)
