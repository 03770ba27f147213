"""An enumeration with values that the column cannot hold."""

import re
from collections.abc import Iterator
from typing import Any

from weft.base.problem import Problem
from weft.spec.contract_walk import columns_at_any_depth, tables_of
from weft.spec.rule import Rule, RuleContext

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class EnumValueWrongType(Rule):
    """CONTRACT107: an `enum` lists values that are not of the column's type.

    Why: no row could ever have them, so the promise is not the one that was meant.
    Bad: `logicalType: integer` with `enum: [{value: high}, {value: low}]`; `logicalType: string` with `{value: 1}`.
    Good: `enum: [{value: 1}, {value: 2}]` for integers, quoted values for strings.
    """

    code = "CONTRACT107"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every column with such values."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                if not column.enum or column.logical_type is None:
                    continue
                wrong = [i for i, value in enumerate(column.enum, 1) if not _fits(value, column.logical_type)]
                if wrong:
                    # By position: values stay out of messages, also those of a contract.
                    entries = ", ".join(map(str, wrong))
                    yield self.problem(
                        column.place,
                        f'The enum of column "{path}" lists values that are no {column.logical_type}.',
                        found=f"entries {entries} of {len(column.enum)}" if len(wrong) > 1 else f"entry {entries}",
                        expected=f"values of the type {column.logical_type}",
                        fix="Quote them." if column.logical_type == "string" else None,
                    )


def _fits(value: Any, logical_type: str) -> bool:
    is_bool = isinstance(value, bool)
    match logical_type:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not is_bool
        case "number":
            return isinstance(value, int | float) and not is_bool
        case "boolean":
            return is_bool
        case "date":
            return isinstance(value, str) and bool(_DATE.match(value))
    return True
