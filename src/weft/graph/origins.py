"""From which input columns a value comes, and in which way: the small algebra that lineage is computed in.

The ways are those of OpenLineage's column lineage facet (ColumnLineageDatasetFacet 1-2-0): direct ones say where
the value itself comes from, indirect ones what decided about it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """One way in which an input column has a part in an output column."""

    IDENTITY = "identity"  # the value as it is
    TRANSFORMATION = "transformation"  # computed from the value
    AGGREGATION = "aggregation"  # computed from the values of many rows
    CONDITIONAL = "conditional"  # decides which value is taken: CASE WHEN, FILTER (WHERE ...)
    WINDOW = "window"  # PARTITION BY and ORDER BY of a window
    JOIN = "join"
    FILTER = "filter"  # WHERE, HAVING, QUALIFY, LIMIT, EXCEPT
    GROUP_BY = "group_by"  # also DISTINCT
    SORT = "sort"
    DECLARED = "declared"  # said by the contract's transformSourceObjects; the way is not known
    TABLE = "table"  # only known is that the table is read
    ROWS = "rows"  # between whole tables: which rows one has follows from the other's

    @property
    def is_direct(self) -> bool:
        """Whether the value itself comes from the column, as far as is known."""
        return self in _DIRECT


_STEPS = (Kind.IDENTITY, Kind.TRANSFORMATION, Kind.AGGREGATION)
_DIRECT = frozenset((*_STEPS, Kind.DECLARED))
DIRECT_KINDS = tuple(kind for kind in Kind if kind.is_direct)


class InputColumn(NamedTuple):
    """A column of a table that a query reads."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"


Origins = Mapping[InputColumn, frozenset[Kind]]  # never changed in place
NO_ORIGINS: Origins = {}


def merge(*parts: Origins) -> Origins:
    """All origins together.

    >>> a = InputColumn("t", "a")
    >>> sorted(merge({a: frozenset({Kind.SORT})}, {a: frozenset({Kind.FILTER})})[a])
    [<Kind.FILTER: 'filter'>, <Kind.SORT: 'sort'>]
    """
    filled = [part for part in parts if part]
    if len(filled) <= 1:
        return filled[0] if filled else NO_ORIGINS
    result = dict(filled[0])
    for part in filled[1:]:
        for column, kinds in part.items():
            known = result.get(column)
            result[column] = kinds if known is None else known | kinds
    return result


def merge_all(parts: Iterable[Origins]) -> Origins:
    """All origins together."""
    return merge(*parts)


def deciding(origins: Origins, kind: Kind) -> Origins:
    """The same columns where they only decide: whatever way they had becomes the indirect one given."""
    kinds = frozenset((kind,))
    return dict.fromkeys(origins, kinds)


def computed(origins: Origins, step: Kind = Kind.TRANSFORMATION) -> Origins:
    """The same columns after a computing step: direct ways become at least that step, indirect ones stay.

    >>> a = InputColumn("t", "a")
    >>> computed({a: frozenset({Kind.IDENTITY, Kind.JOIN})}, Kind.AGGREGATION)[a] == {Kind.AGGREGATION, Kind.JOIN}
    True
    """
    floor = _STEPS.index(step)
    return {
        column: frozenset(_STEPS[max(floor, _STEPS.index(kind))] if kind in _STEPS else kind for kind in kinds)
        for column, kinds in origins.items()
    }
