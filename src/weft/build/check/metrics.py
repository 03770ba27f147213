"""Library metrics of the standard: `nullValues`, `missingValues`, `invalidValues`, `duplicateValues`, `rowCount`.

A rule holds rows back where the promise is about single rows: `invalidValues` and `duplicateValues` up to their limit,
`nullValues` and `missingValues` where none is allowed. Who tolerates ten percent of orders without an e-mail address
does not want to lose those orders. The rule's custom property `quarantine` overrides this.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from weft.build.check.column_value import FLOATS, INTEGERS, ColumnValue, Located, locate
from weft.build.check.enum import not_in
from weft.build.check.list_repeats import NO_ELEMENTS, count_repeats_in_lists
from weft.build.check.literal import NotALiteral, number, plain_text
from weft.build.check.patterns import NEEDS_MORE_THAN_RE2, NotRunnable, no_match
from weft.build.check.promise import KeyPromise, Promise, RowPromise, Unchecked, ValuePromise
from weft.build.check.row_count import row_count
from weft.build.check.threshold import Limit
from weft.engine.quote import identifier, text
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
    def located(self) -> Located:
        if self.rule.column is None:
            raise _NotComputed("The metric is about one column; the rule stands at the table.")
        return self.locate(self.rule.column)

    def locate(self, path: str) -> Located:
        found = locate(self.values, path)
        if found is None:
            raise _NotComputed(f'"{path}" is no column whose value can be computed.')
        return found

    @property
    def among(self) -> str | None:
        """The filter; it speaks of the columns as they are promised, of whatever type the model made them."""
        condition = self.rule.arguments.get("filter")
        if condition is None:
            return None
        folded = str(condition).casefold()
        cast = [
            value
            for value in self.values
            if value.expression != value.original and value.column.stored_name.casefold() in folded
        ]
        if not cast:
            return f"({condition}\n)"
        # In two steps: within one SELECT, a column's name would be taken for what it is about to become.
        values = ", ".join(f"{value.expression} AS weft_{i}" for i, value in enumerate(cast))
        named = ", ".join(f"weft_{i} AS {identifier(value.column.stored_name)}" for i, value in enumerate(cast))
        return f"(SELECT ({condition}\n) FROM (SELECT {named} FROM (SELECT {values})))"

    def holds_back(self, by_nature: bool) -> bool:
        asked = self.rule.custom.get("quarantine")
        wanted = asked if isinstance(asked, bool) else by_nature
        return wanted and self.rule.severity == "error"

    def row_promise(self, broken: str, located: Located, by_nature: bool, if_it_fails: str = "") -> RowPromise:
        broken = located.any_of_row(broken)
        return RowPromise(
            rule=self.rule.name,
            kind=self.rule.metric or "",
            place=self.rule.place,
            columns=(located.value.path,),
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
    located = rule.located
    return rule.row_promise(f"{located.value.original} IS NULL", located, rule.limit.allows_none)


def _missing_values(rule: _Rule) -> Promise:
    located = rule.located
    value = located.value
    words = rule.rule.arguments.get("missingValues", [None, ""])
    if not isinstance(words, list):
        raise _NotComputed("The argument missingValues is no list.")
    conditions = [f"{value.original} IS NULL"] if None in words else []
    conditions += [f"coalesce({_is_word(value, word)}, false)" for word in words if word is not None]
    return rule.row_promise(f"({' OR '.join(conditions) or 'false'})", located, rule.limit.allows_none)


def _is_word(value: ColumnValue, word: Any) -> str:
    """Whether a value is a word for none: as text, and as what it stands for, so that 99 means 99.00 too."""
    as_text = f"{value.as_text} = {text(plain_text(word))}"
    if value.is_text or value.type.fields or isinstance(word, list | dict):
        return as_text
    if value.type.name in (*INTEGERS, *FLOATS, "DECIMAL"):
        try:
            return f"({as_text} OR coalesce({value.expression} = {number(word)}, false))"
        except NotALiteral:
            return as_text
    # Not for numbers: the engine reads '1.5' as the integer 2.
    return f"({as_text} OR coalesce({value.expression} = TRY_CAST({text(plain_text(word))} AS {value.type}), false))"


def _invalid_values(rule: _Rule) -> Promise:
    located = rule.located
    value = located.value
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
    return rule.row_promise(f"({' OR '.join(conditions)})", located, rule.limit.bounds_from_above, failure)


def _duplicate_values(rule: _Rule) -> Promise:
    names = rule.rule.arguments.get("properties")
    found: tuple[Located, ...]
    if names is None:
        found = (rule.located,)
    elif isinstance(names, list) and names:
        found = tuple(rule.locate(str(name)) for name in names)
    else:
        raise _NotComputed("The argument properties is no list of columns.")
    if any(part.all_of_row is not None for part in found):
        return _duplicate_elements(rule, found)
    parts = [part.value for part in found]
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


def _duplicate_elements(rule: _Rule, found: tuple[Located, ...]) -> Promise:
    if len(found) > 1:
        raise _NotComputed("Columns are compared together only where none of them lies within a list.")
    return ValuePromise(
        rule=rule.rule.name,
        kind="duplicateValues",
        place=rule.rule.place,
        columns=(found[0].value.path,),
        severity=rule.rule.severity,
        limit=rule.limit,
        query=count_repeats_in_lists(found[0], rule.among, rule.limit.unit),
        if_null=NO_ELEMENTS,
        null_applies=False,
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
