"""FROM: tables, nested queries, table functions, unnest, and how joins put them together."""

from collections.abc import Iterable
from dataclasses import replace

from sqlglot import exp

from weft.graph.origins import NO_ORIGINS, Kind, Origins, computed, deciding, merge, merge_all
from weft.graph.sql.pivot import pivoted
from weft.graph.sql.relation import BoundColumn, Expression, QueryReader, Relation, Scope, Source
from weft.graph.sql.struct_fields import element_type


def read_from(select: Expression, scope: Scope, reader: QueryReader) -> Origins:
    """Add every source of a SELECT to its scope; returns what decides about the joined rows."""
    from_ = select.args.get("from_")
    rows = _add(from_.this, scope, reader) if from_ is not None else NO_ORIGINS
    joins = [_join(join, scope, reader) for join in select.args.get("joins") or []]
    laterals = [_add(lateral, scope, reader) for lateral in select.args.get("laterals") or []]
    return merge(rows, *joins, *laterals)


def _add(item: Expression, scope: Scope, reader: QueryReader) -> Origins:
    """Add one item of FROM, and the joins that hang on it, to the scope; returns what decides about its rows."""
    if isinstance(item, exp.Subquery) and isinstance(item.this, (exp.Table, exp.Subquery)) and not item.alias:
        rows = _add(item.this, scope, reader)  # (a JOIN b ON ...): parentheses only, the names stay visible
    else:
        relation = _relation(item, scope, reader)
        scope.sources.append(Source(_alias(item), relation))
        rows = relation.rows
    joins = [_join(join, scope, reader) for join in item.args.get("joins") or []]
    return merge(rows, *joins)


