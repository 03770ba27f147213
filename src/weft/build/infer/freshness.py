"""The column that shows how fresh rows are. Told only: how old they may get is for a person to promise."""

from weft.build.infer.guess import ColumnProfile, Guess
from weft.build.infer.names import words

_SURE_BY_WORD = {
    **dict.fromkeys(("updated", "modified", "changed", "loaded", "ingested", "synced"), 0.9),
    **dict.fromkeys(("created", "inserted", "recorded", "event", "occurred", "timestamp"), 0.75),
    **dict.fromkeys(("purchase", "order", "ordered", "posted", "booked", "invoice", "date"), 0.5),
}


def freshness(columns: tuple[ColumnProfile, ...]) -> list[Guess]:
    """The best candidate of a table, if there is any."""
    able = []
    for column in columns:
        if not column.type.startswith(("TIMESTAMP", "DATE")) or not column.filled:
            continue
        sure = max((_SURE_BY_WORD.get(word, 0.0) for word in words(column.name)), default=0.0)
        # A gap is a row whose age nobody knows; a day is a coarse measure of age.
        sure *= column.filled / column.rows * (1.0 if column.type.startswith("TIMESTAMP") else 0.8)
        if sure >= 0.3:
            able.append((sure, column))
    if not able:
        return []
    sure, column = max(able, key=lambda one: one[0])
    evidence = f"a time in {column.filled} of {column.rows} rows; say in slaProperties how old the newest may be"
    return [Guess("freshness", column.name, evidence, round(sure, 2), column.name, is_written=False)]
