"""Column lineage of a SQL model, read off its syntax tree against the columns of its inputs.

The query is parsed once and walked once: every clause turns relations into relations, and a column carries
where it comes from. Nothing is rewritten, so the cost is about that of parsing. The walk is sound rather than
tight: what cannot be told apart is counted in, and a note says so. Decision: docs/decisions on column lineage.
"""

from collections.abc import Callable, Mapping, Sequence

from weft.base.problem import Place, Problem, Severity
from weft.graph.model_inputs import parse_query
from weft.graph.model_lineage import ModelLineage, OutputColumn, table_level, uses_of
from weft.graph.origins import Origins


def lineage_of_sql(
    text: str,
    inputs: Mapping[str, Mapping[str, str]],
    *,
    path: str = "model.sql",
    output_columns: Sequence[str] | None = None,
) -> ModelLineage:
    """Lineage of every column of a query.

    Args:
        text: one query in DuckDB's dialect.
        inputs: columns and DuckDB types of each table that it may read, by name. An empty mapping of columns
            stands for "not known": each column that the query names is believed.
        path: file of the query, for notes.
        output_columns: names as an engine describes them, where that is known; they replace the names of
            columns without an alias, and find the columns of a star over an input whose columns are not known.

    Raises:
        Problem: GRAPH002, the text does not parse.

    >>> lineage = lineage_of_sql(
    ...     "SELECT id, total * 2 AS double FROM orders WHERE status = 'paid'",
    ...     {"orders": {"id": "INTEGER", "total": "DOUBLE", "status": "VARCHAR"}},
    ... )
    >>> for column in lineage.columns:
    ...     print(column.name, [(str(use.input), *map(str, use.kinds)) for use in column.inputs])
    id [('orders.id', 'identity')]
    double [('orders.total', 'transformation')]
    >>> [(str(use.input), *map(str, use.kinds)) for use in lineage.rows]
    [('orders.status', 'filter')]
    """
    from weft.graph.sql.query_reader import SqlReader
    from weft.graph.sql.relation import Scope

    reader = SqlReader(inputs, path)
    try:
        relation = reader.query(parse_query(text, path), Scope())
    except RecursionError:
        note = Problem(
            "LINEAGE009",
            "The query is nested too deeply to be followed; only its tables are known.",
            Place(path),
            severity=Severity.WARNING,
        )
        return table_level(dict.fromkeys(output_columns or (), ""), inputs, (note,))
    columns = [OutputColumn(column.name, uses_of(column.origins), column.type) for column in relation.columns]
    if output_columns is not None:
        columns = _as_described(columns, output_columns, relation.other_columns)
    return ModelLineage(
        columns=tuple(columns),
        rows=uses_of(relation.rows),
        tables=tuple(sorted(reader.tables)),
        notes=tuple(reader.notes),
    )


def _as_described(
    columns: Sequence[OutputColumn],
    names: Sequence[str],
    other_columns: Callable[[str], Origins] | None,
) -> list[OutputColumn]:
    """The columns under the names that an engine gives them: by place where the counts agree, else by name."""
    if len(columns) == len(names):
        return [OutputColumn(name, column.inputs, column.type) for name, column in zip(names, columns, strict=True)]
    by_name = {column.name.casefold(): column for column in columns}
    described = []
    for name in names:
        known = by_name.get(name.casefold())
        if known is not None:
            described.append(OutputColumn(name, known.inputs, known.type))
        else:
            described.append(OutputColumn(name, uses_of(other_columns(name)) if other_columns else ()))
    return described
