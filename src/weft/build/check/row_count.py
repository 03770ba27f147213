"""`rowCount`: how many rows are published."""

from weft.build.check.promise import ValuePromise
from weft.build.check.threshold import Limit
from weft.spec.contract import QualityRule

PUBLISHED = '"weft published rows"'  # how queries of our own call the rows that are to be published


def row_count(rule: QualityRule, limit: Limit, among: str | None) -> ValuePromise | str:
    """The promise, or the reason why there is none."""
    if limit.unit == "percent":
        return "A count of rows is no percentage of anything."
    return ValuePromise(
        rule=rule.name,
        kind="rowCount",
        place=rule.place,
        severity=rule.severity,
        limit=limit,
        query=f"SELECT count(*) FROM {PUBLISHED}" + (f" WHERE {among}" if among else ""),
    )
