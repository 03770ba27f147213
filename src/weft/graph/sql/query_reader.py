"""Reading a whole query: CTEs, set operations, and the parts in their own modules."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlglot import exp

from weft.base.problem import Place, Problem, Severity
from weft.graph.origins import NO_ORIGINS, InputColumn, Kind, Origins, deciding, merge
from weft.graph.sql.expression import origins_of
from weft.graph.sql.from_clause import values
from weft.graph.sql.relation import BoundColumn, Expression, Relation, Scope, Source
from weft.graph.sql.select import order_and_limit, read_select

_IDENTITY = frozenset((Kind.IDENTITY,))
_ROUNDS = 50  # origins only ever grow, and there are finitely many: far more than any recursion needs


class SqlReader:
    """Reads the lineage of one query against the columns of its inputs.

    Args:
        inputs: columns and DuckDB types of each table that may be read, by its name.
        path: file of the query, for notes.
        partly_known: names of inputs that may have more columns than are listed.
    """

    def __init__(self, inputs: Mapping[str, Mapping[str, str]], path: str, partly_known: Collection[str] = ()) -> None:
        self._partly_known = frozenset(partly_known)
        self._input_by_name = {name.casefold(): (name, columns) for name, columns in inputs.items()}
        self._path = path
        self.notes: dict[Problem, None] = {}
        self.tables: dict[str, None] = {}

    def value(self, expression: Expression, scope: Scope) -> Origins:
        """Origins of an expression's value."""
        return origins_of(expression, scope, self)

    def table(self, name: str) -> Relation:
        """Relation of a table that the query reads; of an undeclared one every column that is named is believed."""
        table, columns = self._input_by_name.get(name.casefold(), (name, {}))
        self.tables[table] = None
        listed = tuple(
            BoundColumn(column, {InputColumn(table, column): _IDENTITY}, type_ or None)
            for column, type_ in columns.items()
        )
        if listed and table not in self._partly_known:
            return Relation(listed)
        return Relation(listed, other_columns=lambda column: {InputColumn(table, column): _IDENTITY})

    def note(self, code: str, what: str, at: Expression | None = None) -> None:
        """Say that something could only be read roughly."""
        identifier = at.find(exp.Identifier) if isinstance(at, exp.Expr) else None
        line = identifier.meta.get("line") if identifier is not None else None
        self.notes[Problem(code, what, Place(self._path, line), severity=Severity.WARNING)] = None

    def query(self, query: Expression, scope: Scope) -> Relation:
        """Relation that a query makes; `scope` is what lies around it."""
        if isinstance(query, exp.Values):
            return values(query, scope, self)
        inner = scope.inner()
        self._read_ctes(query, inner)
        if isinstance(query, exp.Subquery):
            relation = self.query(query.this, inner)
            decided = order_and_limit(query, list(relation.columns), _over(relation, inner), self)
            return replace(relation, rows=merge(relation.rows, decided))
        if isinstance(query, exp.SetOperation):
            return self._set_operation(query, inner)
        if isinstance(query, exp.Select):
            return read_select(query, inner, self)
        if isinstance(query, exp.Table):
            return read_select(exp.select("*").from_(query), inner, self)
        self.note("LINEAGE006", f"{query.key.upper()} is not followed.", query)
        return Relation()

    def _read_ctes(self, query: Expression, scope: Scope) -> None:
        with_ = query.args.get("with_")
        if with_ is None:
            return
        for cte in with_.expressions:
            names = cte.alias_column_names
            body = cte.this
            if with_.args.get("recursive") and isinstance(body, exp.SetOperation):
                relation = self._recursive(cte.alias, names, body, scope)
            else:
                relation = self.query(body, scope).renamed(names)
            scope.ctes = {**scope.ctes, cte.alias.casefold(): relation}

    def _recursive(self, name: str, names: list[str], body: Expression, scope: Scope) -> Relation:
        """A recursive CTE: its own relation is put back into it until nothing is added."""
        outside = scope.ctes
        relation = self.query(body.this, scope).renamed(names)
        for _ in range(_ROUNDS):
            scope.ctes = {**outside, name.casefold(): relation}
            grown = self.query(body, scope).renamed(names)
            if _same(grown, relation):
                break
            relation = grown
        scope.ctes = outside
        return relation

    def _set_operation(self, query: Expression, scope: Scope) -> Relation:
        # A long chain of UNIONs leans to the left: it is unrolled, since recursion would end at about a thousand.
        chain = [query]
        while isinstance(chain[-1].this, exp.SetOperation) and not chain[-1].this.args.get("with_"):
            chain.append(chain[-1].this)
        relation = self.query(chain[-1].this, scope)
        for operation in reversed(chain):
            relation = _combined(operation, relation, self.query(operation.expression, scope))
            decided = order_and_limit(operation, list(relation.columns), _over(relation, scope), self)
            relation = replace(relation, rows=merge(relation.rows, decided))
        return relation


def _combined(operation: Expression, left: Relation, right: Relation) -> Relation:
    is_union = isinstance(operation, exp.Union)
    if is_union and operation.args.get("by_name"):
        columns = _by_name(left, right)
    else:
        columns = tuple(
            replace(column, origins=merge(column.origins, right.columns[place].origins))
            if is_union and place < len(right.columns)
            else column
            for place, column in enumerate(left.columns)
        )
    rows = merge(left.rows, right.rows)
    if not is_union:  # EXCEPT and INTERSECT compare whole rows of both sides
        rows = merge(rows, deciding(merge(left.all_columns(), right.all_columns()), Kind.FILTER))
    if operation.args.get("distinct"):
        rows = merge(rows, deciding(merge(left.all_columns(), right.all_columns()), Kind.GROUP_BY))
    unlisted = [side.other_columns for side in (left, right) if side.other_columns is not None]
    return Relation(columns, rows, (lambda name: merge(*(read(name) for read in unlisted))) if unlisted else None)


def _by_name(left: Relation, right: Relation) -> tuple[BoundColumn, ...]:
    names = [column.name for column in left.columns]
    known = {name.casefold() for name in names}
    names += [column.name for column in right.columns if column.name.casefold() not in known]
    types = {column.name.casefold(): column.type for column in (*right.columns, *left.columns)}
    return tuple(
        BoundColumn(
            name, merge(left.column(name) or NO_ORIGINS, right.column(name) or NO_ORIGINS), types[name.casefold()]
        )
        for name in names
    )


def _over(relation: Relation, scope: Scope) -> Scope:
    """A scope in which the columns of a finished relation can be named, for ORDER BY behind it."""
    return Scope(parent=scope, ctes=scope.ctes, sources=[Source("", relation)])


def _same(one: Relation, other: Relation) -> bool:
    return one.rows == other.rows and [(c.name, c.origins) for c in one.columns] == [
        (c.name, c.origins) for c in other.columns
    ]
