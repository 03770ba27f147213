"""Soda: lines of SodaCL and blocks of its contracts.

Missing and invalid values, duplicates, counts, aggregates, ages, failed rows and references are computed as Soda
documents them: invalid values leave out missing ones, percentages are of all rows that the filter leaves.
"""

from collections.abc import Iterator
from typing import Any

from weft.build.check.column_value import ColumnValue
from weft.build.check.enum import not_in
from weft.build.check.foreign.conditions import sql_condition
from weft.build.check.foreign.foreign_rule import ForeignRule, NotMapped, each
from weft.build.check.foreign.implementation import implementation_of
from weft.build.check.foreign.soda_check import SodaCheck
from weft.build.check.foreign.soda_lines import check_of, checks_in
from weft.build.check.formats import PATTERN_BY_FORMAT
from weft.build.check.literal import NotALiteral
from weft.build.check.patterns import NEEDS_MORE_THAN_RE2, NotRunnable, re2_pattern
from weft.build.check.promise import Promise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.threshold import Limit
from weft.engine.quote import text

_AGGREGATES = {
    "avg": "avg({0})",
    "sum": "sum({0})",
    "min": "min({0})",
    "max": "max({0})",
    "stddev": "stddev_samp({0})",
    "stddev_samp": "stddev_samp({0})",
    "stddev_pop": "stddev_pop({0})",
    "variance": "var_samp({0})",
    "var_samp": "var_samp({0})",
    "var_pop": "var_pop({0})",
    "avg_length": "avg(length({1}))",
    "min_length": "min(length({1}))",
    "max_length": "max(length({1}))",
}
_PATTERN_BY_FORMAT = {
    **{name: PATTERN_BY_FORMAT[name] for name in ("email", "uuid")},
    "ipv4 address": PATTERN_BY_FORMAT["ipv4"],
    "ipv6 address": PATTERN_BY_FORMAT["ipv6"],
    "ip address": f"{PATTERN_BY_FORMAT['ipv4']}|{PATTERN_BY_FORMAT['ipv6']}",
    "integer": r"^[-+]?[0-9]+$",
    "positive integer": r"^\+?[0-9]+$",
    "negative integer": r"^-[0-9]+$",
    "decimal": r"^[-+]?[0-9]*[.,]?[0-9]+$",
    "date iso 8601": PATTERN_BY_FORMAT["date"],
}
_OF_VALIDITY = (
    "valid values",
    "valid format",
    "valid regex",
    "valid min",
    "valid max",
    "valid length",
    "valid min length",
    "valid max length",
    "invalid values",
    "invalid format",
    "invalid regex",
)
_OF_MISSING = ("missing values", "missing regex")
_SAYS_NOTHING = (
    "name",
    "title",
    "identity",
    "attributes",
    "samples limit",
    "samples columns",
    "collect failed rows",
    "fail",
    "warn",
    "description",
    "qualifier",
)


def promises(rule: ForeignRule) -> Iterator[Promise]:
    """The promises of one rule with `engine: soda`."""
    checks = list(checks_in(implementation_of(rule.rule.implementation), rule.own_names))
    yield from each(rule, checks, _promises)


def _promises(rule: ForeignRule, item: Any) -> Iterator[Promise]:
    check = check_of(item)
    compiler = _COMPILERS.get(check.metric)
    if check.metric == "reference":
        yield _reference(rule, check)
        return
    for severity, limit in check.allowed:
        own = rule.called("" if len(check.allowed) == 1 else severity, severity if severity != "error" else None)
        if compiler is not None:
            yield compiler(own, check, limit)
        elif check.metric in _AGGREGATES:
            yield _aggregate(own, check, limit)
        else:
            yield _own_metric(own, check, limit)


def _column(rule: ForeignRule, check: SodaCheck) -> ColumnValue:
    if len(check.columns) > 1:
        raise NotMapped(f"The check {check.metric} is about one column.")
    return rule.value_of(check.columns[0] if check.columns else None)


