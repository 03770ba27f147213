"""From which columns an expression takes its value, and which columns decide about it."""

from collections.abc import Callable, Iterable, Mapping

from sqlglot import exp

from weft.graph.origins import NO_ORIGINS, Kind, Origins, computed, deciding, merge, merge_all
from weft.graph.sql.relation import Expression, QueryReader, Scope
from weft.graph.sql.star import columns_of_star, columns_of_table_star

# Aggregates of DuckDB that SQLGlot parses as plain functions.
_MORE_AGGREGATES = frozenset(
    {"arbitrary", "arg_max_null", "arg_min_null", "bitstring_agg", "bool_and", "bool_or", "count_if", "count_star"}
    | {"entropy", "favg", "fsum", "geomean", "geometric_mean", "histogram", "histogram_exact", "kahan_sum"}
    | {"kurtosis_pop", "list", "mad", "max_by", "min_by", "product", "approx_top_k", "reservoir_quantile"}
    | {"sem", "sumkahan", "weighted_avg"}
)
_QUERIES = (exp.Query, exp.Values)
# These pick the value of one row, though SQLGlot counts them among the aggregates.
_PICKS = (exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue)


def origins_of(expression: Expression, scope: Scope, reader: QueryReader) -> Origins:
    """Origins of a value: a bare column keeps its ways, anything around it is at least a transformation."""
    core = expression
    while isinstance(core, (exp.Alias, exp.Paren)):
        core = core.this
    if isinstance(core, exp.Column) and not isinstance(core.this, exp.Star):
        return _column(core, scope, reader)
    if isinstance(core, _QUERIES):
        return _subquery(core, scope, reader)
    return computed(_parts(core, scope, reader))


def is_aggregate(node: Expression) -> bool:
    """Whether a node is the call of an aggregate function."""
    if isinstance(node, exp.AggFunc):
        return not isinstance(node, _PICKS)
    return isinstance(node, exp.Anonymous) and str(node.this).casefold() in _MORE_AGGREGATES


def has_aggregate(expression: Expression) -> bool:
    """Whether an expression aggregates rows itself: not in a window, not in a nested query."""
    stack = [expression]
    while stack:
        node = stack.pop()
        if isinstance(node, (exp.Window, *_QUERIES)):
            continue
        if is_aggregate(node):
            return True
        stack.extend(node.iter_expressions())
    return False


def resolve_column(parts: tuple[str, ...], at: Expression, scope: Scope, reader: QueryReader) -> Origins:
    """Origins of a dotted name; one that nothing explains is taken to depend on all there is, with a note."""
    found = scope.resolve(parts)
    if found is not None:
        return found
    reader.note("LINEAGE001", f'Column "{".".join(parts)}" is in none of the tables that are read there.', at)
    return computed(scope.everything())


def _column(column: Expression, scope: Scope, reader: QueryReader) -> Origins:
    return resolve_column(tuple(part.name for part in column.parts), column, scope, reader)


def _parts(root: Expression, scope: Scope, reader: QueryReader) -> Origins:
    """Origins of everything in an expression, without recursion through its plain operators."""
    found: list[Origins] = []
    stack = [root]
    while stack:
        node = stack.pop()
        special = _special(node)
        if special is not None:
            found.append(special(node, scope, reader))
        else:
            stack.extend(node.iter_expressions())
    return merge(*found)


_Reader = Callable[[Expression, Scope, QueryReader], Origins]


def _special(node: Expression) -> _Reader | None:
    """How a node is read whose parts have different ways; None where all its parts count alike."""
    for kind in type(node).__mro__:
        if kind in _READERS:
            return _READERS[kind]
        if kind is exp.Expr:
            break
    return _aggregate if is_aggregate(node) else None


