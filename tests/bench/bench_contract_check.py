"""Check twenty rules of a contract on a table of twelve columns, and the same rules in hand-written SQL.

By hand: one scan that counts every row-level rule, a grouping for each of two keys, an anti-join for the reference;
with files, good and bad rows are written too, the rules being judged again as one writes them.
Both read the same Parquet file with the same settings. `python tests/bench/bench_contract_check.py 2000000`
"""

import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from measure import Row, cost_of, print_table

from weft.base.data_files import Field
from weft.base.names import PortName
from weft.base.yaml_source import read_yaml_text
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract
from weft.spec.odcs.normalise import contract_of

CUSTOMERS = 100_003
CONTRACT = """
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0
schema:
  - name: orders
    properties:
      - {name: order_id, logicalType: integer, physicalType: BIGINT, primaryKey: true, required: true}
      - {name: reference, logicalType: string, required: true, unique: true,
         logicalTypeOptions: {pattern: "^[0-9a-f]{32}$"}}
      - {name: customer_id, logicalType: integer, physicalType: INTEGER, required: true,
         relationships: [{to: customers.customer_id}]}
      - {name: amount, logicalType: number, physicalType: "DECIMAL(12,2)",
         logicalTypeOptions: {minimum: 0, maximum: 100000}}
      - {name: status, logicalType: string,
         enum: [{value: new}, {value: paid}, {value: shipped}, {value: done}]}
      - {name: email, logicalType: string, logicalTypeOptions: {pattern: "^[^@ ]+@[^@ ]+[.][a-z]+$"}}
      - {name: country, logicalType: string, logicalTypeOptions: {minLength: 2, maxLength: 2}}
      - {name: quantity, logicalType: integer, physicalType: INTEGER, logicalTypeOptions: {minimum: 0, maximum: 1000}}
      - {name: score, logicalType: number, physicalType: DOUBLE, logicalTypeOptions: {minimum: 0}}
      - {name: ordered_at, logicalType: timestamp, physicalType: TIMESTAMP, required: true,
         logicalTypeOptions: {minimum: "2020-01-01"}}
      - {name: is_paid, logicalType: boolean, required: true}
      - {name: day, logicalType: date, required: true}
    quality:
      - {name: some_orders, metric: rowCount, mustBeGreaterThan: 0}
customProperties:
  - {property: quarantineTolerance, value: 100%}
"""
# Row-level rules as somebody would write them; with the key, the unique column, the reference and the count: twenty.
BY_HAND = (
    "order_id IS NULL",
    "reference IS NULL",
    "NOT regexp_matches(reference, '^[0-9a-f]{32}$')",
    "customer_id IS NULL",
    "amount < 0",
    "amount > 100000",
    "status NOT IN ('new', 'paid', 'shipped', 'done')",
    "NOT regexp_matches(email, '^[^@ ]+@[^@ ]+[.][a-z]+$')",
    "length(country) < 2",
    "length(country) > 2",
    "quantity < 0",
    "quantity > 1000",
    "score < 0 OR isnan(score)",
    "ordered_at IS NULL OR ordered_at < TIMESTAMP '2020-01-01'",
    "is_paid IS NULL",
    "day IS NULL",
)
KEYS = ("order_id", "reference")
COPY = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)"


def orders(rows: int, broken_share: float) -> str:
    """A query for orders of which a share breaks one of three rules."""
    every = round(1 / broken_share) if broken_share else rows + 1
    return f"""
        SELECT i AS order_id, md5(i::VARCHAR) AS reference, ((i * 7919) % {CUSTOMERS})::INTEGER AS customer_id,
            CASE WHEN i % {every} = {every} - 1 AND i % 3 = 0 THEN -1 ELSE (i * 31) % 100000 / 100.0 END::DECIMAL(12,2)
                AS amount,
            CASE WHEN i % {every} = {every} - 1 AND i % 3 = 1 THEN 'lost'
                ELSE ['new', 'paid', 'shipped', 'done'][1 + i % 4] END AS status,
            CASE WHEN i % {every} = {every} - 1 AND i % 3 = 2 THEN 'nobody'
                ELSE 'user' || (i % 500000) || '@example.org' END AS email,
            ['NO', 'SE', 'DK', 'FI'][1 + i % 4] AS country, (i % 97)::INTEGER AS quantity,
            (hash(i) % 10000) / 100::DOUBLE AS score,
            TIMESTAMP '2026-01-01' + INTERVAL (i % 100000) SECOND AS ordered_at, i % 3 = 0 AS is_paid,
            DATE '2025-01-01' + (i % 365)::INTEGER AS day
        FROM range({rows}) AS t(i)"""


