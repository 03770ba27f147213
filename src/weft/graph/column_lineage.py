"""Column lineage of a SQL model, read off its syntax tree against the columns of its inputs.

The query is parsed once and walked once: every clause turns relations into relations, and a column carries
where it comes from. Nothing is rewritten, so the cost is about that of parsing. The walk is sound rather than
tight: what cannot be told apart is counted in, and a note says so. Decision: docs/decisions/0007.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

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
    partly_known: Collection[str] = (),
) -> ModelLineage:
    """Lineage of every column of a query.

    Args:
        text: one query in DuckDB's dialect.
        inputs: columns and DuckDB types of each table that it may read, by name. An empty mapping of columns
            stands for "not known": each column that the query names is believed.
        path: file of the query, for notes.
        output_columns: names as an engine or a contract gives them, where that is known; they replace the names
            of columns without an alias, and find the columns of a star over an input that is not fully known.
        partly_known: names of inputs that may have more columns than are listed.

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

    reader = SqlReader(inputs, path, partly_known)
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
    notes = tuple(reader.notes)
    if output_columns is not None:
        columns = _as_described(columns, output_columns, relation.other_columns)
        # The given names are looked up in what a star could not list, so it misses nothing.
        notes = tuple(note for note in notes if note.code != "LINEAGE002")
    unlisted = relation.other_columns
    is_complete = unlisted is None or output_columns is not None
    return ModelLineage(
        columns=tuple(columns),
        rows=uses_of(relation.rows),
        tables=tuple(sorted(reader.tables)),
        notes=notes,
        is_complete=is_complete,
        unlisted=None if is_complete or unlisted is None else lambda name: uses_of(unlisted(name)),
    )


def _as_described(
    columns: Sequence[OutputColumn],
    names: Sequence[str],
    other_columns: Callable[[str], Origins] | None,
) -> list[OutputColumn]:
    """The columns under given names: by name where all are found, else by place where the counts agree."""
    by_name = {column.name.casefold(): column for column in columns}
    are_found = all(name.casefold() in by_name for name in names)
    if not are_found and other_columns is None and len(columns) == len(names):
        return [replace(column, name=name) for name, column in zip(names, columns, strict=True)]
    described = []
    for name in names:
        known = by_name.get(name.casefold())
        if known is not None:
            described.append(replace(known, name=name))
        else:
            described.append(OutputColumn(name, uses_of(other_columns(name)) if other_columns else ()))
    return described
