"""`freshness`, `latency` and `completeness` of `slaProperties`, as far as rows can show them.

Freshness and latency: the age of the newest value of the element at the time of the build. Completeness: the share of
rows in which the element has a value. Availability, retention, frequency and the like are no matter of the rows of one
build and are not looked at here.
"""

from collections.abc import Iterator
from datetime import datetime

from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.promise import Promise, Unchecked, ValuePromise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.threshold import Limit
from weft.engine.quote import text
from weft.spec.contract import Contract, Operator, ServiceLevel, Table, Threshold

_AGES = ("freshness", "fr", "latency", "ly")
_COMPLETENESS = ("completeness", "cp")
_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 604800.0),
    **dict.fromkeys(("mo", "month", "months"), 2629746.0),  # a twelfth of the mean Gregorian year
    **dict.fromkeys(("y", "yr", "year", "years"), 31556952.0),
}


def service_levels(
    contract: Contract, table: Table, values: tuple[ColumnValue, ...], now: datetime
) -> Iterator[Promise]:
    """One promise an element of each such service level."""
    for level in contract.service_levels:
        kind = level.property.casefold()
        if kind not in _AGES and kind not in _COMPLETENESS:
            continue
        if not level.element:
            yield _unchecked(level, level.property, "It names no element, so no column shows it.", blocks=False)
            continue
        for element in level.element.split(","):
            column = _column_of(element.strip(), contract, table)
            if column is None:
                continue  # of another table
            value = value_at(values, column)
            rule = f"{column}.{level.property}"
            if value is None:
                yield _unchecked(level, rule, f'"{column}" is no column of the table.')
            elif kind in _AGES:
                yield _age(level, rule, value, now)
            else:
                yield _completeness(level, rule, value)


def _age(level: ServiceLevel, rule: str, value: ColumnValue, now: datetime) -> Promise:
    seconds = _SECONDS.get((level.unit or "").casefold())
    amount = _number(level.value)
    if seconds is None or amount is None:
        return _unchecked(level, rule, "Its value is no number, or its unit is no unit of time.")
    if not value.type.name.startswith(("DATE", "TIMESTAMP")):
        return _unchecked(level, rule, f"A column of type {value.type} has no age.")
    newest = f"CAST(max({value.expression}) AS TIMESTAMP WITH TIME ZONE)"
    moment = f"CAST({text(now.isoformat())} AS TIMESTAMP WITH TIME ZONE)"
    return ValuePromise(
        rule=rule,
        kind="freshness",
        place=level.place,
        columns=(value.path,),
        severity=_severity(level),
        limit=Limit((Threshold(Operator.MUST_BE_LESS_OR_EQUAL_TO, (amount * seconds,)),), "seconds"),
        query=f"SELECT date_diff('microsecond', {newest}, {moment}) / 1e6 FROM {PUBLISHED}",
        unknown_if_empty=False,
        if_null="No row has a value in the column that shows the age.",
    )


def _completeness(level: ServiceLevel, rule: str, value: ColumnValue) -> Promise:
    share = _number(level.value)
    if share is None:
        return _unchecked(level, rule, "Its value is no number.")
    if not (level.unit or str(level.value)).strip().endswith(("%", "percent", "pct")) and share <= 1:
        share *= 100
    return ValuePromise(
        rule=rule,
        kind="completeness",
        place=level.place,
        columns=(value.path,),
        severity=_severity(level),
        limit=Limit((Threshold(Operator.MUST_BE_GREATER_OR_EQUAL_TO, (share,)),), "percent"),
        query=f"SELECT 100.0 * count({value.expression}) / count(*) FROM {PUBLISHED}",
    )


def _column_of(element: str, contract: Contract, table: Table) -> str | None:
    owner, dot, column = element.partition(".")
    if dot and owner in (table.name, table.physical_name):
        return column
    if dot and any(owner in (other.name, other.physical_name) for other in contract.tables):
        return None
    if table.column(element.split(".")[0]) is not None or len(contract.tables) == 1:
        return element
    return None


def _number(value: object) -> float | None:
    try:
        return None if isinstance(value, bool) else float(str(value).strip().rstrip("%"))
    except ValueError:
        return None


def _severity(level: ServiceLevel) -> str:
    asked = level.custom.get("severity")
    return asked if asked in ("warning", "info") else "error"


def _unchecked(level: ServiceLevel, rule: str, reason: str, blocks: bool = True) -> Unchecked:
    return Unchecked(
        rule=rule, kind=level.property, place=level.place, severity=_severity(level), reason=reason, blocks=blocks
    )
