"""SELECT: the columns it makes, and everything that decides about its rows."""

import re
from collections.abc import Callable, Iterable

from sqlglot import exp

from weft.graph.origins import NO_ORIGINS, Kind, Origins, computed, deciding, merge, merge_all
from weft.graph.sql.expression import has_aggregate
from weft.graph.sql.from_clause import read_from
from weft.graph.sql.relation import BoundColumn, Expression, QueryReader, Relation, Scope
from weft.graph.sql.star import columns_of_star, is_star
from weft.graph.sql.struct_fields import struct_fields

_CALL = re.compile(r"\b[A-Z_0-9]+(?=\()")


def read_select(select: Expression, scope: Scope, reader: QueryReader) -> Relation:
    """The relation of one SELECT; `scope` is its own, with its CTEs and nothing else in it."""
    rows = read_from(select, scope, reader)
    for window in select.args.get("windows") or []:
        scope.windows[window.name.casefold()] = window
    columns = [column for entry in select.expressions for column in _entry(entry, scope, reader)]
    rows = merge(
        rows,
        _where(select, scope, reader),
        _group_by(select, columns, scope, reader),
        _having(select, scope, reader),
        _distinct(select, columns, scope, reader),
        _unnested(select, scope, reader),
        order_and_limit(select, columns, scope, reader),
    )
    return Relation(tuple(columns), rows, _unlisted(select, scope))


def _entry(entry: Expression, scope: Scope, reader: QueryReader) -> list[BoundColumn]:
    """Columns of one entry of the SELECT list; its alias may be used by the entries behind it."""
    if is_star(entry):
        return columns_of_star(entry, scope, reader)
    core = entry.this if isinstance(entry, exp.Alias) else entry
    alias = entry.alias if isinstance(entry, exp.Alias) else ""  # the `alias` of a window is that of its WINDOW
    if isinstance(core, exp.Explode) and isinstance(core.this, exp.Column) and not alias:
        fields = struct_fields(BoundColumn("", reader.value(core.this, scope), _column_type(core.this, scope)))
        if fields:
            return list(fields)
    chosen = core.find(exp.Columns)
    if chosen is not None and not alias:
        # `min(COLUMNS(*))` stands for one call a column, each of one column.
        step = Kind.AGGREGATION if has_aggregate(core) else Kind.TRANSFORMATION
        return [
            BoundColumn(column.name, computed(column.origins, step))
            for column in columns_of_star(chosen, scope, reader)
        ]
    origins = reader.value(core, scope)
    if alias:
        scope.aliases[alias.casefold()] = origins
    return [BoundColumn(alias or _name(core), origins, _type(core, scope))]


def _name(entry: Expression) -> str:
    """The name that DuckDB gives a column, as far as it can be told without DuckDB."""
    core = entry
    while isinstance(core, exp.Paren):
        core = core.this
    if isinstance(core, (exp.Column, exp.Dot)):
        return str(core.name or core.expression.name)
    if isinstance(core, exp.Count) and (core.this is None or isinstance(core.this, exp.Star)):
        return "count_star()"
    if isinstance(core, exp.Binary):
        return f"({core.sql('duckdb')})"
    return _CALL.sub(lambda call: call.group().lower(), str(core.sql("duckdb")))


def _type(core: Expression, scope: Scope) -> str | None:
    if isinstance(core, exp.Column):
        return _column_type(core, scope)
    if isinstance(core, exp.Cast):
        return str(core.to.sql("duckdb"))
    return None


def _column_type(column: Expression, scope: Scope) -> str | None:
    for around in scope.chain():
        for source in around.sources:
            if column.table and source.alias.casefold() != column.table.casefold():
                continue
            for known in source.relation.columns:
                if known.name.casefold() == column.name.casefold():
                    return known.type
    return None


def _where(select: Expression, scope: Scope, reader: QueryReader) -> Origins:
    parts = [select.args.get("where"), select.args.get("qualify")]
    return deciding(_values((part.this for part in parts if part is not None), scope, reader), Kind.FILTER)


