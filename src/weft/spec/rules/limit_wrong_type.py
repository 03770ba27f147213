"""A limit that cannot be compared with the column."""

import re
from collections.abc import Iterator
from typing import Any

from weft.base.problem import Problem
from weft.spec.contract_walk import columns_at_any_depth, tables_of
from weft.spec.rule import Rule, RuleContext

_LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_SHAPES = {
    "date": (re.compile(r"^\d{4}-\d{2}-\d{2}$"), "a date such as 2026-01-31"),
    "timestamp": (
        re.compile(r"^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$"),
        "an instant such as 2026-01-31T12:00:00",
    ),
    "time": (re.compile(r"^\d{2}:\d{2}(:\d{2}(\.\d+)?)?$"), "a time such as 12:00:00"),
}


class LimitWrongType(Rule):
    """CONTRACT110: a limit of a column is not of the column's type.

    Why: it cannot be compared with any value.
    Bad: `logicalType: date` with `minimum: 01.02.2026`.
    Good: `minimum: "2026-02-01"`.
    """

    code = "CONTRACT110"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every limit of another type."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                shape = _SHAPES.get(column.logical_type or "")
                for limit in _LIMITS:
                    value = column.logical_type_options.get(limit)
                    if value is None or shape is None or _matches(shape[0], value):
                        continue
                    yield self.problem(
                        column.place,
                        f'The {limit} of column "{path}" is no {column.logical_type}.',
                        found=str(value),
                        expected=shape[1],
                    )


def _matches(shape: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and bool(shape.match(value))
