"""Measure the promises that are one value over the rows that are to be published."""

import math
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any

from weft.build.check.promise import ValuePromise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.rule_failure import RuleFailed, failing_alone
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, subquery
from weft.spec.contract import Operator


@dataclass(frozen=True)
class Measured:
    """What a query gave."""

    value: float | None = None
    is_kept: bool = False
    reason: str | None = None  # why there is no value
    blocks: bool = True
    applies: bool = True  # False: there were no rows, so nothing could be measured


def _compared(promise: ValuePromise, value: Any) -> Measured:
    """Compare a text, a truth value or a moment; the value itself is not told, only whether it is the expected one."""
    found = value.isoformat() if isinstance(value, date | time) else value
    if any(type(found) is not type(word.value) for word in promise.words):
        return Measured(reason="The query gave a value of another kind than the rule compares with.")
    is_kept = all((found == word.value) == (word.operator is Operator.MUST_BE) for word in promise.words)
    return Measured(float(is_kept), is_kept)


def measure(engine: Engine, promise: ValuePromise, rows: int) -> Measured:
    """Run the query of one promise over the published rows, which the session knows by their own names too."""
    named = ", ".join(f"{identifier(name)} AS (SELECT * FROM {PUBLISHED})" for name in dict.fromkeys(promise.names))
    prefix = f"WITH {named} " if named else ""
    try:
        with failing_alone():
            found = engine.rows(f"{prefix}SELECT * FROM {subquery(promise.query)} LIMIT 2")
    except RuleFailed as failure:
        return Measured(reason=str(failure))
    if len(found) != 1 or len(found[0]) != 1:
        return Measured(reason="The query must give one row with one value.")
    return _judged(promise, found[0][0], rows)


def _judged(promise: ValuePromise, value: Any, rows: int) -> Measured:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):  # a share of no rows is NaN
        return Measured(
            reason="There are no rows to measure." if rows == 0 and promise.unknown_if_empty else promise.if_null,
            applies=promise.null_applies and (rows > 0 or not promise.unknown_if_empty),
        )
    if isinstance(value, bool) and promise.expects_truth:
        return Measured(float(value), value)
    if promise.words:
        return _compared(promise, value)
    if not isinstance(value, bool | int | float | Decimal):
        return Measured(reason="The query gave no number and no truth value.")
    if not promise.limit.thresholds:
        return Measured(float(value), reason="The rule has no threshold that the number could be compared with.")
    return Measured(float(value), promise.limit.allows(float(value)))