def rows(folder: Path, *, smoke: bool, count: int | None = None) -> list[Row]:
    """Check only, and check with both files written, for three shares of broken rows."""
    count = count or (200_000 if smoke else 10_000_000)
    contract = contract_of(read_yaml_text(CONTRACT, "orders.yaml")[0])[0]
    customers = f"SELECT range::INTEGER AS customer_id FROM range({CUSTOMERS})"
    with DuckDBEngine() as engine:
        engine.write_parquet(customers, str(folder / "customers.parquet"))
        engine.write_parquet(orders(1000, 0.1), str(folder / "few.parquet"))
    for run in (_weft, _by_hand):  # what is imported and opened once is paid by neither
        run(folder, folder / "few.parquet", contract, write=True)
    table: list[Row] = []
    for share in (0.0, 0.001, 0.05):
        source = folder / f"orders-{share}.parquet"
        with DuckDBEngine() as engine:
            engine.write_parquet(orders(count, share), str(source))
        words = f"{count:,} rows, {share:.1%} broken"
        scan = cost_of(partial(_by_hand, folder, source, contract, write=False))
        if share == 0.0:
            check = cost_of(partial(_weft, folder, source, contract, write=False))
            table.append(Row(f"check, {words}", check, scan, "<= 1.3x", goal_ratio=1.3))
        bare = cost_of(partial(_by_hand, folder, source, contract, write=True))
        whole = cost_of(partial(_weft, folder, source, contract, write=True))
        table.append(Row(f"check and write, {words}", whole, bare, "<= 1.5x", goal_ratio=1.5))
        # The harder reading of the goal: beside a hand-written scan that writes nothing at all.
        table.append(Row("  beside a scan that writes nothing", whole, scan, "<= 1.5x", goal_ratio=1.5))
        source.unlink()
    return table


def _weft(folder: Path, source: Path, contract: Contract, *, write: bool) -> Audit:
    table = contract.tables[0]
    columns = columns_of(table.columns)
    fields = [Field(name, kind, number) for number, (name, kind) in enumerate(columns.items(), start=1)]
    good, bad = folder / "weft-good.parquet", folder / "weft-bad.parquet"
    with DuckDBEngine() as engine:
        engine.add_parquet("orders", [str(source)])
        engine.add_parquet("customers", [str(folder / "customers.parquet")])
        found = audit(
            engine,
            "orders",
            table,
            contract,
            port=PortName("sales", "orders", "orders"),
            references={"customers": "customers"},
            now=datetime(2026, 1, 1, tzinfo=UTC),
            tolerance="5%",
            write=AuditTargets(fields, good, bad, "bench", files=(str(source),)) if write else None,
        )
    assert not found.refused, found.refusals
    return found


def _by_hand(folder: Path, source: Path, contract: Contract, *, write: bool) -> None:
    with DuckDBEngine() as engine:
        engine.add_parquet("orders", [str(source)])
        engine.add_parquet("customers", [str(folder / "customers.parquet")])
        counts = ", ".join(f"count(*) FILTER (WHERE {rule})" for rule in BY_HAND)
        engine.rows(f"SELECT count(*), {counts} FROM orders")
        for key in KEYS:
            engine.rows(f"SELECT count(*) FROM (SELECT {key} FROM orders GROUP BY {key} HAVING count(*) > 1)")
        engine.rows("SELECT count(*) FROM orders ANTI JOIN customers USING (customer_id)")
        if not write:
            return
        broken = " OR ".join(f"coalesce({rule}, false)" for rule in BY_HAND)
        engine.rows(f"COPY (SELECT * FROM orders WHERE NOT ({broken})) TO '{folder}/good.parquet' {COPY}")
        engine.rows(f"COPY (SELECT * FROM orders WHERE {broken}) TO '{folder}/bad.parquet' {COPY}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as made:
        asked = int(sys.argv[1]) if len(sys.argv) > 1 else None
        print_table("Contract check of 20 rules, against the same by hand", rows(Path(made), smoke=False, count=asked))
