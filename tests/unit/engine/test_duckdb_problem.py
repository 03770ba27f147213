"""No cell value ever reaches a message."""

import pytest

from weft.base.problem import Problem
from weft.engine.duckdb_engine import DuckDBEngine

SECRET = "ada@example.org"


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine(threads=1) as session:
        session.add_table("t", f"SELECT '{SECRET}' AS v, 7654321 AS n FROM range(3)")
        yield session


@pytest.mark.parametrize(
    ("sql", "what", "found"),
    [
        ("SELECT CAST(v AS INTEGER) FROM t", "A value cannot be converted to INT32.", "column v; line 1 of the query"),
        (
            "SELECT\n v::DECIMAL(3,1) FROM t",
            "A value cannot be converted to DECIMAL(3,1).",
            "column v; line 2 of the query",
        ),
        ("SELECT n::TINYINT FROM t", "A value cannot be converted to INT8.", "column n; line 1 of the query"),
        ("SELECT n * n::INTEGER FROM t", "A number became too large for its type.", None),
        ("SELECT strptime(v, '%Y') FROM t", "A value does not have the format that the query reads dates by.", None),
        ("SELECT json(v) FROM t", "A value is not valid JSON.", None),
        ("SELECT v::JSON FROM t", "A value is not valid JSON.", "column v; line 1 of the query"),
        ("SELECT error(v) FROM t", "The query failed on a value of its input.", None),
        ("SELECT make_date(n, 1, 1) FROM t", "A date is out of range.", None),
        ("SELECT (SELECT v FROM t)", "A subquery used as an expression returned more than one row.", None),
    ],
)
def test_an_error_on_a_value_is_told_without_it(engine, sql, what, found):
    with pytest.raises(Problem) as caught:
        engine.rows(sql)
    assert (caught.value.code, caught.value.what) == ("ENGINE001", what)
    if found:
        assert caught.value.found == found
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT v::DATE FROM t",
        "SELECT v::TIMESTAMP FROM t",
        "SELECT v::UUID FROM t",
        "SELECT v::INTERVAL FROM t",
        "SELECT v::INTEGER[] FROM t",
        "SELECT v::STRUCT(a INTEGER) FROM t",
        "SELECT v::ENUM('x') FROM t",
        "SELECT v::BOOLEAN FROM t",
        "SELECT regexp_matches('x', v || '(') FROM t",
        "SELECT date_trunc(v, now()) FROM t",
        "SELECT (v || ' to INT32 when casting from source column ' || v)::INTEGER FROM t",
        "SELECT (v || ''' to INT32 when casting from source column ' || v)::INTEGER FROM t",
        "SELECT error('x when casting from source column ' || v) FROM t",
        "SELECT ('x to ' || upper(replace(replace(v, '@', ''), '.', '')))::DATE FROM t",
        "SELECT (v || '\n\nLINE 1: ' || v || '\n   ^')::INTEGER FROM t",
        "INSERT INTO once SELECT v FROM t",
        "SELECT ?::INTEGER",
    ],
)
def test_no_error_quotes_a_value(engine, sql):
    engine.execute("CREATE OR REPLACE TEMP TABLE once (v VARCHAR PRIMARY KEY)")
    with pytest.raises(Problem) as caught:
        engine.rows(sql, [SECRET] if "?" in sql else [])
    told = str(caught.value).casefold()
    assert SECRET not in told
    assert "adaexampleorg" not in told


def test_errors_of_grammar_and_of_names_show_the_place_in_the_query(engine):
    with pytest.raises(Problem) as caught:
        engine.rows("SELECT v,\n  missing\nFROM t")
    assert 'Referenced column "missing" not found' in caught.value.what
    assert "LINE 2:" in caught.value.what
    with pytest.raises(Problem, match="syntax error"):
        engine.rows("SELECT FROM WHERE")


def test_the_line_of_an_error_is_that_of_the_models_text(engine):
    with pytest.raises(Problem, match="LINE 2:"):
        engine.add_view("broken", "SELECT v,\n  missing\nFROM t")


def test_a_missing_file_is_told_by_its_path(engine):
    with pytest.raises(Problem) as caught:
        engine.add_parquet("p", ["/nowhere/x.parquet"])
    assert (caught.value.code, "/nowhere/x.parquet" in caught.value.what) == ("ENGINE005", True)


def test_a_broken_parquet_file_is_told_by_its_path(engine, tmp_path):
    (tmp_path / "x.parquet").write_bytes(b"PAR1 and nothing more that makes sense PAR1")
    with pytest.raises(Problem) as caught:
        engine.add_parquet("p", [str(tmp_path / "x.parquet")])
    assert caught.value.code in ("ENGINE005", "ENGINE001")
