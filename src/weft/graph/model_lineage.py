"""The lineage of one model, whatever it is written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from weft.base.problem import Problem
from weft.graph.origins import InputColumn, Kind, Origins


class Exactness(StrEnum):
    """How a model's lineage is known."""

    COLUMN = "column"  # read off the query
    DECLARED = "declared"  # said by the contract's transformSourceObjects
    TABLE = "table"  # only the tables are known: every column is taken to feed every other


@dataclass(frozen=True, order=True)
class InputUse:
    """An input column and the ways in which it is used."""

    input: InputColumn
    kinds: tuple[Kind, ...]  # sorted

    @property
    def is_direct(self) -> bool:
        """Whether the value itself comes from this column."""
        return any(kind.is_direct for kind in self.kinds)


@dataclass(frozen=True)
class OutputColumn:
    """One column that a model makes."""

    name: str
    inputs: tuple[InputUse, ...]  # what this column in particular depends on, sorted by input
    type: str | None = None  # DuckDB's, where it can be told without an engine
    cleansing: tuple[str, ...] = ()  # declared steps that touch or add it, in their order

    def origins(self) -> Origins:
        """The same as a mapping."""
        return {use.input: frozenset(use.kinds) for use in self.inputs}


@dataclass(frozen=True)
class ModelLineage:
    """Which input columns each column of a model depends on.

    Beside what feeds a single column, `rows` holds what decided which rows there are (filters, joins, groups):
    every column depends on it. OpenLineage's facet keeps the two apart in the same way (`fields`, `dataset`).
    """

    columns: tuple[OutputColumn, ...]
    rows: tuple[InputUse, ...] = ()
    tables: tuple[str, ...] = ()  # names of all inputs that are read, sorted
    exactness: Exactness = Exactness.COLUMN
    notes: tuple[Problem, ...] = ()  # warnings: where it could only be read roughly
    is_complete: bool = True  # False: there may be columns that are not listed
    cleansing: tuple[str, ...] = ()  # declared steps that decide which rows there are
    unlisted: Callable[[str], tuple[InputUse, ...]] | None = field(
        default=None, compare=False
    )  # what feeds one of them

    def column(self, name: str) -> OutputColumn | None:
        """The column of that name."""
        folded = name.casefold()
        return next((column for column in self.columns if column.name.casefold() == folded), None)

    def inputs_of(self, name: str) -> frozenset[InputColumn]:
        """Every input column that the column depends on, directly or not."""
        column = self.column(name)
        uses = (*(column.inputs if column else ()), *self.rows)
        return frozenset(use.input for use in uses)


def uses_of(origins: Origins) -> tuple[InputUse, ...]:
    """Origins as sorted uses."""
    return tuple(sorted(InputUse(column, tuple(sorted(kinds))) for column, kinds in origins.items()))


def table_level(
    columns: Mapping[str, str],
    inputs: Mapping[str, Mapping[str, str]],
    notes: tuple[Problem, ...] = (),
) -> ModelLineage:
    """Lineage of a model of which only the tables are known that it reads."""
    kinds = (Kind.TABLE,)
    every = tuple(
        sorted(InputUse(InputColumn(table, column), kinds) for table, known in inputs.items() for column in known)
    )
    return ModelLineage(
        columns=tuple(OutputColumn(name, (), type_ or None) for name, type_ in columns.items()),
        rows=every,
        tables=tuple(sorted(inputs)),
        exactness=Exactness.TABLE,
        notes=notes,
    )
