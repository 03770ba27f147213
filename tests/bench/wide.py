"""A table of any width with any number of rules: its data, its check by weft, its check by hand.

`python tests/bench/wide.py data|by_hand|weft DATA_FOLDER ROWS COLUMNS RULES [WORK_FOLDER]`
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

COPY = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880)"
LIMIT = 1_000_000  # values stay below it, but for the broken ones
EVERY = 1000  # rows, of which one is broken


def is_word(column: int) -> bool:
    """Whether a column holds words; the others hold numbers."""
    return column % 5 == 4


def rule_of(number: int, columns: int) -> tuple[int, str, Any, str]:
    """Column, kind, argument and the SQL of a broken row, of one rule.

    The first rule of a column is one that some rows break; the later ones are looser, and kept.
    """
    column, turn = number % columns, number // columns
    name = f"c{column}"
    if is_word(column):
        if turn % 2 == 0:
            pattern = "^word [0-9]+$" if turn == 0 else f"^(word|other {turn})"
            return column, "pattern", pattern, f"NOT regexp_matches({name}, '{pattern}')"
        return column, "maxLength", 40 + turn, f"length({name}) > {40 + turn}"
    if turn % 2 == 0:
        return column, "maximum", LIMIT + turn, f"{name} > {LIMIT + turn}"
    return column, "minimum", -turn, f"{name} < {-turn}"


def write_data(data: Path, rows: int, columns: int, rules: int) -> None:
    """One row in a thousand breaks the first rule of one column."""
    import duckdb

    data.mkdir(parents=True)
    values = ["i AS id"]
    for column in range(columns):
        is_broken = f"i % {EVERY} = 0 AND (i // {EVERY}) % {min(columns, rules)} = {column}"
        value = f"(i * {7919 + column}) % {LIMIT}"
        if is_word(column):
            values.append(f"CASE WHEN {is_broken} THEN 'no' ELSE 'word ' || ({value} % 5000) END AS c{column}")
        else:
            values.append(f"CASE WHEN {is_broken} THEN {2 * LIMIT} ELSE {value} END AS c{column}")
    with duckdb.connect() as connection:
        connection.execute(f"SET temp_directory = '{data}/spill'")
        query = f"SELECT {', '.join(values)} FROM range({rows}) AS t(i)"
        connection.execute(f"COPY ({query}) TO '{data}/wide.parquet' {COPY}")


def by_hand(data: Path, columns: int, rules: int, work: Path) -> dict[str, int]:
    """The numbers of the broken rows once; good and bad rows split by them."""
    import duckdb

    conditions = [rule_of(number, columns)[3] for number in range(rules)]
    source = f"read_parquet('{data}/wide.parquet', file_row_number = true)"
    connection = duckdb.connect(config={"memory_limit": os.environ.get("BENCH_MEMORY", "700MB")})
    connection.execute(f"SET temp_directory = '{work}/spill'")
    connection.execute(
        f"CREATE TABLE bad AS SELECT file_row_number AS rn FROM {source} WHERE id IS NULL OR "
        + " OR ".join(f"coalesce({condition}, false)" for condition in conditions)
    )
    repeated = connection.execute(f"SELECT id FROM {source} GROUP BY id HAVING count(*) > 1").fetchall()
    assert not repeated
    for name, join in (("good", "ANTI"), ("bad", "SEMI")):
        rows = f"SELECT * EXCLUDE (file_row_number) FROM {source} {join} JOIN bad ON file_row_number = rn"
        connection.execute(f"COPY ({rows}) TO '{work}/{name}.parquet' {COPY}")
    bad = connection.execute("SELECT count(*) FROM bad").fetchone()
    assert bad is not None
    return {"held": bad[0]}


def contract(columns: int, rules: int) -> dict[str, Any]:
    """The rules as a contract: the first of a kind as the column's own, further ones as its quality rules."""
    properties: list[dict[str, Any]] = [
        {"name": "id", "logicalType": "integer", "physicalType": "BIGINT", "primaryKey": True, "required": True}
    ]
    for column in range(columns):
        words = {"logicalType": "string", "physicalType": "VARCHAR"}
        numbers = {"logicalType": "integer", "physicalType": "BIGINT"}
        properties.append({"name": f"c{column}", **(words if is_word(column) else numbers)})
    for number in range(rules):
        column, kind, argument, broken = rule_of(number, columns)
        options = properties[column + 1].setdefault("logicalTypeOptions", {})
        if kind not in options:
            options[kind] = argument
            continue
        query = f"SELECT * FROM {{object}} WHERE {broken}"
        if is_word(column) and kind == "pattern":
            quality = {"metric": "invalidValues", "arguments": {"pattern": argument}, "mustBe": 0}
        else:
            quality = {"type": "sql", "query": query.replace("SELECT *", "SELECT count(*)"), "mustBe": 0}
        properties[column + 1].setdefault("quality", []).append({"name": f"rule_{number}", **quality})
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "bench/wide/wide",
        "version": "1.0.0",
        "status": "active",
        "schema": [{"name": "wide", "properties": properties}],
    }


def weft(data: Path, columns: int, rules: int, work: Path) -> dict[str, int]:
    """Check, quarantine and publish."""
    from weft.base.names import PortName
    from weft.base.stored_file import DIGEST
    from weft.base.yaml_source import read_yaml_text
    from weft.build.check.audit import AuditTargets, audit
    from weft.engine.duckdb_engine import DuckDBEngine
    from weft.lake.iceberg_lake import Lake
    from weft.spec.column_type import columns_of
    from weft.spec.odcs.normalise import contract_of

    read = contract_of(read_yaml_text(json.dumps(contract(columns, rules)), "contract.yaml")[0])[0]
    port = PortName("bench", "wide", "wide")
    lake = Lake(f"sqlite:///{work}/catalog.db", str(work / "tables"))
    fields = lake.fields_for(port, columns_of(read.tables[0].columns))
    good = lake.data_folder(port) / f"bench-{DIGEST}.parquet"
    file = str(data / "wide.parquet")
    with DuckDBEngine(memory=os.environ.get("BENCH_MEMORY", "700MB"), temp_folder=work / "spill") as engine:
        engine.add_parquet("candidate", [file])
        found = audit(
            engine,
            "candidate",
            read.tables[0],
            read,
            port=port,
            references={},
            now=datetime(2026, 11, 1, tzinfo=UTC),
            tolerance="5%",
            write=AuditTargets(fields, good, work / f"bad-{DIGEST}.parquet", "bench", files=(file,)),
        )
    assert not found.refused, found.refusals
    checked = [finding for finding in found.findings if finding.status in ("passed", "failed")]
    assert len(checked) >= rules, f"{len(checked)} rules were checked"
    lake.publish(port, fields, list(found.good), mode="replace", parent=None, properties={})
    return {"held": found.rows_quarantined}


def main(way: str, data: Path, rows: int, columns: int, rules: int, work: Path) -> None:
    """Do one of the three."""
    if way == "data":
        write_data(data, rows, columns, rules)
        return
    found = (weft if way == "weft" else by_hand)(data, columns, rules, work)
    (work / "counts.json").write_text(json.dumps(found))


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[3:6]]
    main(sys.argv[1], Path(sys.argv[2]), *numbers, Path(sys.argv[6] if len(sys.argv) > 6 else "."))
