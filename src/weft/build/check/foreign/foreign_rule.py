"""A rule of another tool, and the promises that an engine can make of it.

An engine is a function from a `ForeignRule` to promises. It takes apart the rule's own words, and makes what it
understands by `row`, `key`, `reference`, `value` and `truth`; for the rest it raises `NotMapped`, or yields
`unchecked`, with a sentence that names the part that was not understood.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from weft.base.names import did_you_mean
from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.literal import NotALiteral, literal
from weft.build.check.promise import KeyPromise, Promise, ReferencePromise, RowPromise, Unchecked, ValuePromise
from weft.build.check.threshold import NONE_ALLOWED, Limit
from weft.engine.quote import identifier
from weft.spec.contract import Operator, QualityRule, Table, Threshold

KIND = "custom"
PERCENT = "percent"
PLAIN = "value"  # the unit of what is neither rows nor a share: a mean, a sum


class NotMapped(Exception):
    """A part of the rule that weft does not compute; the text is a sentence for people."""


@dataclass(frozen=True)
class ForeignRule:
    """One rule with what it is about; the methods make promises with its name, place and severity."""

    rule: QualityRule
    table: Table
    values: tuple[ColumnValue, ...]  # of the table's columns
    now: datetime
    own_names: frozenset[str]  # by which a reference means this very table
    name: str
    severity: str  # error | warning | info

    def called(self, suffix: str, severity: str | None = None) -> "ForeignRule":
        """The same for one of several checks within the rule."""
        return replace(self, name=f"{self.name}: {suffix}" if suffix else self.name, severity=severity or self.severity)

    def value_of(self, column: object = None) -> ColumnValue:
        """The column of that name, or the one that the rule stands at.

        Raises:
            NotMapped: there is none.
        """
        wanted = self.rule.column if column is None else column
        if not isinstance(wanted, str) or not wanted:
            raise NotMapped("It names no column.")
        bare = wanted.strip().strip('"`[]')
        found = value_at(self.values, bare)
        if found is None:  # most tools fold the names of columns
            found = next((v for v in self.values if bare.casefold() in _folded(v)), None)
        if found is None:
            near = did_you_mean(bare, [value.path for value in self.values])
            raise NotMapped(f'"{bare}" is no column whose value can be computed.{f" {near}" if near else ""}')
        return found

    def values_of(self, columns: object) -> tuple[ColumnValue, ...]:
        """Several columns.

        Raises:
            NotMapped: they are no list, or one is not there.
        """
        if not isinstance(columns, list) or not columns:
            raise NotMapped("It names no columns.")
        return tuple(self.value_of(column) for column in columns)

    def row(
        self,
        broken: str,
        columns: Iterable[ColumnValue],
        *,
        limit: Limit = NONE_ALLOWED,
        among: str | None = None,
        by_nature: bool = True,
        if_it_fails: str = "The rule cannot be computed on these values.",
    ) -> RowPromise:
        """Each row keeps it or breaks it.

        Args:
            broken: SQL, true for a row that breaks it.
            columns: what it is about.
            limit: how many rows, or which share of them, may break it.
            among: SQL, the rows that it speaks of.
            by_nature: whether rows that break it are held back, unless the custom property `quarantine` says else.
            if_it_fails: what to say where the engine refuses the condition.
        """
        return RowPromise(
            **self._named(columns),
            limit=limit,
            broken=f"({among} AND {broken})" if among else f"({broken})",
            among=among,
            holds_back=self._holds_back(by_nature),
            if_it_fails=if_it_fails,
        )

    def key(self, keys: Iterable[str], columns: Iterable[ColumnValue], *, among: str | None = None) -> KeyPromise:
        """No two rows agree in all of these expressions."""
        return KeyPromise(
            **self._named(columns), keys=tuple(keys), among=among, holds_back=self._holds_back(by_nature=True)
        )

    def reference(self, columns: Iterable[ColumnValue], to_table: str, to_columns: Iterable[str]) -> ReferencePromise:
        """Each row's key is found in another table."""
        columns = tuple(columns)
        return ReferencePromise(
            **self._named(columns),
            keys=tuple(column.expression for column in columns),
            to_table=to_table,
            to_columns=tuple(identifier(column) for column in to_columns),
            is_to_itself=to_table in self.own_names,
            holds_back=self._holds_back(by_nature=True),
        )

    def value(
        self, query: str, limit: Limit, columns: Iterable[ColumnValue] = (), *, unknown_if_empty: bool = True
    ) -> ValuePromise:
        """One number measured over the published rows."""
        return ValuePromise(
            **self._named(columns),
            limit=limit,
            query=query,
            names=tuple(name for name in (self.table.name, self.table.physical_name) if name),
            unknown_if_empty=unknown_if_empty,
        )

    def truth(self, query: str, columns: Iterable[ColumnValue] = ()) -> ValuePromise:
        """One query over the published rows that must give true."""
        return replace(self.value(query, Limit(()), columns), expects_truth=True)

    def unchecked(self, reason: str) -> Unchecked:
        """It is not computed, and why."""
        return Unchecked(**self._named(()), reason=reason)

    def literal(self, bound: object, value: ColumnValue) -> str:
        """A value of the rule as SQL that compares with a column.

        Raises:
            NotMapped: it is none of the column's type.
        """
        try:
            return literal(bound, value.type)
        except NotALiteral:
            raise NotMapped(f'A value of it is none of type {value.type}, as "{value.path}" is.') from None

    def _named(self, columns: Iterable[ColumnValue]) -> dict[str, Any]:
        paths = tuple(column.path for column in columns) or ((self.rule.column,) if self.rule.column else ())
        return {
            "rule": self.name,
            "kind": KIND,
            "place": self.rule.place,
            "columns": paths,
            "severity": self.severity,
        }

    def _holds_back(self, by_nature: bool) -> bool:
        asked = self.rule.custom.get("quarantine")
        return (asked if isinstance(asked, bool) else by_nature) and self.severity == "error"