def _group_by(select: Expression, columns: list[BoundColumn], scope: Scope, reader: QueryReader) -> Origins:
    group = select.args.get("group")
    if group is None:
        return NO_ORIGINS
    if group.args.get("all"):
        keys = [reader.value(entry, scope) for entry in select.expressions if not has_aggregate(entry)]
        return deciding(merge(*keys), Kind.GROUP_BY)
    found = []
    for entry in group.iter_expressions():
        for key in entry.expressions if isinstance(entry, (exp.GroupingSets, exp.Rollup, exp.Cube)) else [entry]:
            place = _ordinal(key, columns)
            found.append(place.origins if place else reader.value(key, scope))
    return deciding(merge(*found), Kind.GROUP_BY)


def _having(select: Expression, scope: Scope, reader: QueryReader) -> Origins:
    having = select.args.get("having")
    if having is None:
        return NO_ORIGINS
    # Here an alias may hide a column that is not grouped; both are counted.
    by_alias = [
        scope.aliases[column.name.casefold()]
        for column in having.find_all(exp.Column)
        if not column.table and column.name.casefold() in scope.aliases
    ]
    return deciding(merge(reader.value(having.this, scope), *by_alias), Kind.FILTER)


def _distinct(select: Expression, columns: list[BoundColumn], scope: Scope, reader: QueryReader) -> Origins:
    distinct = select.args.get("distinct")
    if distinct is None:
        return NO_ORIGINS
    on = distinct.args.get("on")
    if on is None:
        return deciding(merge_all(column.origins for column in columns), Kind.GROUP_BY)
    keys = on.expressions if isinstance(on, exp.Tuple) else [on]
    return deciding(merge(*(_order_key(key, columns, scope, reader) for key in keys)), Kind.GROUP_BY)


def _unnested(select: Expression, scope: Scope, reader: QueryReader) -> Origins:
    """`SELECT unnest(l)` makes as many rows as the list is long."""
    calls = [
        node
        for entry in select.expressions
        for node in entry.find_all(exp.Explode, exp.Unnest)
        if node.find_ancestor(exp.Select) is select
    ]
    lists = [argument for call in calls for argument in call.iter_expressions()]
    return deciding(_values(lists, scope, reader), Kind.JOIN)


def order_and_limit(query: Expression, columns: list[BoundColumn], scope: Scope, reader: QueryReader) -> Origins:
    """ORDER BY, LIMIT, OFFSET and SAMPLE of a SELECT or a set operation."""
    found = []
    order = query.args.get("order")
    if order is not None:
        keys = [_order_key(ordered.this, columns, scope, reader) for ordered in order.expressions]
        found.append(deciding(merge(*keys), Kind.SORT))
    for clause in ("limit", "offset"):
        node = query.args.get(clause)
        if node is not None:
            found.append(deciding(_values(node.iter_expressions(), scope, reader), Kind.FILTER))
    return merge(*found)


def _order_key(key: Expression, columns: list[BoundColumn], scope: Scope, reader: QueryReader) -> Origins:
    """One key of ORDER BY: an output column by place or name first, then an expression."""
    place = _ordinal(key, columns)
    if place is not None:
        return place.origins
    if isinstance(key, exp.Var) and key.name.upper() == "ALL":
        return merge_all(column.origins for column in columns)
    if isinstance(key, exp.Column) and not key.table:
        named = [column.origins for column in columns if column.name.casefold() == key.name.casefold()]
        if named:
            return merge(*named)
    return reader.value(key, scope)


def _ordinal(key: Expression, columns: list[BoundColumn]) -> BoundColumn | None:
    if isinstance(key, exp.Literal) and not key.is_string and key.name.isdigit() and 1 <= int(key.name) <= len(columns):
        return columns[int(key.name) - 1]
    return None


def _unlisted(select: Expression, scope: Scope) -> Callable[[str], Origins] | None:
    """With a star over a table whose columns are not known, further names are looked up in it."""
    open_sources = [s.relation.other_columns for s in scope.sources if s.visible and s.relation.other_columns]
    if not open_sources or not any(is_star(entry) for entry in select.expressions):
        return None
    return lambda name: merge_all([read(name) for read in open_sources])


def _values(expressions: Iterable[Expression], scope: Scope, reader: QueryReader) -> Origins:
    return merge_all([reader.value(expression, scope) for expression in expressions])
