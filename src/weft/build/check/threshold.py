"""Compare a measured value with what a rule allows: all operators of the standard, in rows or percent."""

import math
from dataclasses import dataclass

from weft.spec.contract import Operator, Threshold

_WORDS = {
    Operator.MUST_BE: "must be {0}",
    Operator.MUST_NOT_BE: "must not be {0}",
    Operator.MUST_BE_GREATER_THAN: "must be greater than {0}",
    Operator.MUST_BE_GREATER_OR_EQUAL_TO: "must be at least {0}",
    Operator.MUST_BE_LESS_THAN: "must be less than {0}",
    Operator.MUST_BE_LESS_OR_EQUAL_TO: "must be at most {0}",
    Operator.MUST_BE_BETWEEN: "must be between {0} and {1}",
    Operator.MUST_NOT_BE_BETWEEN: "must not be between {0} and {1}",
}


@dataclass(frozen=True)
class Limit:
    """What a rule allows; several thresholds must all hold.

    >>> limit = Limit((Threshold(Operator.MUST_BE_LESS_THAN, (5,)),), "percent")
    >>> str(limit), limit.allows(4.9), limit.allows(5)
    ('must be less than 5 percent', True, False)
    """

    thresholds: tuple[Threshold, ...]
    unit: str = "rows"  # or percent, seconds; value: of a mean, a sum and the like

    def __str__(self) -> str:
        words = " and ".join(_words(threshold) for threshold in self.thresholds)
        return words if self.unit in ("rows", "value") else f"{words} {self.unit}"

    def allows(self, value: float) -> bool:
        """Whether a measured value, in the limit's unit, is within it."""
        return all(_allows(threshold, value) for threshold in self.thresholds)

    @property
    def allows_none(self) -> bool:
        """Whether the only count of rows that it allows is zero.

        >>> Limit((Threshold(Operator.MUST_BE_LESS_THAN, (1,)),)).allows_none
        True
        >>> Limit((Threshold(Operator.MUST_BE_LESS_THAN, (1,)),), "percent").allows_none
        False
        """
        smallest = 1 if self.unit == "rows" else 1e-12
        return self.bounds_from_above and self.allows(0) and not self.allows(smallest)

    @property
    def bounds_from_above(self) -> bool:
        """Whether less is always better: zero is allowed, and beyond some value nothing is."""
        return bool(self.thresholds) and self.allows(0) and not self.allows(math.inf)


NONE_ALLOWED = Limit((Threshold(Operator.MUST_BE, (0,)),))


def measured_in(unit: str, count: float, among: int) -> float:
    """A count of rows in a unit; a share of no rows is nothing that could be measured.

    >>> measured_in("percent", 3, 12), measured_in("rows", 3, 12)
    (25.0, 3)
    """
    return 100.0 * count / among if unit == "percent" else count


def _allows(threshold: Threshold, value: float) -> bool:
    first, last = threshold.bounds[0], threshold.bounds[-1]
    match threshold.operator:
        case Operator.MUST_BE:
            return _equal(value, first)
        case Operator.MUST_NOT_BE:
            return not _equal(value, first)
        case Operator.MUST_BE_GREATER_THAN:
            return value > first
        case Operator.MUST_BE_GREATER_OR_EQUAL_TO:
            return value >= first
        case Operator.MUST_BE_LESS_THAN:
            return value < first
        case Operator.MUST_BE_LESS_OR_EQUAL_TO:
            return value <= first
        case Operator.MUST_BE_BETWEEN:
            return first <= value <= last
    return not first <= value <= last


def _equal(value: float, bound: float) -> bool:
    # Percentages and quotients are rarely the very number that somebody wrote; counts are compared exactly.
    return value == bound or (bound != 0 and math.isclose(value, bound, rel_tol=1e-9))


def _words(threshold: Threshold) -> str:
    return _WORDS[threshold.operator].format(*(number_text(bound) for bound in threshold.bounds))


def number_text(value: float) -> str:
    """A number as people write it.

    >>> number_text(5.0), number_text(0.25)
    ('5', '0.25')
    """
    return str(int(value)) if math.isfinite(value) and value == int(value) and abs(value) < 1e15 else str(value)
