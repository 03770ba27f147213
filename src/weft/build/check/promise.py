"""Promises of a contract in the form in which they are computed.

A family of rules (one file each beside this one) turns what a contract says into promises of four shapes: of single
rows, of keys, of references to other tables, and of one value measured over the table. What nobody can compute here
becomes an `Unchecked`, so that a check never passes because it did not run.
"""

from dataclasses import dataclass, field

from weft.base.problem import Place
from weft.build.check.threshold import NONE_ALLOWED, Limit
from weft.spec.contract import ExpectedWord


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One rule of a contract."""

    rule: str  # unique within the table: order_id.required, some_orders
    kind: str  # the family: required, enum, minimum, ...
    place: Place
    columns: tuple[str, ...] = ()
    severity: str = "error"  # error | warning | info
    limit: Limit = NONE_ALLOWED

    @property
    def may_refuse(self) -> bool:
        """Whether a break can stop the publication."""
        return self.severity == "error"


@dataclass(frozen=True, kw_only=True)
class RowPromise(Promise):
    """A promise that each row keeps or breaks by itself."""

    broken: str  # SQL: true for a row that breaks it; false or NULL for one that keeps it
    among: str | None = None  # SQL: only rows for which this is true count
    holds_back: bool = True  # rows that break it go to the quarantine
    if_it_fails: str = "The rule cannot be computed on these values."  # said when the engine refuses the condition


@dataclass(frozen=True, kw_only=True)
class KeyPromise(Promise):
    """No two rows agree in all of these; rows with a NULL among them are compared with nobody."""

    keys: tuple[str, ...]  # SQL expressions
    among: str | None = None
    holds_back: bool = True


@dataclass(frozen=True, kw_only=True)
class ReferencePromise(Promise):
    """Every row's key is found in another table; rows with a NULL in the key refer to nothing."""

    keys: tuple[str, ...]  # SQL expressions
    to_table: str
    to_columns: tuple[str, ...]  # SQL over the rows of that table
    is_within_list: bool = False  # the only key is a list, of which every element refers
    is_to_itself: bool = False
    is_outside_mesh: bool = False
    holds_back: bool = True


@dataclass(frozen=True, kw_only=True)
class ValuePromise(Promise):
    """One value measured over the rows that are to be published.

    The query reads the relation `names` calls them by; `${table}` and the like are replaced already.
    """

    query: str
    names: tuple[str, ...] = ()  # under which the query knows the published rows
    words: tuple[ExpectedWord, ...] = ()  # what the value must or must not be, where that is no number
    expects_truth: bool = False  # a query without a threshold that gives a boolean
    unknown_if_empty: bool = True  # NULL on a table without rows is no failure
    if_null: str = "The query gave no value."
    null_applies: bool = True  # False: NULL means that there was nothing to measure


@dataclass(frozen=True, kw_only=True)
class Unchecked(Promise):
    """A rule that is not computed, and why."""

    reason: str
    blocks: bool = False  # it should have been computed: with severity error the publication is refused
    applies: bool = True  # False: there is nothing that could be computed, such as a format without a form


@dataclass(frozen=True)
class Promises:
    """All promises of one table."""

    rows: tuple[RowPromise, ...] = ()
    keys: tuple[KeyPromise, ...] = ()
    references: tuple[ReferencePromise, ...] = ()
    values: tuple[ValuePromise, ...] = ()
    unchecked: tuple[Unchecked, ...] = field(default=())
