"""`slaProperties`, as far as the rows and the clock of a build can show them.

Freshness, latency and ageing: the age of the newest value of the element. Retention: the age of the oldest one.
Completeness: the share of rows in which the element has a value. General availability, end of support and end of life:
how far they are away. Frequency is measured from publication to publication, beside this. Availability, throughput,
times to repair and the like show only while the port is served: they are told as not run, never as passed.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.promise import Promise, Unchecked, ValuePromise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.threshold import Limit
from weft.engine.quote import text
from weft.spec.contract import Contract, Operator, ServiceLevel, Table, Threshold
from weft.spec.service_level_kinds import LevelKind, kind_of
from weft.spec.time_units import SECONDS_BY_UNIT

FREQUENCY = "frequency"  # kind of the finding that is measured beside this
_OF_ROWS = (LevelKind.AGE, LevelKind.OLDEST, LevelKind.SHARE)
_ONLY_WARN = (LevelKind.OLDEST, LevelKind.MOMENT, LevelKind.INTERVAL)
_BEGINS = ("generalavailability", "ga")  # the other moments are ends


def service_levels(
    contract: Contract, table: Table, values: tuple[ColumnValue, ...], now: datetime
) -> Iterator[Promise]:
    """One promise an element of each service level."""
    for level in contract.service_levels:
        kind = kind_of(level.property)
        elements = list(_elements(level, contract, table))
        if level.element and not elements:
            continue  # all of them of other tables
        if kind in _OF_ROWS:
            for element in elements:
                yield _of_rows(level, kind, element, values, now)
            if not level.element:
                yield _unchecked(level, level.property, "It names no element, so no column shows it.", blocks=False)
            continue
        rule = f"{elements[0]}.{level.property}" if elements and elements[0] else level.property
        if kind is LevelKind.MOMENT:
            yield _moment(level, rule, now)
        elif kind is LevelKind.INTERVAL:
            reason = "It is measured from publication to publication, and there was none before this one."
            yield _unchecked(level, rule, reason, blocks=False, kind=FREQUENCY)
        elif kind is LevelKind.SERVICE:
            reason = "It shows while the port is served, not at a build, and is kept to be measured there."
            yield _unchecked(level, rule, reason, blocks=False)
        else:
            yield _unchecked(
                level, rule, "No service level of that name is known, so nothing is measured.", blocks=False
            )


def _of_rows(
    level: ServiceLevel, kind: LevelKind, column: str, values: tuple[ColumnValue, ...], now: datetime
) -> Promise:
    rule = f"{column}.{level.property}" if column else level.property
    value = value_at(values, column) if column else None
    if not column:
        return _unchecked(level, rule, "Its element is the whole table; name a column of it.", blocks=False)
    if value is None:
        return _unchecked(level, rule, f'"{column}" is no column of the table.')
    if kind is LevelKind.SHARE:
        return _completeness(level, rule, value)
    return _age(level, rule, value, now, "min" if kind is LevelKind.OLDEST else "max")


def _age(level: ServiceLevel, rule: str, value: ColumnValue, now: datetime, which: str) -> Promise:
    """The age of the newest or the oldest row.

    Data that is kept too long stops nothing unless the contract says so: it is removed by its own work, and refusing
    newer rows would not help.
    """
    limit = age_limit(level)
    if limit is None:
        return _unchecked(level, rule, "Its value is no number, or its unit is no unit of time.")
    if not value.type.name.startswith(("DATE", "TIMESTAMP")):
        return _unchecked(level, rule, f"A column of type {value.type} has no age.")
    shown = f"CAST({which}({value.expression}) AS TIMESTAMP WITH TIME ZONE)"
    moment = f"CAST({text(now.isoformat())} AS TIMESTAMP WITH TIME ZONE)"
    return ValuePromise(
        rule=rule,
        kind="freshness" if which == "max" else "retention",
        place=level.place,
        columns=(value.path,),
        severity=_severity(level),
        limit=limit,
        query=f"SELECT date_diff('microsecond', {shown}, {moment}) / 1e6 FROM {PUBLISHED}",
        unknown_if_empty=which == "min",
        if_null="No row has a value in the column that shows the age.",
    )


def age_limit(level: ServiceLevel) -> Limit | None:
    """At most so many seconds; None where the value is no number or the unit none of time."""
    factor = SECONDS_BY_UNIT.get((level.unit or "").casefold())
    amount = _number(level.value)
    if factor is None or amount is None:
        return None
    return Limit((Threshold(Operator.MUST_BE_LESS_OR_EQUAL_TO, (amount * factor,)),), "seconds")


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


def _moment(level: ServiceLevel, rule: str, now: datetime) -> Promise:
    """How long it is since the data became available, or until they end; a day that is over, or to come, only warns."""
    moment = _moment_of(level.value)
    if moment is None:
        return _unchecked(level, rule, "Its value is no date and no time.", blocks=False)
    begins = level.property.casefold() in _BEGINS
    seconds = (now - moment if begins else moment - now).total_seconds()
    return ValuePromise(
        rule=rule,
        kind="moment",
        place=level.place,
        severity=_severity(level),
        limit=Limit((Threshold(Operator.MUST_BE_GREATER_OR_EQUAL_TO, (0.0,)),), "seconds"),
        query=f"SELECT CAST({seconds!r} AS DOUBLE)",
    )


def _moment_of(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _elements(level: ServiceLevel, contract: Contract, table: Table) -> Iterator[str]:
    """Columns of this table, "" for the table itself; what is of another one is left out."""
    for element in (level.element or "").split(","):
        word = element.strip()
        if not word:
            continue
        if word in (table.name, table.physical_name):
            yield ""
        elif (column := _column_of(word, contract, table)) is not None:
            yield column


def _column_of(element: str, contract: Contract, table: Table) -> str | None:
    """The column of this table; None where it is another table's. What is nobody's is told at every table."""
    owner, dot, column = element.partition(".")
    if dot and owner in (table.name, table.physical_name):
        return column
    if any(owner in (other.name, other.physical_name) for other in contract.tables):
        return None
    if table.column(owner) is None and any(other.column(owner) is not None for other in contract.tables):
        return None
    return element


def _number(value: object) -> float | None:
    try:
        return None if isinstance(value, bool) else float(str(value).strip().rstrip("%"))
    except ValueError:
        return None


def _severity(level: ServiceLevel) -> str:
    """As written; else what would not be mended by refusing newer rows only warns."""
    asked = level.custom.get("severity")
    if asked in ("error", "warning", "info"):
        return str(asked)
    return "warning" if kind_of(level.property) in _ONLY_WARN else "error"


def _unchecked(level: ServiceLevel, rule: str, reason: str, blocks: bool = True, kind: str | None = None) -> Unchecked:
    return Unchecked(
        rule=rule,
        kind=kind or level.property,
        place=level.place,
        severity=_severity(level),
        reason=reason,
        blocks=blocks,
    )
