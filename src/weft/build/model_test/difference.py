"""How rows differ from the expected ones: missing, unexpected, or the same row with other cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """What is not as expected; empty when all is."""

    columns: tuple[str, ...]
    missing: tuple[Row, ...] = ()  # expected and not there
    unexpected: tuple[Row, ...] = ()  # there and not expected
    changed: tuple[tuple[Row, Row], ...] = ()  # (expected, found): most of their cells agree
    is_order_wrong: bool = False  # the same rows in another order, where order counts

    def __bool__(self) -> bool:
        return bool(self.missing or self.unexpected or self.changed or self.is_order_wrong)


def difference_of(
    columns: Sequence[str], expected: Sequence[Row], found: Sequence[Row], *, ordered: bool
) -> Difference:
    """Compare rows as bags, or in order.

    >>> difference_of(["id", "n"], [(1, 2), (3, 4)], [(3, 5), (1, 2)], ordered=False).changed
    (((3, 4), (3, 5)),)
    >>> bool(difference_of(["id"], [(1,), (1,)], [(1,)], ordered=False))
    True
    """
    left, right = [_comparable(row) for row in expected], [_comparable(row) for row in found]
    missing, unexpected = _without(left, right, expected), _without(right, left, found)
    changed: list[tuple[Row, Row]] = []
    for row in list(missing):
        partner = max(unexpected, key=lambda other: _agreement(row, other), default=None)
        if partner is not None and _agreement(row, partner) * 2 >= len(columns):
            changed.append((row, partner))
            missing.remove(row)
            unexpected.remove(partner)
    order_wrong = ordered and not (missing or unexpected or changed) and left != right
    return Difference(tuple(columns), tuple(missing), tuple(unexpected), tuple(changed), order_wrong)


def _comparable(row: Row) -> Row:
    # Sums of doubles differ in the last digits with the order in which an engine adds them.
    return tuple(float(f"{value:.12g}") if isinstance(value, float) else value for value in row)


def _without(rows: Sequence[Row], others: Sequence[Row], originals: Sequence[Row]) -> list[Row]:
    """The rows, as they were, that are not matched one to one by the others."""
    left_over = list(others)
    unmatched = []
    for row, original in zip(rows, originals, strict=True):
        if row in left_over:
            left_over.remove(row)
        else:
            unmatched.append(original)
    return unmatched


def _agreement(left: Row, right: Row) -> int:
    return sum(a == b for a, b in zip(_comparable(left), _comparable(right), strict=True))
