"""The twenty rules as somebody would write them in DuckDB: what breaks them, and the good and bad rows in files.

Two ways. `careful` finds the numbers of the broken rows once and splits by them. `plain` counts in one scan and
judges every row again as it writes each file, as most scripts do. `count` only counts.
`python tests/bench/by_hand.py count|plain|careful DATA_FOLDER WORK_FOLDER` writes counts.json, good and bad files.
"""

import json
import os
import sys
from pathlib import Path

import duckdb

COPY = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)"


def main(way: str, data: Path, work: Path) -> None:
    """Check, and write what is asked for."""
    rules = json.loads((data / "rules.json").read_text())
    of_rows = [rule for rule in rules if rule["broken"]]
    keys = [rule for rule in rules if rule["kind"] == "unique"]
    references = [rule for rule in rules if rule["kind"] == "reference"]
    connection = duckdb.connect(config={"memory_limit": os.environ.get("BENCH_MEMORY", "700MB")})
    connection.execute(f"SET temp_directory = '{work}/spill'")
    source = f"read_parquet('{data}/orders.parquet', file_row_number = true)"
    for number, rule in enumerate(references):
        table, column = rule["argument"]
        connection.execute(
            f"CREATE TABLE target_{number} AS SELECT DISTINCT {column} AS k FROM read_parquet('{data}/{table}.parquet')"
        )
    for number, rule in enumerate(keys):
        column = rule["column"]
        connection.execute(
            f"CREATE TABLE repeated_{number} AS SELECT {column} AS k, count(*) AS n FROM {source}"
            f" WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
        )
    conditions = {rule["name"]: rule["broken"] for rule in of_rows}
    for number, rule in enumerate(keys):
        conditions[rule["name"]] = f"{rule['column']} IN (SELECT k FROM repeated_{number})"
    for number, rule in enumerate(references):
        column = rule["column"]
        conditions[rule["name"]] = f"({column} IS NOT NULL AND {column} NOT IN (SELECT k FROM target_{number}))"
    broken = " OR ".join(f"coalesce({condition}, false)" for condition in conditions.values())
    names = ", ".join(f"CASE WHEN {condition} THEN '{name}' END" for name, condition in conditions.items())
    names = f"list_filter([{names}], lambda name: name IS NOT NULL)"
    if way == "careful":
        connection.execute(
            f"CREATE TABLE bad AS SELECT file_row_number AS rn, {names} AS _broken_rules FROM {source} WHERE {broken}"
        )
        found = dict(
            connection.execute(
                "SELECT name, count(*) FROM (SELECT unnest(_broken_rules) AS name FROM bad) GROUP BY 1"
            ).fetchall()
        )
        good = f"SELECT * EXCLUDE (file_row_number) FROM {source} ANTI JOIN bad ON file_row_number = rn"
        bad = f"SELECT * EXCLUDE (file_row_number, rn) FROM {source} JOIN bad ON file_row_number = rn"
    else:
        counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions.values())
        one = connection.execute(f"SELECT {counts} FROM {source}").fetchone()
        assert one is not None
        found = dict(zip(conditions, one, strict=True))
        good = f"SELECT * EXCLUDE (file_row_number) FROM {source} WHERE NOT ({broken})"
        bad = f"SELECT * EXCLUDE (file_row_number), {names} AS _broken_rules FROM {source} WHERE {broken}"
    if way != "count":
        connection.execute(f"COPY ({good}) TO '{work}/good.parquet' {COPY}")
        connection.execute(f"COPY ({bad}) TO '{work}/bad.parquet' {COPY}")
    counts_by_rule = {rule["name"]: found.get(rule["name"], 0) for rule in rules}
    # Beside all rows of a repeated key, the two other counts that tools tell: keys, and rows beyond the first.
    others = {
        rule["name"]: connection.execute(f"SELECT count(*), coalesce(sum(n - 1), 0) FROM repeated_{n}").fetchone()
        for n, rule in enumerate(keys)
    }
    told = {"counts": counts_by_rule, "keys": {k: v[0] for k, v in others.items() if v}}
    told["beyond_first"] = {k: int(v[1]) for k, v in others.items() if v}
    (work / "counts.json").write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
