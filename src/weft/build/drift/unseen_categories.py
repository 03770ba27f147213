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


def gone(before: Sketch, now: Sketch) -> tuple[float, int]:
    """The share that categories had before of which nothing is left, and how many such categories.

    Args:
        before: counts of earlier publications.
        now: counts in the same grid.
    """
    if not before.total:
        return 0.0, 0
    lost = [
        was
        for was, count in zip(before.counts[:-1], now.counts, strict=False)
        if not count and was / before.total * now.total >= _CERTAIN_ROWS
    ]
    return sum(lost) / before.total, len(lost)
