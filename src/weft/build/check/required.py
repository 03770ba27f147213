"""`required: true`, and the columns of a primary key: a value is there."""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.condition import Condition


def required(value: ColumnValue) -> Iterator[Condition]:
    """A NULL breaks it. A field of a struct is judged only where the struct is there."""
    if not value.column.required and (value.column.primary_key_position is None or value.parent is not None):
        return
    broken = f"{value.original} IS NULL"  # what is there and not of its type breaks that promise, not this one
    if value.parent is not None:
        broken = f"{value.parent} IS NOT NULL AND {broken}"
    yield Condition("required", "required", broken)
