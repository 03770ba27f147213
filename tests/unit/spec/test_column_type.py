"""Contract columns become DuckDB types, and our reading of types agrees with DuckDB's own."""

import duckdb
import pytest

from weft.base.problem import Place
from weft.spec.column_type import duckdb_type
from weft.spec.contract import Column
from weft.spec.sql_type import parse_type

HERE = Place("contract.yaml", 1, 1)


def column(logical=None, *, physical=None, options=None, properties=(), items=None, custom=None):
    return Column(
        "c",
        HERE,
        logical_type=logical,
        logical_type_options=options or {},
        physical_type=physical,
        properties=properties,
        items=items,
        custom=custom or {},
    )


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (column(), "VARCHAR"),
        (column("string"), "VARCHAR"),
        (column("integer"), "BIGINT"),
        (column("integer", options={"format": "i32"}), "INTEGER"),
        (column("integer", options={"format": "u64"}), "DECIMAL(20,0)"),
        (column("number"), "DOUBLE"),
        (column("number", options={"format": "f32"}), "FLOAT"),
        (column("number", custom={"precision": 12, "scale": 2}), "DECIMAL(12,2)"),
        (column("number", physical="NUMBER(10,2)"), "DECIMAL(10,2)"),
        (column("boolean"), "BOOLEAN"),
        (column("date"), "DATE"),
        (column("time"), "TIME"),
        (column("timestamp"), "TIMESTAMP"),
        (column("timestamp", options={"timezone": True}), "TIMESTAMP WITH TIME ZONE"),
        (column("object", physical="object"), "JSON"),
        (column("array", physical="array", items=column("integer")), "BIGINT[]"),
        (column("vector", options={"dimensions": 3}), "FLOAT[3]"),
        (column("string", physical="table"), "VARCHAR"),
        (
            column("object", properties=(Column("a", HERE, "integer"), Column("order id", HERE, "string"))),
            'STRUCT(a BIGINT, "order id" VARCHAR)',
        ),
        (
            column("map", properties=(Column("key", HERE, "string"), Column("value", HERE, "number"))),
            "MAP(VARCHAR, DOUBLE)",
        ),
    ],
)
def test_a_column_has_the_type_that_its_contract_declares(declared, expected):
    assert duckdb_type(declared) == expected


@pytest.mark.parametrize(
    "text",
    [
        *["varchar(2)", "text", "numeric(10,2)", "decimal", "decimal(9)", "int", "int8", "int64", "hugeint", "tinyint"],
        *["double precision", "real", "float(20)", "float[3]", "datetime", "timestamptz", "timestamp with time zone"],
        *["time", "uuid", "json", "bytea", "interval", "bool", "map(varchar, int)", "struct(a int, b varchar[])"],
        *["struct(\"order\" int, price decimal(4,1)[])[]", "struct(Total int)", "int[][2]", "char(3)", "blob", "date"],
    ],
)  # fmt: skip
def test_a_type_is_printed_as_duckdb_prints_it(text):
    with duckdb.connect() as connection:
        if text == "float(20)":  # DuckDB says FLOAT, but twenty bits are the least that is asked for
            assert str(parse_type(text)) == "DOUBLE"
            return
        connection.execute(f"CREATE TABLE t (c {text})")
        assert str(parse_type(text)) == connection.execute("DESCRIBE t").fetchone()[1]


@pytest.mark.parametrize(
    "text", ["", "table", "int drop", "decimal(60,2)", "decimal(2,4)", "map(int)", "struct()", "int["]
)
def test_what_is_no_type_reads_as_none(text):
    assert parse_type(text) is None
