"""What goes into a published table comes out of it: for DuckDB by our reader, and for PyIceberg's own."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weft.engine.quote import identifier

SCALARS = {
    "BOOLEAN": st.booleans(),
    "INTEGER": st.integers(-(2**31), 2**31 - 1),
    "BIGINT": st.integers(-(2**63), 2**63 - 1),
    "DOUBLE": st.floats(allow_nan=False),
    "DECIMAL(12,2)": st.decimals("-9999999999.99", "9999999999.99", places=2).map(
        lambda d: d.quantize(Decimal("0.01"))
    ),
    "DECIMAL(38,6)": st.decimals(-(10**20), 10**20, places=6).map(lambda d: d.quantize(Decimal("0.000001"))),
    "DATE": st.dates(date(1, 1, 1), date(9999, 12, 31)),
    "TIME": st.times(),
    "TIMESTAMP": st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1)),  # noqa: DTZ001 - a type without a zone
    "TIMESTAMP WITH TIME ZONE": st.datetimes(
        datetime(1000, 1, 1),  # noqa: DTZ001 - Hypothesis adds the zone
        datetime(9000, 1, 1),  # noqa: DTZ001
        timezones=st.just(UTC),
    ),
    "VARCHAR": st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    "UUID": st.uuids(),
    "BLOB": st.binary(max_size=20),
}
NAMES = st.text(
    st.characters(categories=["L", "Nd", "Zs", "P"], exclude_characters="."), min_size=1, max_size=12
).filter(lambda name: name.strip() == name)


def nullable(values):
    return st.none() | values


@st.composite
def types(draw, depth=2):
    """A type's text and a strategy of its values."""
    kind = draw(st.sampled_from(["scalar"] * 4 + (["list", "struct", "map"] if depth else [])))
    if kind == "scalar":
        text = draw(st.sampled_from(sorted(SCALARS)))
        return text, nullable(SCALARS[text])
    if kind == "list":
        text, values = draw(types(depth=depth - 1))
        return f"{text}[]", nullable(st.lists(values, max_size=3))
    if kind == "map":
        text, values = draw(types(depth=depth - 1))
        # A Python dict becomes a struct on its way in, so its keys must be possible names of different fields.
        entries = st.lists(st.tuples(NAMES, values), max_size=3, unique_by=lambda entry: entry[0].casefold())
        return f"MAP(VARCHAR, {text})", nullable(entries.map(dict))
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique_by=str.casefold))
    parts = [draw(types(depth=depth - 1)) for _ in names]
    text = ", ".join(f"{identifier(name)} {part}" for name, (part, _) in zip(names, parts, strict=True))
    fixed = st.fixed_dictionaries({name: values for name, (_, values) in zip(names, parts, strict=True)})
    return f"STRUCT({text})", nullable(fixed)


@st.composite
def tables(draw):
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique_by=str.casefold))
    columns = [draw(types()) for _ in names]
    rows = draw(st.lists(st.tuples(*(values for _, values in columns)), min_size=1, max_size=5))
    return dict(zip(names, (text for text, _ in columns), strict=True)), rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables())
def test_every_value_of_every_type_comes_back_as_it_went_in(bench, table):
    types_by_name, rows = table
    bench.engine.execute("DROP TABLE IF EXISTS given")
    declared = ", ".join(f"{identifier(name)} {kind}" for name, kind in types_by_name.items())
    bench.engine.execute(f"CREATE TABLE given ({declared})")
    marks = ", ".join(f"CAST(? AS {kind})" for kind in types_by_name.values())
    for row in rows:
        bench.engine.rows(f"INSERT INTO given VALUES ({marks})", row)
    expected = bench.engine.rows("FROM given")
    bench.publish("FROM given")
    assert bench.rows() == expected
    assert bench.engine.describe("FROM read") == bench.engine.describe("FROM given")


@pytest.mark.parametrize(
    ("wide", "stored", "value"),
    [
        ("TINYINT", "INTEGER", -128),
        ("SMALLINT", "INTEGER", 32767),
        ("UTINYINT", "INTEGER", 255),
        ("USMALLINT", "INTEGER", 65535),
        ("UINTEGER", "BIGINT", 4294967295),
        ("UBIGINT", "DECIMAL(20,0)", Decimal(18446744073709551615)),
        ("HUGEINT", "DECIMAL(38,0)", Decimal(10**37)),
    ],
)
def test_a_type_that_iceberg_does_not_know_is_widened_without_loss(bench, wide, stored, value):
    bench.publish(f"SELECT ({value})::{wide} AS v")
    assert (bench.rows(), bench.engine.describe("FROM read")) == ([(value,)], {"v": stored})


def test_pyiceberg_reads_the_same_rows_that_duckdb_does(bench):
    bench.publish(
        "SELECT 1 AS id, 1.50::DECIMAL(12,2) AS total, DATE '2026-01-02' AS day, 'é' AS \"naïve name\","
        " TIMESTAMPTZ '2026-01-02 03:04:05+00' AS at, {'a': 1, 'b': ['x']} AS s, MAP {'k': 2} AS m,"
        " UUID '00000000-0000-0000-0000-000000000001' AS u, '\\xAA'::BLOB AS b,"
        " TIME '01:02:03' AS t, NULL::INTEGER AS n"
    )
    table = bench.lake.catalog.table(bench.port).scan().to_arrow()
    assert table.to_pylist() == [
        {
            "id": 1,
            "total": Decimal("1.50"),
            "day": date(2026, 1, 2),
            "naïve name": "é",
            "at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
            "s": {"a": 1, "b": ["x"]},
            "m": [("k", 2)],
            "u": UUID("00000000-0000-0000-0000-000000000001"),
            "b": b"\xaa",
            "t": time(1, 2, 3),
            "n": None,
        }
    ]
    assert pa.types.is_decimal(table.schema.field("total").type)
