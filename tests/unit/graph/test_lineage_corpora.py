"""Queries that others wrote: none may crash, each column is traced or a note says why not."""

from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from weft.base.problem import Problem
from weft.graph.column_lineage import lineage_of_sql

TPCH = Path(__file__).parent / "tpch"


@pytest.fixture(scope="module")
def tpch():
    connection = duckdb.connect()
    connection.execute((TPCH / "schema.sql").read_text())
    names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    schemas = {
        name: {column: type_ for column, type_, *_ in connection.execute(f"DESCRIBE {name}").fetchall()}
        for name in names
    }
    return connection, schemas


@pytest.mark.parametrize("path", sorted(TPCH.glob("q*.sql")), ids=lambda path: path.stem)
def test_every_column_of_tpch_is_traced_to_columns_that_the_query_names(path, tpch):
    connection, schemas = tpch
    text = path.read_text()
    lineage = lineage_of_sql(text, schemas)

    described = [name for name, *_ in connection.execute(f"DESCRIBE {text}").fetchall()]
    assert [column.name for column in lineage.columns] == described
    assert lineage.notes == ()

    parsed = sqlglot.parse_one(text, dialect="duckdb")
    assert set(lineage.tables) == {table.name for table in parsed.find_all(exp.Table)} - {"revenue"}
    # Every column of a table that a TPC-H query names takes part in its answer, and no other one does.
    every_column = {column for columns in schemas.values() for column in columns}
    named = {column.name for column in parsed.find_all(exp.Column)} & every_column
    traced = {use.input.column for column in lineage.columns for use in column.inputs}
    traced |= {use.input.column for use in lineage.rows}
    assert traced == named


def test_the_share_of_promotions_comes_from_price_discount_and_type(tpch):
    _, schemas = tpch
    lineage = lineage_of_sql((TPCH / "q14.sql").read_text(), schemas)
    assert [(str(use.input), [*map(str, use.kinds)]) for use in lineage.columns[0].inputs] == [
        ("lineitem.l_discount", ["aggregation"]),
        ("lineitem.l_extendedprice", ["aggregation"]),
        ("part.p_type", ["conditional"]),
    ]


def _queries(folder: Path) -> list[str]:
    lines = (folder / "identity.sql").read_text().splitlines()
    return [text for text in (*lines, *(folder / "pretty.sql").read_text().split(";")) if text.strip()]


def test_no_query_of_the_parser_suite_crashes_or_loses_a_column(shared_data):
    traced = refused = 0
    for text in _queries(shared_data / "sql_corpora" / "sqlglot_fixtures"):
        try:
            lineage = lineage_of_sql(text, {})
        except Problem:  # it is no query
            refused += 1
            continue
        traced += 1
        query = sqlglot.parse_one(text, dialect="duckdb")
        if isinstance(query, exp.Query) and not query.is_star:
            assert lineage.columns, text
    assert traced > 450
    assert refused > 300  # the suite is for a parser: most of it are expressions, DDL and other dialects
