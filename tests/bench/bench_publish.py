"""Publish a table, and copy the same query to a bare Parquet file."""

from pathlib import Path

import duckdb
from measure import Row, cost_of

from weft.base.names import PortName
from weft.engine.duckdb_engine import DuckDBEngine
from weft.lake.iceberg_lake import Lake

QUERY = """
SELECT
    i AS id, (i * 7919) % 100003 AS customer, ((i * 31) % 100000 / 100.0)::DECIMAL(12,2) AS amount,
    'city ' || (i % 500) AS city, TIMESTAMP '2026-01-01' + INTERVAL (i % 100000) SECOND AS at,
    (i % 2 = 0) AS is_paid, hash(i)::VARCHAR AS reference, (i % 97)::INTEGER AS quantity
FROM range({rows}) t(i)
"""


def rows(folder: Path, *, smoke: bool) -> list[Row]:
    """`lake.publish` of a query, against `COPY ... TO parquet` of the same query."""
    query = QUERY.format(rows=100_000 if smoke else 10_000_000)
    lake = Lake(f"sqlite:///{folder}/catalog.db", str(folder / "tables"))

    def publish(port: PortName, query: str) -> None:
        with DuckDBEngine() as engine:
            fields = lake.fields_for(port, engine.describe(query))
            path = lake.data_folder(port) / "candidate.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            written = engine.write_parquet(query, str(path), fields)
            lake.publish(port, fields, [written], mode="replace", parent=None, properties={})

    def copy(options: str) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"COPY ({query}) TO '{folder}/bare.parquet' (FORMAT parquet, COMPRESSION zstd{options})")

    # The first publication of a process imports the table library, once for all ports of a build.
    first = cost_of(lambda: publish(PortName("numbers", "first", "first"), QUERY.format(rows=10)))
    small = cost_of(lambda: publish(PortName("numbers", "small", "small"), QUERY.format(rows=10)))
    bare = cost_of(lambda: copy(""))
    alike = cost_of(lambda: copy(", COMPRESSION_LEVEL 1"))  # as weft writes
    published = cost_of(lambda: publish(PortName("numbers", "sales", "sales"), query))
    rows_said = "100 thousand" if smoke else "10 million"
    return [
        Row("the first publication of a process", first, None),
        Row("a publication of 10 rows", small, None),
        Row(f"{rows_said} rows, DuckDB's own compression", published, bare, "<= 1.2x", goal_ratio=1.2),
        Row(f"{rows_said} rows, the same compression", published, alike, "<= 1.2x", goal_ratio=1.2),
    ]