def _relation(item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    if isinstance(item, exp.Table):
        relation = _table(item, scope, reader)
    elif isinstance(item, exp.Unnest):
        relation = _unnest(item.expressions, item, scope, reader)
    elif isinstance(item, exp.Lateral):
        relation = _lateral(item, scope, reader)
    elif isinstance(item, exp.Pivot):
        relation = pivoted(item, _relation(item.this, scope, reader), scope, reader)
    elif isinstance(item, exp.Subquery) and isinstance(item.this, exp.Pivot):
        relation = _relation(item.this, scope, reader)
    elif isinstance(item, exp.Subquery) and isinstance(item.this, exp.Table):
        relation = _parenthesised_join(item, scope, reader)
    elif isinstance(item, exp.Values):
        relation = values(item, scope, reader)
    elif isinstance(item, exp.Query):
        relation = reader.query(item, scope)
    else:
        relation = _table_function(item, scope, reader)
    for pivot in item.args.get("pivots") or []:
        relation = pivoted(pivot, relation, scope, reader)
    return _distinct_names(relation).renamed(_alias_columns(item))


def _table(item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    if not isinstance(item.this, exp.Identifier):
        return _table_function(item, scope, reader)
    if not item.args.get("db"):
        for around in scope.chain():
            relation = around.cte(item.name)
            if relation is not None:
                return relation
    return reader.table(".".join(part.name for part in item.parts))


def _lateral(item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    body = item.this
    if isinstance(body, (exp.Query, exp.Values)):
        return reader.query(body, scope)
    return _unnest([body.this if isinstance(body, exp.Explode) else body], item, scope, reader)


def _unnest(lists: Iterable[Expression], item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    columns = []
    for expression in lists:
        origins = computed(reader.value(expression, scope))
        columns.append(BoundColumn("unnest", origins, element_type(_type_of(expression, scope))))
    if item.args.get("offset"):
        columns.append(BoundColumn("ordinality", NO_ORIGINS, "BIGINT"))
    # How many rows there are is decided by the lengths of the lists.
    rows = deciding(merge_all(column.origins for column in columns), Kind.JOIN)
    return Relation(tuple(columns), rows)


def _table_function(item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    """A function in FROM: which columns it makes is rarely known, and all of them come from its arguments."""
    call = item.this if isinstance(item, exp.Table) else item
    arguments = computed(
        merge_all([reader.value(argument, scope) for argument in call.iter_expressions()])
        if isinstance(call, exp.Expr)
        else NO_ORIGINS
    )
    rows = deciding(arguments, Kind.JOIN)
    if isinstance(call, exp.GenerateSeries):
        name = "range" if call.args.get("is_end_exclusive") else "generate_series"
        return Relation((BoundColumn(item.alias or name, arguments, "BIGINT"),), rows)
    return Relation((), rows, lambda _: arguments)


def values(item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    """VALUES (...), (...): columns col0, col1, ... as DuckDB names them."""
    rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in item.expressions]
    width = max((len(row) for row in rows), default=0)
    columns = []
    for place in range(width):
        parts = [reader.value(row[place], scope) for row in rows if place < len(row)]
        columns.append(BoundColumn(f"col{place}", merge(*parts)))
    return Relation(tuple(columns))


def _parenthesised_join(item: Expression, scope: Scope, reader: QueryReader) -> Relation:
    """`(a JOIN b ON ...) AS j`: one source with the columns of both."""
    inner = scope.inner()
    rows = _add(item.this, inner, reader)
    columns = [column for source in inner.sources if source.visible for column in _shown(source, inner)]
    open_sources = [s.relation.other_columns for s in inner.sources if s.relation.other_columns is not None]
    return Relation(
        tuple(columns),
        rows,
        (lambda name: merge_all([read(name) for read in open_sources])) if open_sources else None,
    )


def _shown(source: Source, scope: Scope) -> Iterable[BoundColumn]:
    for column in source.relation.columns:
        folded = column.name.casefold()
        if folded not in source.merged:
            yield replace(column, origins=scope.using.get(folded, column.origins))


def _join(join: Expression, scope: Scope, reader: QueryReader) -> Origins:
    already = len(scope.sources)
    rows = _add(join.this, scope, reader)
    added = scope.sources[already:]
    names = _using(join, scope.sources[:already], added)
    conditions = [_merge_using(name, join, scope, already) for name in names]
    on = join.args.get("on")
    if on is not None:
        conditions.append(reader.value(on, scope))
    if join.kind in ("SEMI", "ANTI") or join.side in ("SEMI", "ANTI"):
        for source in added:
            source.visible = False
    return merge(rows, deciding(merge(*conditions), Kind.JOIN))


def _using(join: Expression, before: list[Source], added: list[Source]) -> list[str]:
    """Names of the columns that a join makes one."""
    using = [identifier.name for identifier in join.args.get("using") or []]
    if using or join.method != "NATURAL":
        return using
    left = {column.name.casefold() for source in before if source.visible for column in source.relation.columns}
    return [c.name for source in added for c in source.relation.columns if c.name.casefold() in left]


def _merge_using(name: str, join: Expression, scope: Scope, already: int) -> Origins:
    """Make one column of both sides' columns of that name; returns the origins of both."""
    folded = name.casefold()
    before, added = scope.sources[:already], scope.sources[already:]
    left = scope.using.get(folded) or merge_all(_named(source, name) for source in before if source.visible)
    right = merge_all(_named(source, name) for source in added)
    if join.side == "FULL":
        scope.using[folded] = computed(merge(left, right))
    else:
        scope.using[folded] = right if join.side == "RIGHT" else left
    for source in added:
        source.merged.add(folded)
    return merge(left, right)


def _named(source: Source, name: str) -> Origins:
    origins = source.relation.column(name)
    if origins is None and source.relation.other_columns is not None:
        return source.relation.other_columns(name)
    return origins or NO_ORIGINS


def _alias(item: Expression) -> str:
    if item.alias:
        return str(item.alias)
    for pivot in item.args.get("pivots") or []:
        if pivot.alias:
            return str(pivot.alias)
    if isinstance(item, exp.Table) and isinstance(item.this, exp.Identifier):
        return str(item.name)
    return "unnest" if isinstance(item, exp.Unnest) else ""


def _alias_columns(item: Expression) -> list[str]:
    pivots = item.args.get("pivots") or []
    holder = pivots[-1] if pivots else item
    alias = holder.args.get("alias")
    return [column.name for column in alias.args.get("columns") or []] if isinstance(alias, exp.TableAlias) else []


def _distinct_names(relation: Relation) -> Relation:
    """A nested query's second column `a` is called `a_1`, the third `a_2`."""
    seen: dict[str, int] = {}
    columns = []
    for column in relation.columns:
        folded = column.name.casefold()
        count = seen.get(folded, 0)
        seen[folded] = count + 1
        columns.append(replace(column, name=f"{column.name}_{count}") if count else column)
    return replace(relation, columns=tuple(columns))


def _type_of(expression: Expression, scope: Scope) -> str | None:
    """Type of a bare column, for the fields of what is unnested from it."""
    if not isinstance(expression, exp.Column):
        return None
    for around in scope.chain():
        for source in around.sources:
            if expression.table and source.alias.casefold() != expression.table.casefold():
                continue
            for column in source.relation.columns:
                if column.name.casefold() == expression.name.casefold():
                    return column.type
    return None