def _column_or_star(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    if isinstance(node.this, exp.Star):
        return merge_all(column.origins for column in columns_of_table_star(node, scope, reader))
    return _column(node, scope, reader)


def _star(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    return merge_all(column.origins for column in columns_of_star(node, scope, reader))


def _subquery(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    relation = reader.query(node, scope)
    return merge(relation.all_columns(), relation.rows)


def _exists(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    # Whether a row is there does not depend on what its columns hold.
    if isinstance(node.this, _QUERIES):
        return deciding(reader.query(node.this, scope).rows, Kind.CONDITIONAL)
    return _parts(node.this, scope, reader)


def _aggregate(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    counted = node.this if isinstance(node, exp.Count) else None
    if isinstance(counted, exp.Star) and not counted.args.get("except_"):
        return NO_ORIGINS
    return computed(_all(node.iter_expressions(), scope, reader), Kind.AGGREGATION)


def _case(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    operand = [node.this] if node.this is not None else []
    branches = node.args.get("ifs") or []
    tests = _all([*operand, *(branch.this for branch in branches)], scope, reader)
    default = node.args.get("default")
    values = [*(branch.args["true"] for branch in branches), *([default] if default is not None else [])]
    return merge(deciding(tests, Kind.CONDITIONAL), _all(values, scope, reader))


def _if(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    values = [part for part in (node.args.get("true"), node.args.get("false")) if part is not None]
    return merge(
        deciding(_parts(node.this, scope, reader), Kind.CONDITIONAL),
        _all(values, scope, reader),
    )


def _filter(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    return merge(
        _parts(node.this, scope, reader),
        deciding(_parts(node.expression, scope, reader), Kind.CONDITIONAL),
    )


def _window(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    value = node.this
    # In `WINDOW w AS (...)` the name stands where a function stands otherwise.
    origins = NO_ORIGINS if isinstance(value, exp.Identifier) else _parts(value, scope, reader)
    spec = node.args.get("spec")
    frame = [spec.args.get(side) for side in ("start", "end")] if spec is not None else []
    order = node.args.get("order")
    deciders = [
        *(node.args.get("partition_by") or []),
        *(ordered.this for ordered in (order.expressions if order is not None else [])),
        *(edge for edge in frame if isinstance(edge, exp.Expr)),
    ]
    by = deciding(_all(deciders, scope, reader), Kind.WINDOW)
    name = node.args.get("alias")
    named = scope.window(name.name) if name is not None else None
    base = deciding(_window(named, scope, reader), Kind.WINDOW) if named is not None else NO_ORIGINS
    return merge(origins, by, base)


def _order(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    keys = deciding(_all((ordered.this for ordered in node.expressions), scope, reader), Kind.SORT)
    if node.this is not None:
        return merge(_parts(node.this, scope, reader), keys)
    # WITHIN GROUP (ORDER BY a): the key is the value too.
    return merge(_all((ordered.this for ordered in node.expressions), scope, reader), keys)


def _lambda(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    return _parts(node.this, scope.with_names(name.name for name in node.expressions), reader)


def _comprehension(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    variables = [node.expression, node.args.get("position")]
    inner = scope.with_names(variable.name for variable in variables if isinstance(variable, exp.Expr))
    condition = node.args.get("condition")
    return merge(
        _parts(node.args["iterator"], scope, reader),
        _parts(node.this, inner, reader),
        deciding(_parts(condition, inner, reader), Kind.CONDITIONAL) if condition is not None else NO_ORIGINS,
    )


def _map_literal(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    # In MAP {a: b} the key is an expression, unlike in {a: b}; SQLGlot keeps a bare name as an identifier.
    entries = node.this.expressions if isinstance(node.this, exp.Struct) else [node.this]
    found = []
    for entry in entries:
        if isinstance(entry, exp.PropertyEQ) and isinstance(entry.this, exp.Identifier):
            found.append(resolve_column((entry.this.name,), entry.this, scope, reader))
            found.append(_parts(entry.expression, scope, reader))
        else:
            found.append(_all(entry.iter_expressions(), scope, reader))
    return merge(*found)


def _dot(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    if isinstance(node.this, exp.Identifier):  # t.COLUMNS(...), name.lower(), or a lambda's parameter
        source = scope.source(node.name) if node.name.casefold() not in scope.names else None
        if source is not None:
            return computed(source.relation.all_columns())
        method = _all(node.expression.iter_expressions(), scope, reader)
        return merge(method, resolve_column((node.this.name,), node, scope, reader))
    behind = NO_ORIGINS if isinstance(node.expression, exp.Identifier) else _parts(node.expression, scope, reader)
    return merge(_parts(node.this, scope, reader), behind)


def _positional(node: Expression, scope: Scope, reader: QueryReader) -> Origins:
    columns = columns_of_star(exp.Star(), scope, reader)
    place = int(node.name) - 1 if node.name.isdigit() else -1
    return columns[place].origins if 0 <= place < len(columns) else scope.everything()


def _all(nodes: Iterable[Expression], scope: Scope, reader: QueryReader) -> Origins:
    return merge_all([_parts(node, scope, reader) for node in nodes])


_READERS: Mapping[type, _Reader] = {
    exp.Column: _column_or_star,
    exp.Star: _star,
    exp.Columns: _star,
    exp.Exists: _exists,
    exp.Query: _subquery,
    exp.Values: _subquery,
    exp.Case: _case,
    exp.If: _if,
    exp.Filter: _filter,
    exp.Window: _window,
    exp.Order: _order,
    exp.Lambda: _lambda,
    exp.Comprehension: _comprehension,
    exp.ToMap: _map_literal,
    exp.Dot: _dot,
    exp.PositionalColumn: _positional,
}
