"""PIVOT and UNPIVOT, in the standard's form behind a table and in DuckDB's own form as a statement."""

from itertools import product

from sqlglot import exp

from weft.graph.origins import Kind, Origins, computed, deciding, merge, merge_all
from weft.graph.sql.relation import BoundColumn, Expression, QueryReader, Relation, Scope, Source
from weft.graph.sql.star import columns_of_star, is_star


def pivoted(pivot: Expression, relation: Relation, scope: Scope, reader: QueryReader) -> Relation:
    """The relation that a PIVOT or UNPIVOT makes of another."""
    inner = scope.inner()
    inner.sources.append(Source(pivot.this.alias_or_name if pivot.this is not None else "", relation))
    if pivot.args.get("unpivot"):
        return _unpivot(pivot, relation, inner, reader)
    return _pivot(pivot, relation, inner, reader)


def _pivot(pivot: Expression, relation: Relation, scope: Scope, reader: QueryReader) -> Relation:
    # FOR a IN (...) is in `fields`; the statement's ON a IN (...) and its USING are in `expressions` and `using`.
    fields = pivot.args.get("fields") or []
    spread = fields or pivot.expressions
    aggregates = pivot.expressions if fields else (pivot.args.get("using") or [])
    spread_by = merge_all([reader.value(_pivot_column(field), scope) for field in spread])
    measured = [reader.value(aggregate, scope) for aggregate in aggregates]
    used = {
        column.name.casefold()
        for node in [*map(_pivot_column, spread), *aggregates]
        for column in node.find_all(exp.Column)
    }
    group = pivot.args.get("group")
    if group is not None:
        kept = [_group_column(entry, scope, reader) for entry in group.expressions]
    else:
        kept = [column for column in relation.columns if column.name.casefold() not in used]
    decided = deciding(spread_by, Kind.CONDITIONAL)
    cells = [
        BoundColumn(name, merge(computed(measured[place], Kind.AGGREGATION) if measured else {}, decided))
        for name, place in _cell_names(spread, aggregates)
    ]
    rows = merge(
        relation.rows,
        deciding(merge_all(column.origins for column in kept), Kind.GROUP_BY),
    )
    any_cell = merge(computed(merge(*measured), Kind.AGGREGATION), decided)
    if cells:
        return Relation((*kept, *cells), rows)
    reader.note("LINEAGE005", "The columns of a PIVOT without IN depend on the data; each is traced as all of them.")
    return Relation(tuple(kept), rows, lambda _: any_cell)


def _pivot_column(field: Expression) -> Expression:
    return field.this if isinstance(field, exp.In) else field


def _group_column(entry: Expression, scope: Scope, reader: QueryReader) -> BoundColumn:
    return BoundColumn(entry.alias_or_name or entry.sql("duckdb"), reader.value(entry, scope))


def _cell_names(spread: list[Expression], aggregates: list[Expression]) -> list[tuple[str, int]]:
    """Names of the columns that values and aggregates make together, with the aggregate's place."""
    if not spread or not all(isinstance(field, exp.In) and field.expressions for field in spread):
        return []
    values = [[_value_name(entry) for entry in field.expressions] for field in spread]
    if not all(name for names in values for name in names):
        return []
    suffixes = [aggregate.alias or aggregate.sql("duckdb").lower() for aggregate in aggregates] or ["count_star()"]
    with_suffix = len(aggregates) > 1 or any(aggregate.alias for aggregate in aggregates)
    return [
        ("_".join((*combination, suffix) if with_suffix else combination), place)
        for combination in product(*values)
        for place, suffix in enumerate(suffixes)
    ]


def _value_name(entry: Expression) -> str:
    return str(entry.alias or (entry.name if isinstance(entry, exp.Literal) else entry.sql("duckdb")))


def _unpivot(pivot: Expression, relation: Relation, scope: Scope, reader: QueryReader) -> Relation:
    groups, names, value_names = _unpivot_parts(pivot, scope, reader)
    folded = {column.name.casefold() for group in groups for column in group}
    kept = [column for column in relation.columns if column.name.casefold() not in folded]
    every = merge_all(column.origins for group in groups for column in group)
    made = [BoundColumn(name, _nothing()) for name in names]
    for place, name in enumerate(value_names):
        # UNPIVOT ((v1, v2) FOR n IN ((a1, a2), (b1, b2))): the places of values and columns belong together.
        parts = [group[place].origins for group in groups if len(group) == len(value_names)]
        made.append(BoundColumn(name, computed(merge(*parts)) if parts else computed(every)))
    # Rows without a value are left out unless INCLUDE NULLS says otherwise.
    return Relation((*kept, *made), merge(relation.rows, deciding(every, Kind.FILTER)), relation.other_columns)


def _unpivot_parts(
    pivot: Expression, scope: Scope, reader: QueryReader
) -> tuple[list[list[BoundColumn]], list[str], list[str]]:
    fields = pivot.args.get("fields") or []
    if fields:
        entries = [entry for field in fields for entry in field.expressions]
        names = [field.this.name for field in fields]
        values = [identifier.name for e in pivot.expressions for identifier in e.find_all(exp.Identifier)]
    else:
        entries = pivot.expressions
        into = pivot.args.get("into")
        names = [into.this.name if into is not None else "name"]
        values = [value.name for value in into.expressions] if into is not None else ["value"]
    return [_entry_columns(entry, scope, reader) for entry in entries], names, values


def _entry_columns(entry: Expression, scope: Scope, reader: QueryReader) -> list[BoundColumn]:
    core = entry.this if isinstance(entry, (exp.PivotAlias, exp.Alias)) else entry
    if is_star(core):
        return columns_of_star(core, scope, reader)
    return [BoundColumn(column.name, reader.value(column, scope)) for column in core.find_all(exp.Column)]


def _nothing() -> Origins:
    return {}
