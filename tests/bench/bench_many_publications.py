"""Publish a small table many times: do later publications cost more than the first ones?

`python tests/bench/bench_many_publications.py 600`
"""

import statistics
import sys
import tempfile
from functools import partial
from pathlib import Path

from measure import Cost, Row, cost_of, print_table

from weft.base.names import PortName
from weft.engine.duckdb_engine import DuckDBEngine
from weft.lake.iceberg_lake import Lake

QUERY = "SELECT i AS id, 'city ' || i AS city, i::DECIMAL(12,2) AS amount FROM range(10) AS t(i)"
GOAL = 1.5


def rows(folder: Path, *, smoke: bool, count: int | None = None) -> list[Row]:
    """The last publications beside the first, of a table that is replaced and of one that is added to."""
    count = count or (20 if smoke else 600)
    some = max(2, count // 12)  # 50 of 600
    table: list[Row] = []
    with DuckDBEngine(threads=1) as engine:
        for mode in ("replace", "append"):
            lake = Lake(f"sqlite:///{folder}/{mode}.db", str(folder / mode))
            port = PortName("numbers", mode, mode)
            _publish(lake, engine, port, mode, -1)  # imports what every publication needs
            costs = [cost_of(partial(_publish, lake, engine, port, mode, n)) for n in range(count)]
            first, last = _median(costs[:some]), _median(costs[-some:])
            what = f"{mode}: publications {count - some + 1} to {count}, beside the first {some}"
            table.append(Row(what, last, first, f"<= {GOAL}x", goal_ratio=GOAL))
    return table


def _median(costs: list[Cost]) -> Cost:
    middle = statistics.median
    return Cost(middle(c.cpu_seconds for c in costs), middle(c.wall_seconds for c in costs))


def _publish(lake: Lake, engine: DuckDBEngine, port: PortName, mode: str, number: int) -> None:
    fields = lake.fields_for(port, engine.describe(QUERY))
    head = lake.snapshot(port)
    path = lake.data_folder(port) / f"{number}-{{sha256}}.parquet"
    written = engine.write_parquet(QUERY, str(path), fields)
    parent = head.snapshot_id if head else None
    lake.publish(port, fields, [written], mode=mode, parent=parent, properties={"weft.run": str(number)})


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as made:
        asked = int(sys.argv[1]) if len(sys.argv) > 1 else None
        print_table("Many small publications", rows(Path(made), smoke=False, count=asked))
