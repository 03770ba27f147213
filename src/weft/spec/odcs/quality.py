"""Quality rules of ODCS: library metrics, SQL, text and other tools' rules, with their thresholds.

Versions before 3.1 wrote `rule: duplicateCount` where 3.1 has `metric: duplicateValues`, and put a rule's arguments
beside it; both are read into the newer form.
"""

from collections.abc import Mapping
from typing import Any

from weft.base.problem import Problem, Severity
from weft.base.yaml_source import Key, YamlFile
from weft.spec.contract import ExpectedWord, Operator, QualityRule, RuleKind, Threshold
from weft.spec.custom_properties import custom_properties, text_of

METRIC_BY_OLD_RULE = {
    "nullCheck": "nullValues",
    "nullCount": "nullValues",
    "duplicateCount": "duplicateValues",
    "uniqueCheck": "duplicateValues",
    "validValues": "invalidValues",
    "invalidCount": "invalidValues",
    "missingCount": "missingValues",
    "countCheck": "rowCount",
}
_NONE_ALLOWED = frozenset(("nullCheck", "uniqueCheck", "validValues"))  # old rules that mean zero without saying so
_UNITS = {
    **dict.fromkeys(("", "row", "rows", "count", "records"), "rows"),
    **dict.fromkeys(("%", "percent", "percentage", "pct"), "percent"),
}
_BETWEEN = (Operator.MUST_BE_BETWEEN, Operator.MUST_NOT_BE_BETWEEN)
_EQUALITY = (Operator.MUST_BE, Operator.MUST_NOT_BE)
_OLD_ARGUMENTS = ("validValues", "pattern", "missingValues", "properties", "filter")
_SEVERITIES = {
    **dict.fromkeys(("error", "critical", "blocker", "high", "fatal", "major"), "error"),
    **dict.fromkeys(("warning", "warn", "medium", "minor"), "warning"),
    **dict.fromkeys(("info", "information", "low", "notice"), "info"),
}


def quality_rules(
    file: YamlFile, value: Any, keys: tuple[Key, ...], column: str | None, taken: set[str], problems: list[Problem]
) -> tuple[QualityRule, ...]:
    """The rules of one `quality` list.

    Args:
        file: the document.
        value: the list.
        keys: its key path.
        column: name of the column it belongs to, None at a table.
        taken: names of rules of the table so far; grows.
        problems: thresholds that are no numbers; grows.
    """
    if not isinstance(value, list):
        return ()
    return tuple(
        _rule(file, item, (*keys, index), column, taken, problems)
        for index, item in enumerate(value)
        if isinstance(item, dict)
    )


def _rule(
    file: YamlFile,
    item: Mapping[str, Any],
    keys: tuple[Key, ...],
    column: str | None,
    taken: set[str],
    problems: list[Problem],
) -> QualityRule:
    kind = _kind(item)
    old_rule = text_of(item.get("rule"))
    metric = text_of(item.get("metric")) or (METRIC_BY_OLD_RULE.get(old_rule, old_rule) if old_rule else None)
    thresholds = _thresholds(item)
    words = _words(item) if kind is RuleKind.SQL else ()
    unreadable = _unreadable(item, thresholds, words)
    problems.extend(_no_number(file, keys, operator) for operator in unreadable)
    if not thresholds and old_rule in _NONE_ALLOWED and "metric" not in item:
        thresholds = (Threshold(Operator.MUST_BE, (0,)),)
    return QualityRule(
        kind=kind,
        name=_name(item, kind, metric, column, taken),
        place=file.place(*keys),
        column=column,
        metric=metric if kind is RuleKind.LIBRARY else None,
        arguments=_arguments(item),
        thresholds=thresholds,
        words=words,
        unreadable_thresholds=tuple(str(operator) for operator in unreadable),
        unit=_unit(item),
        query=text_of(item.get("query")),
        engine=text_of(item.get("engine")),
        implementation=item.get("implementation"),
        severity=_SEVERITIES.get(str(item.get("severity", "error")).casefold(), "error"),
        scheduler=text_of(item.get("scheduler")),
        schedule=text_of(item.get("schedule")),
        dimension=text_of(item.get("dimension")),
        description=text_of(item.get("description")),
        custom=custom_properties(item.get("customProperties")),
    )


def _kind(item: Mapping[str, Any]) -> RuleKind:
    declared = item.get("type")
    if isinstance(declared, str) and declared in set(RuleKind):
        return RuleKind(declared)
    if "metric" in item or "rule" in item:
        return RuleKind.LIBRARY
    if "query" in item:
        return RuleKind.SQL
    return RuleKind.CUSTOM if "engine" in item or "implementation" in item else RuleKind.TEXT


def _arguments(item: Mapping[str, Any]) -> dict[str, Any]:
    arguments = item.get("arguments")
    old = {key: item[key] for key in _OLD_ARGUMENTS if key in item}
    return {**old, **(arguments if isinstance(arguments, dict) else {})}


def _name(item: Mapping[str, Any], kind: RuleKind, metric: str | None, column: str | None, taken: set[str]) -> str:
    base = text_of(item.get("name")) or text_of(item.get("id"))
    if base is None:
        what = metric or str(kind)
        base = f"{column}.{what}" if column else what
    name, number = base, 2
    while name in taken:
        name, number = f"{base} {number}", number + 1
    taken.add(name)
    return name


def _unit(item: Mapping[str, Any]) -> str:
    written = str(item.get("unit") or "").strip().casefold()
    return _UNITS.get(written, written)


def _thresholds(item: Mapping[str, Any]) -> tuple[Threshold, ...]:
    thresholds = []
    for operator in Operator:
        if operator.value not in item:
            continue
        value = item[operator.value]
        values = value if isinstance(value, list) else [value]
        bounds = [number for number in map(_number, values) if number is not None]
        if len(bounds) == (2 if operator in _BETWEEN else 1) == len(values):
            thresholds.append(Threshold(operator, tuple(bounds)))
    return tuple(thresholds)


def _words(item: Mapping[str, Any]) -> tuple[ExpectedWord, ...]:
    found = ((operator, item.get(operator.value)) for operator in _EQUALITY)
    return tuple(
        ExpectedWord(operator, value)
        for operator, value in found
        if isinstance(value, str | bool) and _number(value) is None
    )


def _unreadable(
    item: Mapping[str, Any], thresholds: tuple[Threshold, ...], words: tuple[ExpectedWord, ...]
) -> list[Operator]:
    read = {found.operator for found in thresholds} | {found.operator for found in words}
    return [operator for operator in Operator if operator.value in item and operator not in read]


def _no_number(file: YamlFile, keys: tuple[Key, ...], operator: Operator) -> Problem:
    return Problem(
        "ODCS007",
        f"The threshold {operator.value} is no number, so the rule cannot be computed.",
        file.place(*keys, operator.value),
        expected="two numbers" if operator in _BETWEEN else "a number",
        severity=Severity.WARNING,
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
