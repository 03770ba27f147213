"""Values that occur twice within lists or maps, over all rows: `unique` and `duplicateValues` of what lies in them.

Rows do not repeat each other here, their elements do: nothing is held back, and the whole table is measured.
"""

from weft.build.check.column_value import Located
from weft.build.check.row_count import PUBLISHED

NO_ELEMENTS = "No list holds a value."


def count_repeats_in_lists(located: Located, among: str | None, unit: str) -> str:
    """The query for how many elements stand beyond the first of their value; NULL where there are none.

    Args:
        located: the element.
        among: condition on the rows that count.
        unit: rows, for a count of elements, or percent, for their share among all that have a value.
    """
    where = f" WHERE {among}" if among else ""
    values = f"SELECT unnest({located.all_of_row}) AS v FROM {PUBLISHED}{where}"
    repeats = "count(v) - count(DISTINCT v)"
    found = f"100.0 * ({repeats}) / count(v)" if unit == "percent" else repeats
    return f"SELECT CASE WHEN count(v) > 0 THEN {found} END FROM ({values})"
