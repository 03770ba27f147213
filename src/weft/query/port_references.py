"""Find the ports that a consumer's query names, and put relation names in their place.

The text of the query is kept: only the names of ports are replaced, at the positions where they stand.
SQL made anew from a parse tree may mean something else than what was asked.

A port is written `domain.product`, `domain.product.port` or `"domain/product"`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Place, Problem

if TYPE_CHECKING:
    from sqlglot import exp


@dataclass(frozen=True)
class PortReference:
    """One place of a query that names a port."""

    port: PortName
    start: int  # of the name in the text
    end: int  # exclusive
    alias: str | None  # what the query calls it, None where it gave no alias
    written: str  # the last part of the name as written: what columns are qualified with


def find_port_references(sql: str, ports: Iterable[PortName]) -> tuple[PortReference, ...]:
    """Every reference to a port in one SELECT.

    Args:
        sql: one SELECT statement in DuckDB's dialect.
        ports: the ports that the actor may know of.

    Raises:
        Problem: GATE001 not readable as SQL, GATE002 not exactly one SELECT, GATE003 no such port,
            GATE004 a table function, file or path in FROM.

    >>> [str(r.port) for r in find_port_references("SELECT * FROM sales.orders o", [PortName.parse("sales/orders")])]
    ['sales/orders']
    """
    from sqlglot import exp, parse
    from sqlglot.errors import SqlglotError
    from sqlglot.optimizer.scope import traverse_scope

    try:
        statements = [statement for statement in parse(sql, read="duckdb") if statement is not None]
    except SqlglotError as error:
        raise _not_readable(error) from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        found = f"{len(statements)} statements" if len(statements) != 1 else statements[0].key.upper()
        raise Problem(
            "GATE002",
            "A query through the gateway is one SELECT.",
            found=found,
            fix="Ask one SELECT at a time; publishing is done by `weft build`.",
        )
    query = statements[0]
    if next(query.find_all(exp.DDL, exp.DML, exp.Command, exp.Into), None) is not None:
        raise Problem("GATE002", "A query through the gateway is one SELECT; it may not write.")
    by_key = _spellings(ports)
    found_tables: dict[int, exp.Table] = {}
    for scope in traverse_scope(query):
        for _, (_, source) in scope.selected_sources.items():
            if isinstance(source, exp.Table):
                found_tables[id(source)] = source
    # A table that is in no scope's sources is either the name of a CTE or something the scopes do not know.
    cte_names = {cte.alias.casefold() for cte in query.find_all(exp.CTE)}
    for table in query.find_all(exp.Table):
        if id(table) not in found_tables and not (table.name.casefold() in cte_names and not table.db):
            found_tables[id(table)] = table
    references = [_reference(table, by_key) for table in found_tables.values()]
    return tuple(sorted(references, key=lambda reference: reference.start))


def with_relations(sql: str, references: Iterable[PortReference], relation_by_port: Mapping[PortName, str]) -> str:
    """The same query with each port's name replaced by the relation that stands for it.

    >>> port = PortName.parse("sales/orders")
    >>> references = find_port_references("SELECT orders.id FROM sales.orders", [port])
    >>> with_relations("SELECT orders.id FROM sales.orders", references, {port: "p1"})
    'SELECT orders.id FROM "p1" AS "orders"'
    """
    for reference in sorted(references, key=lambda r: r.start, reverse=True):
        relation = _quoted(relation_by_port[reference.port])
        alias = "" if reference.alias else f" AS {_quoted(reference.written)}"
        sql = sql[: reference.start] + relation + alias + sql[reference.end :]
    return sql


def _reference(table: "exp.Table", by_key: Mapping[tuple[str, ...], PortName]) -> PortReference:
    from sqlglot import exp

    parts = table.parts
    if not parts or not all(isinstance(part, exp.Identifier) for part in parts):
        raise Problem(
            "GATE004",
            "A query through the gateway reads published ports only, no table functions or files.",
            found=f"{table.this.sql_name().lower()}(...)" if isinstance(table.this, exp.Func) else "a table function",
            fix='Name a port: FROM domain.product, or list them with "weft ls".',
        )
    written = tuple(part.name for part in parts)
    port = by_key.get(tuple(part.casefold() for part in written))
    first, last = parts[0], parts[-1]
    place = Place("query", first.meta.get("line"), _column_of(first))
    if port is None:
        raise Problem(
            "GATE003",
            f'Port "{".".join(written)}" does not exist, or is not published.',
            place,
            fix=did_you_mean(".".join(written), {".".join(key) for key in by_key}) or "List the ports with `weft ls`.",
        )
    return PortReference(port, first.meta["start"], last.meta["end"] + 1, table.alias or None, written[-1])


def _column_of(identifier: "exp.Identifier") -> int | None:
    """The column of its first character, from 1; SQLGlot gives that of the last."""
    end = identifier.meta.get("col")
    if end is None:
        return None
    return int(end) - int(identifier.meta["end"] - identifier.meta["start"])


def _spellings(ports: Iterable[PortName]) -> dict[tuple[str, ...], PortName]:
    by_key: dict[tuple[str, ...], PortName] = {}
    known = list(ports)
    for port in known:
        by_key[(port.domain.casefold(), port.product.casefold(), port.port.casefold())] = port
        by_key[(str(port).casefold(),)] = port
    for port in known:
        if port.port == port.product or sum(other.product_name == port.product_name for other in known) == 1:
            by_key[(port.domain.casefold(), port.product.casefold())] = port
            by_key[(str(port.product_name).casefold(),)] = port
    return by_key


def _not_readable(error: Exception) -> Problem:
    details = getattr(error, "errors", None) or [{}]
    first = details[0]
    where = Place("query", first.get("line"), first.get("col"))
    return Problem(
        "GATE001",
        "The query is not readable as SQL.",
        where,
        found=first.get("description"),
        fix="DuckDB's dialect is spoken here: https://duckdb.org/docs/sql/introduction",
    )


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