def _only(check: SodaCheck, *known: str) -> None:
    """Refuse a setting that would change the result and is not read."""
    if unknown := sorted(set(map(str, check.settings)) - {*known, *_SAYS_NOTHING, "filter"}):
        raise NotMapped(f"Its setting {', '.join(unknown)} is not computed by weft.")


def _among(check: SodaCheck) -> str | None:
    condition = check.settings.get("filter")
    return None if condition is None else sql_condition(condition)


def _where(check: SodaCheck, *conditions: str) -> str:
    among = _among(check)
    found = [*conditions, *([among] if among else [])]
    return f" WHERE {' AND '.join(found)}" if found else ""


def _row_count(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check)
    return rule.value(f"SELECT count(*) FROM {PUBLISHED}{_where(check)}", limit)


def _missing(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check, *_OF_MISSING)
    value = _column(rule, check)
    broken = _is_missing(value, check)
    return rule.row(broken, (value,), limit=limit, among=_among(check), by_nature=limit.allows_none)


def _is_missing(value: ColumnValue, check: SodaCheck) -> str:
    conditions = [f"{value.expression} IS NULL"]
    words = check.settings.get("missing values")
    if words is not None:
        listed = ", ".join(text(str(word)) for word in _list(words, "missing values") if word is not None)
        conditions += [f"coalesce({value.as_text} IN ({listed}), false)"] if listed else []
    if "missing regex" in check.settings:
        conditions.append(f"coalesce({_found(value, check.settings['missing regex'])}, false)")
    return f"({' OR '.join(conditions)})"


def _invalid(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check, *_OF_MISSING, *_OF_VALIDITY)
    value = _column(rule, check)
    broken = f"(NOT {_is_missing(value, check)} AND ({_is_invalid(rule, value, check)}))"
    return rule.row(
        broken,
        (value,),
        limit=limit,
        among=_among(check),
        by_nature=limit.bounds_from_above,
        if_it_fails=NEEDS_MORE_THAN_RE2 if any("regex" in key for key in check.settings) else "Values do not compare.",
    )


def _is_invalid(rule: ForeignRule, value: ColumnValue, check: SodaCheck) -> str:
    given = {key: check.settings[key] for key in _OF_VALIDITY if key in check.settings}
    if not given:
        raise NotMapped("It does not say which values are valid.")
    length = f"length({value.as_text})"
    conditions = []
    for key, wanted in given.items():
        match key:
            case "valid values":
                conditions.append(_outside(value, wanted, key))
            case "invalid values":
                conditions.append(f"NOT ({_outside(value, wanted, key)})")
            case "valid regex":
                conditions.append(f"NOT {_found(value, wanted)}")
            case "invalid regex":
                conditions.append(_found(value, wanted))
            case "valid format":
                conditions.append(f"NOT {_of_format(value, wanted)}")
            case "invalid format":
                conditions.append(_of_format(value, wanted))
            case "valid min":
                conditions.append(f"{value.expression} < {rule.literal(wanted, value)}")
            case "valid max":
                conditions.append(f"{value.expression} > {rule.literal(wanted, value)}")
            case "valid length":
                conditions.append(f"{length} <> {_whole(wanted)}")
            case "valid min length":
                conditions.append(f"{length} < {_whole(wanted)}")
            case "valid max length":
                conditions.append(f"{length} > {_whole(wanted)}")
    return " OR ".join(conditions)


def _outside(value: ColumnValue, wanted: Any, key: str) -> str:
    try:
        return not_in(value.expression, value.type, _list(wanted, key))
    except NotALiteral:
        raise NotMapped(f"A value of its {key} is none of type {value.type}.") from None


def _found(value: ColumnValue, pattern: Any) -> str:
    try:
        return f"regexp_matches({value.as_text}, {text(re2_pattern(str(pattern)))})"
    except NotRunnable:
        raise NotMapped(NEEDS_MORE_THAN_RE2) from None


def _of_format(value: ColumnValue, name: Any) -> str:
    pattern = _PATTERN_BY_FORMAT.get(str(name))
    if pattern is None:
        raise NotMapped(f'The format "{name}" is not computed by weft.')
    return f"regexp_matches({value.as_text}, {text(pattern)})"


