"""Limits that no value can keep."""

from collections.abc import Iterator, Mapping
from typing import Any

from weft.base.problem import Problem
from weft.spec.contract_walk import columns_at_any_depth, tables_of
from weft.spec.rule import Rule, RuleContext

_PAIRS = (
    ("minimum", "maximum", False),
    ("exclusiveMinimum", "maximum", True),
    ("minimum", "exclusiveMaximum", True),
    ("exclusiveMinimum", "exclusiveMaximum", True),
    ("minLength", "maxLength", False),
    ("minItems", "maxItems", False),
    ("minProperties", "maxProperties", False),
)


class LimitsContradict(Rule):
    """CONTRACT109: the lower limit of a column lies above its upper limit.

    Why: no row can keep both, so every row would be held back.
    Bad: `logicalTypeOptions: {minimum: 100, maximum: 1}`.
    Good: `logicalTypeOptions: {minimum: 1, maximum: 100}`.
    """

    code = "CONTRACT109"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every pair of limits that leaves nothing between them."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                for low, high, is_open in _PAIRS:
                    if _leaves_nothing(column.logical_type_options, low, high, is_open):
                        yield self.problem(
                            column.place,
                            f'No value of column "{path}" can keep its limits.',
                            found=f"{low} is not below {high}" if is_open else f"{low} is above {high}",
                            fix="Swap them, if they were written the wrong way round.",
                        )


def _leaves_nothing(options: Mapping[str, Any], low: str, high: str, is_open: bool) -> bool:
    lower, upper = options.get(low), options.get(high)
    are_numbers = isinstance(lower, int | float) and isinstance(upper, int | float)
    are_texts = isinstance(lower, str) and isinstance(upper, str)  # ISO dates and times sort as text
    if not are_numbers and not are_texts:
        return False
    return bool(lower >= upper) if is_open else bool(lower > upper)  # type: ignore[operator]
