"""Which columns of which port a query reads: the usage that nobody has to type in."""

from collections.abc import Mapping


def columns_read(sql: str, columns_by_relation: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Columns that a query reads of each relation, stars expanded, filters and joins included.

    Args:
        sql: one SELECT whose tables are relations.
        columns_by_relation: relation -> column -> type, of every relation in the query.

    Returns:
        Relation -> its columns in the relation's order. Where the query cannot be qualified, all columns of
        every relation: a reader is never recorded with less than what it may have seen.

    >>> columns_read("SELECT o.a FROM o WHERE o.b > 1", {"o": {"a": "INT", "b": "INT", "c": "INT"}})
    {'o': ('a', 'b')}
    """
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import traverse_scope

    everything = {relation: tuple(columns) for relation, columns in columns_by_relation.items()}
    # SQLGlot parses the keys of a schema; a relation is named as its port, with a slash.
    schema = {
        exp.to_identifier(name, quoted=True).sql(): dict(columns) for name, columns in columns_by_relation.items()
    }
    try:
        tree = qualify(parse_one(sql, read="duckdb"), dialect="duckdb", schema=schema, quote_identifiers=False)
    except (SqlglotError, RecursionError, ValueError, KeyError, AttributeError):
        return everything
    read: dict[str, set[str]] = {relation: set() for relation in columns_by_relation}
    known = {relation.casefold(): relation for relation in columns_by_relation}
    for scope in traverse_scope(tree):
        for column in scope.columns:
            source = scope.sources.get(column.table)
            if isinstance(source, exp.Table) and source.name.casefold() in known:
                read[known[source.name.casefold()]].add(column.name.casefold())
    return {
        relation: tuple(column for column in columns if column.casefold() in read[relation])
        for relation, columns in columns_by_relation.items()
    }