def _list(value: Any, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise NotMapped(f"Its setting {key} is no list.")
    return value


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotMapped("A length of it is no whole number.")
    return value


def _duplicates(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check)
    values = rule.values_of(list(check.columns)) if check.columns else (rule.value_of(),)
    keys = [value.expression for value in values]
    if limit.allows_none or (limit.unit == "percent" and limit.bounds_from_above and not limit.allows(1e-12)):
        return rule.key(keys, values, among=_among(check))
    there = " AND ".join(f"{key} IS NOT NULL" for key in keys)
    repeated = f"SELECT 1 FROM {PUBLISHED}{_where(check, there)} GROUP BY {', '.join(keys)} HAVING count(*) > 1"
    counted = f"(SELECT count(*) FROM ({repeated}))"
    if limit.unit != "percent":
        return rule.value(f"SELECT {counted}", limit, values)
    return rule.value(
        f"SELECT 100.0 * {counted} / nullif((SELECT count(*) FROM {PUBLISHED}{_where(check)}), 0)", limit, values
    )


def _freshness(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check)
    value = _column(rule, check)
    if not value.type.name.startswith(("DATE", "TIMESTAMP")):
        raise NotMapped(f"A column of type {value.type} has no age.")
    newest = f"CAST(max({value.expression}) AS TIMESTAMP WITH TIME ZONE)"
    moment = f"CAST({text(rule.now.isoformat())} AS TIMESTAMP WITH TIME ZONE)"
    query = f"SELECT date_diff('microsecond', {newest}, {moment}) / 1e6 FROM {PUBLISHED}{_where(check)}"
    return rule.value(query, limit, (value,), unknown_if_empty=False)


def _failed_rows(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check, "fail condition", "fail query")
    if "fail condition" in check.settings:
        condition = sql_condition(check.settings["fail condition"])
        return rule.row(condition, (), limit=limit, among=_among(check), by_nature=limit.bounds_from_above)
    query = check.settings.get("fail query")
    if not isinstance(query, str):
        raise NotMapped("It has neither a fail condition nor a fail query.")
    if "filter" in check.settings:
        raise NotMapped("A filter beside a fail query is not computed.")
    return rule.value(f"SELECT count(*) FROM ({_plain(query)}\n)", limit, unknown_if_empty=False)


def _reference(rule: ForeignRule, check: SodaCheck) -> Promise:
    return rule.reference(rule.values_of(list(check.columns)), str(check.settings["to"]), check.settings["keys"])


def _aggregate(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    _only(check)
    value = _column(rule, check)
    aggregate = _AGGREGATES[check.metric].format(value.expression, value.as_text)
    return rule.value(f"SELECT {aggregate} FROM {PUBLISHED}{_where(check)}", limit, (value,))


def _own_metric(rule: ForeignRule, check: SodaCheck, limit: Limit) -> Promise:
    """A metric whose expression or query the rule itself gives."""
    expression, query = f"{check.metric} expression", f"{check.metric} query"
    _only(check, expression, query, "metric expression", "metric query")
    own_query = check.settings.get(query, check.settings.get("metric query"))
    if isinstance(own_query, str):
        return rule.value(_plain(own_query), limit)
    own = check.settings.get(expression, check.settings.get("metric expression"))
    if isinstance(own, str):
        return rule.value(f"SELECT {_plain(own)} FROM {PUBLISHED}{_where(check)}", limit)
    raise NotMapped(f"The metric {check.metric} of Soda is not computed by weft.")


def _plain(sql: str) -> str:
    if "{{" in sql or "${" in sql:
        raise NotMapped("Its query holds a variable, which is filled in by Soda only.")
    return sql.strip().rstrip(";")


_COMPILERS = {
    "row_count": _row_count,
    "missing_count": _missing,
    "missing_percent": _missing,
    "invalid_count": _invalid,
    "invalid_percent": _invalid,
    "duplicate_count": _duplicates,
    "duplicate_percent": _duplicates,
    "freshness": _freshness,
    "failed rows": _failed_rows,
}