Engine = Callable[[ForeignRule], Iterable[Promise]]  # what a plug-in offers


def each(
    rule: ForeignRule, checks: list[tuple[str, Any]], promise: Callable[[ForeignRule, Any], Iterator[Promise]]
) -> Iterator[Promise]:
    """The promises of several checks within one rule; what is not understood of one takes no other with it.

    Args:
        rule: that holds them.
        checks: name and body of each.
        promise: makes the promises of one body.
    """
    for suffix, body in checks:
        own = rule.called(suffix if len(checks) > 1 else "")
        try:
            yield from list(promise(own, body))
        except NotMapped as reason:
            yield own.unchecked(str(reason))


def limit_between(
    low: object, high: object, *, is_low_strict: bool = False, is_high_strict: bool = False, unit: str = PLAIN
) -> Limit:
    """Bounds as a limit; a bound that is None is none.

    Raises:
        NotMapped: there is no bound, or one is no number.
    """
    thresholds = []
    for bound, is_strict, operators in (
        (low, is_low_strict, (Operator.MUST_BE_GREATER_OR_EQUAL_TO, Operator.MUST_BE_GREATER_THAN)),
        (high, is_high_strict, (Operator.MUST_BE_LESS_OR_EQUAL_TO, Operator.MUST_BE_LESS_THAN)),
    ):
        if bound is not None:
            thresholds.append(Threshold(operators[is_strict], (number_of(bound),)))
    if not thresholds:
        raise NotMapped("It has no bound that could be compared with.")
    return Limit(tuple(thresholds), unit)


def number_of(value: object) -> float:
    """A number of the rule.

    Raises:
        NotMapped: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotMapped("A bound of it is no number.")
    try:
        return float(value)
    except ValueError:
        raise NotMapped("A bound of it is no number.") from None


def at_most(share: float) -> Limit:
    """At most such a percentage of rows."""
    return Limit((Threshold(Operator.MUST_BE_LESS_OR_EQUAL_TO, (round(share, 9),)),), PERCENT)


def _folded(value: ColumnValue) -> tuple[str, str]:
    return value.path.casefold(), value.column.stored_name.casefold()
