"""Every measure of drift of a publication, against those before it."""

from collections.abc import Sequence

from weft.build.drift.column_drift import column_drift
from weft.build.drift.freshness_season import delay, newest_row
from weft.build.drift.measure import OF_TABLE, Measure, not_applicable
from weft.build.drift.publication import Publication
from weft.build.drift.volume import volume


def measure_drift(
    history: Sequence[Publication], now: Publication, columns: Sequence[str] | None = None
) -> tuple[Measure, ...]:
    """Hold a publication against its history.

    Args:
        history: the publications before it, oldest first.
        now: the publication, or a candidate.
        columns: of which columns; default: all that it has.

    Returns:
        Measures of the table, then of each column; with no history, two that say so.
    """
    if not history:
        return tuple(not_applicable(kind, None, "There is no earlier publication.") for kind in OF_TABLE)
    found = [volume(history, now), delay(history, now)]
    for column in now.columns if columns is None else columns:
        if column not in now.columns:
            continue
        found += column_drift(history, now, column)
        age = newest_row(history, now, column)
        if age is not None:
            found.append(age)
    return tuple(found)
