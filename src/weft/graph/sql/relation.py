"""What a query sees while its lineage is read: relations with named columns, in nested scopes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from weft.graph.origins import NO_ORIGINS, Origins, computed, merge_all

Expression = Any  # a node of SQLGlot's tree; its package is imported only when a query is read


@dataclass(frozen=True)
class BoundColumn:
    """One column of a relation."""

    name: str
    origins: Origins
    type: str | None = None  # as DuckDB writes it, where it is known


@dataclass(frozen=True)
class Relation:
    """Columns, and what decided which rows are there."""

    columns: tuple[BoundColumn, ...] = ()
    rows: Origins = field(default_factory=dict)
    other_columns: Callable[[str], Origins] | None = None  # set where not every column's name is known

    def column(self, name: str) -> Origins | None:
        """Origins of the column of that name among the known ones; several of one name count together."""
        wanted = name.casefold()
        found = [column.origins for column in self.columns if column.name.casefold() == wanted]
        return merge_all(found) if found else None

    def all_columns(self) -> Origins:
        """Origins of every known column."""
        return merge_all(column.origins for column in self.columns)

    def renamed(self, names: Sequence[str]) -> "Relation":
        """The first columns under other names, as `AS t(a, b)` gives them."""
        if not names:
            return self
        if self.other_columns is not None and not self.columns:
            given = tuple(BoundColumn(name, self.other_columns(name)) for name in names)
            return replace(self, columns=given)
        columns = tuple(
            replace(column, name=names[place]) if place < len(names) else column
            for place, column in enumerate(self.columns)
        )
        return replace(self, columns=columns)


@dataclass
class Source:
    """A relation in FROM under its alias."""

    alias: str
    relation: Relation
    visible: bool = True  # False for the right side of SEMI and ANTI joins, after the join
    merged: set[str] = field(default_factory=set)  # folded names of USING columns that a bare star shows elsewhere


@dataclass
class Scope:
    """Everything that a name may mean at one place of a query."""

    parent: "Scope | None" = None
    ctes: Mapping[str, Relation] = field(default_factory=dict)  # by folded name
    sources: list[Source] = field(default_factory=list)
    using: dict[str, Origins] = field(default_factory=dict)  # folded name -> origins of the column that USING made
    aliases: dict[str, Origins] = field(default_factory=dict)  # folded alias of the SELECT list
    windows: dict[str, Expression] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # folded parameters of lambdas around

    def chain(self) -> "Iterator[Scope]":
        """This scope and those around it, inside out."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def inner(self) -> "Scope":
        """A fresh scope for a query nested here, which may refer to what is around it."""
        return Scope(parent=self, ctes=self.ctes)

    def with_names(self, names: Iterable[str]) -> "Scope":
        """The same scope inside a lambda with these parameters."""
        return replace(self, names=self.names | {name.casefold() for name in names})

    def cte(self, name: str) -> Relation | None:
        """The CTE of that name."""
        return self.ctes.get(name.casefold())

    def window(self, name: str) -> Expression | None:
        """The window that `WINDOW name AS (...)` defines."""
        return next(
            (scope.windows[name.casefold()] for scope in self.chain() if name.casefold() in scope.windows), None
        )

    def source(self, alias: str) -> Source | None:
        """The source of that alias in this scope alone."""
        wanted = alias.casefold()
        return next((source for source in self.sources if source.alias.casefold() == wanted), None)

    def resolve(self, parts: Sequence[str]) -> Origins | None:
        """Origins of a dotted name: column, table.column, either with struct fields behind; None where unknown."""
        if parts[0].casefold() in self.names:
            return NO_ORIGINS
        found = [here for scope in self.chain() if (here := scope._resolve_here(parts)) is not None]
        if not found:
            return None
        # DuckDB 1.5 binds the body of a correlated lambda a second time one query further out, where the same name
        # may be another column: there all of them count.
        return merge_all(found) if self.names else found[0]

    def _resolve_here(self, parts: Sequence[str]) -> Origins | None:
        # A table's alias wins over a struct column of the same name; `schema.table.column` is found by its table.
        for start in range(min(len(parts) - 1, 3)):
            source = self.source(parts[start])
            if source is not None:
                origins = _column_of(source, parts[start + 1])
                if origins is not None:
                    return origins if start + 2 == len(parts) else computed(origins)
        found = self._bare(parts[0])
        if found is not None:
            return found if len(parts) == 1 else computed(found)
        return None

    def _bare(self, name: str) -> Origins | None:
        folded = name.casefold()
        if folded in self.using:
            return self.using[folded]
        visible = [source for source in self.sources if source.visible]
        known = [origins for source in visible if (origins := source.relation.column(name)) is not None]
        if known:
            return merge_all(known)
        if folded in self.aliases:
            return self.aliases[folded]
        whole_row = self.source(name)
        if whole_row is not None:
            return computed(whole_row.relation.all_columns())
        unlisted = [s.relation.other_columns(name) for s in visible if s.relation.other_columns is not None]
        return merge_all(unlisted) if unlisted else None

    def everything(self) -> Origins:
        """Origins of every known column of every source here."""
        return merge_all(source.relation.all_columns() for source in self.sources)


def _column_of(source: Source, name: str) -> Origins | None:
    origins = source.relation.column(name)
    if origins is None and source.relation.other_columns is not None:
        return source.relation.other_columns(name)
    return origins


class QueryReader(Protocol):
    """The whole reader, as its parts see it: they call back for whatever is nested in them."""

    def query(self, query: Expression, scope: Scope) -> Relation:
        """Relation that a query makes; `scope` is what lies around it."""
        ...

    def value(self, expression: Expression, scope: Scope) -> Origins:
        """Origins of an expression's value."""
        ...

    def table(self, name: str) -> Relation:
        """Relation of a table that the query reads."""
        ...

    def note(self, code: str, what: str, at: Expression | None = None) -> None:
        """Say that something could only be read roughly."""
        ...
