"""One expectation of Great Expectations with its arguments."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from weft.build.check.column_value import ColumnValue
from weft.build.check.foreign.conditions import python_condition, sql_condition
from weft.build.check.foreign.foreign_rule import ForeignRule, NotMapped, at_most
from weft.build.check.promise import Promise, RowPromise
from weft.build.check.threshold import NONE_ALLOWED, Limit


@dataclass(frozen=True)
class Expectation:
    """An expectation that is to be compiled."""

    rule: ForeignRule
    name: str
    arguments: dict[str, Any]  # named as Python names them

    def get(self, name: str, default: Any = None) -> Any:
        """An argument."""
        return self.arguments.get(name, default)

    def number(self, name: str) -> int | float:
        """An argument that must be a number.

        Raises:
            NotMapped: it is none.
        """
        value = self.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise NotMapped(f"Its argument {name} is no number.")
        return value

    def items(self, name: str) -> list[Any]:
        """An argument that must be a list.

        Raises:
            NotMapped: it is none.
        """
        value = self.get(name)
        if not isinstance(value, list):
            raise NotMapped(f"Its argument {name} is no list.")
        return value

    def column(self) -> ColumnValue:
        """The column that it is about."""
        return self.rule.value_of(self.get("column"))

    @property
    def mostly(self) -> float:
        """The share of rows that must keep it, 0 to 1."""
        share = self.get("mostly", 1)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise NotMapped("Its argument mostly is no share from 0 to 1.")
        return float(share)

    @property
    def limit(self) -> Limit:
        """How many rows may break it."""
        return NONE_ALLOWED if self.mostly == 1 else at_most(100 * (1 - self.mostly))

    def among(self, *conditions: str) -> str | None:
        """The rows that it speaks of: those of `row_condition` that also keep these; None for all."""
        found = [*conditions]
        text = self.get("row_condition")
        if text is not None:
            parser = str(self.get("condition_parser", "pandas"))
            found.append(sql_condition(text, "spark") if parser == "spark" else python_condition(self.rule, text))
        return f"({' AND '.join(found)})" if found else None

    def rows(
        self, broken: str, *columns: ColumnValue, counts_missing: bool = False, among: str = "", if_it_fails: str = ""
    ) -> RowPromise:
        """Each row keeps it or breaks it; unless it counts missing ones, a row without a value is not spoken of."""
        there = [] if counts_missing else [among or f"{columns[0].expression} IS NOT NULL"]
        is_strict_or_of_values = not counts_missing or self.limit.allows_none
        return self.rule.row(
            broken,
            columns,
            limit=self.limit,
            among=self.among(*there),
            by_nature=is_strict_or_of_values,
            if_it_fails=if_it_fails or "The expectation cannot be computed on these values.",
        )


@dataclass(frozen=True)
class Compiler:
    """How an expectation becomes promises, and the arguments that it understands."""

    promises: Callable[[Expectation], Iterator[Promise]]
    arguments: frozenset[str]
