"""Library metrics of the standard: `nullValues`, `missingValues`, `invalidValues`, `duplicateValues`, `rowCount`.

A rule holds rows back where the promise is about single rows: `invalidValues` and `duplicateValues` up to their limit,
`nullValues` and `missingValues` where none is allowed. Who tolerates ten percent of orders without an e-mail address
does not want to lose those orders. The rule's custom property `quarantine` overrides this.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.enum import not_in
from weft.build.check.literal import NotALiteral
from weft.build.check.patterns import NEEDS_MORE_THAN_RE2, NotRunnable, no_match
from weft.build.check.promise import KeyPromise, Promise, RowPromise, Unchecked, ValuePromise
from weft.build.check.row_count import row_count
from weft.build.check.threshold import Limit
from weft.engine.quote import text
from weft.spec.contract import QualityRule

_ARGUMENTS = {
    "nullValues": {"filter"},
    "missingValues": {"missingValues", "filter"},
    "invalidValues": {"validValues", "pattern", "filter"},
    "duplicateValues": {"properties", "filter"},
    "rowCount": {"filter"},
}
_UNITS = ("rows", "percent")


class _NotComputed(Exception):
    """The rule's words do not say what to compute."""


@dataclass(frozen=True)
class _Rule:
    """A rule with what it is about."""

    rule: QualityRule
    values: tuple[ColumnValue, ...]  # all columns of the table
    limit: Limit

    @property
    def value(self) -> ColumnValue:
        if self.rule.column is None:
            raise _NotComputed("The metric is about one column; the rule stands at the table.")
        return self.value_of(self.rule.column)

    def value_of(self, path: str) -> ColumnValue:
        found = value_at(self.values, path)
        if found is None:
            raise _NotComputed(f'"{path}" is no column whose value can be computed.')
        return found

    @property
    def among(self) -> str | None:
        condition = self.rule.arguments.get("filter")
        return None if condition is None else f"({condition}\n)"

    def holds_back(self, by_nature: bool) -> bool:
        asked = self.rule.custom.get("quarantine")
        wanted = asked if isinstance(asked, bool) else by_nature
        return wanted and self.rule.severity == "error"

    def row_promise(self, broken: str, columns: tuple[str, ...], by_nature: bool, if_it_fails: str = "") -> RowPromise:
        return RowPromise(
            rule=self.rule.name,
            kind=self.rule.metric or "",
            place=self.rule.place,
            columns=columns,
            severity=self.rule.severity,
            limit=self.limit,
            broken=f"({self.among} AND {broken})" if self.among else broken,
            among=self.among,
            holds_back=self.holds_back(by_nature),
            if_it_fails=if_it_fails or "The rule cannot be computed on these values.",
        )


def metric(rule: QualityRule, values: tuple[ColumnValue, ...]) -> Iterator[Promise]:
    """The promise of one library rule."""
    compiler = _COMPILERS.get(rule.metric or "")
    if compiler is None:
        yield _unchecked(rule, f'The metric "{rule.metric}" is not one of the standard.')
        return
    unknown = sorted(set(rule.arguments) - _ARGUMENTS[rule.metric or ""])
    if unknown:
        yield _unchecked(rule, f"The metric has no argument {', '.join(unknown)}.")
        return
    if rule.unreadable_thresholds:
        yield _unchecked(rule, f"The bound of {', '.join(rule.unreadable_thresholds)} is no number.")
        return
    if rule.unit not in _UNITS:
        yield _unchecked(rule, f'The unit "{rule.unit}" is neither rows nor percent.')
        return
    if not rule.thresholds:
        yield _unchecked(rule, "The rule has no threshold that could be compared with.")
        return
    try:
        yield compiler(_Rule(rule, values, Limit(rule.thresholds, rule.unit)))
    except _NotComputed as reason:
        yield _unchecked(rule, str(reason))


def _null_values(rule: _Rule) -> Promise:
    value = rule.value
    return rule.row_promise(f"{value.expression} IS NULL", (value.path,), rule.limit.allows_none)


def _missing_values(rule: _Rule) -> Promise:
    value = rule.value
    words = rule.rule.arguments.get("missingValues", [None, ""])
    if not isinstance(words, list):
        raise _NotComputed("The argument missingValues is no list.")
    texts = [text(str(word)) for word in words if word is not None]
    conditions = [f"{value.expression} IS NULL"] if None in words else []
    if texts:
        conditions.append(f"coalesce({value.as_text} IN ({', '.join(texts)}), false)")
    return rule.row_promise(f"({' OR '.join(conditions) or 'false'})", (value.path,), rule.limit.allows_none)


def _invalid_values(rule: _Rule) -> Promise:
    value = rule.value
    valid: Any = rule.rule.arguments.get("validValues")
    pattern = rule.rule.arguments.get("pattern")
    conditions = []
    if valid is not None:
        if not isinstance(valid, list):
            raise _NotComputed("The argument validValues is no list.")
        try:
            conditions.append(not_in(value.expression, value.type, valid))
        except NotALiteral:
            raise _NotComputed(f"A valid value is none of type {value.type}.") from None
    if pattern is not None:
        try:
            conditions.append(no_match(value.as_text, str(pattern)))
        except NotRunnable:
            raise _NotComputed(NEEDS_MORE_THAN_RE2) from None
    if not conditions:
        raise _NotComputed("The metric needs the argument validValues or pattern.")
    failure = NEEDS_MORE_THAN_RE2 if pattern is not None else ""
    return rule.row_promise(f"({' OR '.join(conditions)})", (value.path,), rule.limit.bounds_from_above, failure)


def _duplicate_values(rule: _Rule) -> Promise:
    names = rule.rule.arguments.get("properties")
    parts: tuple[ColumnValue, ...]
    if names is None:
        parts = (rule.value,)
    elif isinstance(names, list) and names:
        parts = tuple(rule.value_of(str(name)) for name in names)
    else:
        raise _NotComputed("The argument properties is no list of columns.")
    return KeyPromise(
        rule=rule.rule.name,
        kind="duplicateValues",
        place=rule.rule.place,
        columns=tuple(part.path for part in parts),
        severity=rule.rule.severity,
        limit=rule.limit,
        keys=tuple(part.expression for part in parts),
        among=rule.among,
        holds_back=rule.holds_back(rule.limit.bounds_from_above),
    )


def _row_count(rule: _Rule) -> Promise:
    found = row_count(rule.rule, rule.limit, rule.among)
    return found if isinstance(found, ValuePromise) else _unchecked(rule.rule, found)


def _unchecked(rule: QualityRule, reason: str) -> Unchecked:
    return Unchecked(
        rule=rule.name,
        kind=rule.metric or "library",
        place=rule.place,
        columns=(rule.column,) if rule.column else (),
        severity=rule.severity,
        reason=reason,
        blocks=True,
    )


_COMPILERS: dict[str, Callable[[_Rule], Promise]] = {
    "nullValues": _null_values,
    "missingValues": _missing_values,
    "invalidValues": _invalid_values,
    "duplicateValues": _duplicate_values,
    "rowCount": _row_count,
}
