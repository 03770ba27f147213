"""A compact picture of a column's distribution: counts of its values in the bins of a grid.

Two publications can be compared where both were counted in the same grid. So a publication is counted in the grids of
the one before it, and a new grid is made only where none of those fits any more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

RANGES, VALUES = "ranges", "values"
_MOST_IN_AN_OUTER_BIN = 0.2  # more than it held before; a twentieth when the grid was made
_MOST_NEW_REST = 0.05


@dataclass(frozen=True)
class Grid:
    """Bins of ordered values, or a list of categories."""

    kind: str  # ranges | values
    bounds: tuple[Any, ...]  # of ranges: upper bounds that belong to their bins, rising; of values: the categories

    @property
    def is_ordered(self) -> bool:
        """Whether the bins have an order that means something."""
        return self.kind == RANGES

    def label(self, index: int, *, is_age: bool = False) -> str:
        """What people call a bin.

        Args:
            index: of the bin, from 0.
            is_age: the bounds are seconds before the publication.

        >>> [Grid("ranges", (1.0, 2.5)).label(index) for index in range(3)]
        ['up to 1', '1 to 2.5', 'above 2.5']
        """
        if self.kind == VALUES:
            return str(self.bounds[index]) if index < len(self.bounds) else "all others"
        if not self.bounds:
            return "all"
        if index == 0:
            return f"up to {_words(self.bounds[0], is_age)}"
        if index >= len(self.bounds):
            return f"above {_words(self.bounds[-1], is_age)}"
        return f"{_words(self.bounds[index - 1], is_age)} to {_words(self.bounds[index], is_age)}"


@dataclass(frozen=True)
class Sketch:
    """How many values lie in each bin of a grid.

    The last count is of the values that are in no bin: above all bounds, or of no listed category.
    """

    grid: Grid
    counts: tuple[int, ...]  # one more than the grid has bounds

    @property
    def total(self) -> int:
        """All values that were counted."""
        return sum(self.counts)

    @property
    def is_complete(self) -> bool:
        """Whether every value is of a listed category."""
        return self.grid.kind == VALUES and self.counts[-1] == 0

    def as_json(self) -> dict[str, Any]:
        """For the ledger."""
        return {"kind": self.grid.kind, "bounds": list(self.grid.bounds), "counts": list(self.counts)}

    def fits(self, before: "Sketch | None" = None) -> bool:
        """Whether the grid still tells the values apart.

        Args:
            before: the same grid with the counts of the publication before.
        """
        if self.total == 0:
            return True
        if self.grid.kind == VALUES:
            rest = self.counts[-1] / self.total
            known = before.counts[-1] / before.total if before is not None and before.total else 0.0
            return rest <= known + (_MOST_NEW_REST if known else 0.0)
        for outer in (0, -1):
            known = before.counts[outer] / before.total if before is not None and before.total else 0.0
            if self.counts[outer] / self.total > known + _MOST_IN_AN_OUTER_BIN:
                return False
        return True


def sketches_of(figures: Mapping[str, Any] | None) -> tuple[Sketch, ...]:
    """The sketches in a column's figures of a profile, oldest grid first; none where it has none."""
    found = (figures or {}).get("distribution") or ()
    return tuple(
        Sketch(Grid(str(one["kind"]), tuple(one["bounds"])), tuple(int(count) for count in one["counts"]))
        for one in found
    )


def age_words(seconds: float) -> str:
    """An age as people say it.

    >>> age_words(90), age_words(5400), age_words(86400 * 2.5), age_words(-30)
    ('90 s', '90.0 min', '2.5 d', '-30 s')
    """
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} s"


def _words(bound: float, is_age: bool) -> str:
    return age_words(bound) if is_age else f"{bound:g}"


def pooled(sketches: Iterable[Sketch], grid: Grid) -> Sketch | None:
    """Several counts in the same grid as one; None where there is none."""
    counts = [sketch.counts for sketch in sketches if sketch.grid == grid]
    if not counts:
        return None
    return Sketch(grid, tuple(map(sum, zip(*counts, strict=True))))
