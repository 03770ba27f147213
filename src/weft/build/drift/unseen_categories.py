"""Categories that no earlier publication had, and such that were always there and are gone."""

from collections.abc import Sequence

from weft.build.drift.sketch import Sketch

_CERTAIN_ROWS = 12  # expected rows of a category that chance alone does not make none of


def unseen(history: Sequence[Sketch], now: Sequence[Sketch]) -> tuple[float, int] | None:
    """The share of values in categories that none of the earlier sketches lists, and how many such categories.

    Args:
        history: sketches of earlier publications, in any grids of values.
        now: the sketches of one publication.

    Returns:
        None where that cannot be told: the earlier ones did not list all they had.
    """
    if not history or not all(sketch.is_complete for sketch in history):
        return None
    seen = {value for sketch in history for value in sketch.grid.bounds}
    newest = now[-1]  # its grid lists what there is now
    if not newest.total:
        return 0.0, 0
    found = [
        count for value, count in zip(newest.grid.bounds, newest.counts, strict=False) if count and value not in seen
    ]
    return (sum(found) + newest.counts[-1]) / newest.total, len(found) + bool(newest.counts[-1])


def gone(history: Sequence[Sketch], now: Sequence[Sketch]) -> tuple[float, int]:
    """The share that categories had of which nothing is left, and how many such categories.

    Only what each of the earlier publications had can be gone: rows come in groups, and a rare category misses a day.

    Args:
        history: the newest sketches of the last earlier publications.
        now: the sketches of one publication.
    """
    if not history or not now or not all(sketch.total for sketch in (*history, now[-1])):
        return 0.0, 0
    counted = [dict(zip(sketch.grid.bounds, sketch.counts, strict=False)) for sketch in history]
    left = {value for sketch in now for value, count in zip(sketch.grid.bounds, sketch.counts, strict=False) if count}
    total = sum(sketch.total for sketch in history)
    lost = [
        sum(counts[value] for counts in counted) / total
        for value in counted[-1]
        if value not in left and all(counts.get(value) for counts in counted)
    ]
    certain = [share for share in lost if share * now[-1].total >= _CERTAIN_ROWS]
    return sum(certain), len(certain)
