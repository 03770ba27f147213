"""One step of weft as a process of its own: check, quarantine and publish, from a Parquet file at rest.

The same functions that `weft build` calls, without landing the source first and without the profile afterwards.
`files`: the check is told that the rows are at rest in that file and reads them there, which no build does so far.
`model`: as in a build, the rows come of a query, which is run once and brought to rest.
`python tests/bench/weft_step.py files|model DATA_FOLDER WORK_FOLDER` writes counts.json and the names of its files.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from weft.base.names import PortName
from weft.base.stored_file import DIGEST
from weft.base.yaml_source import read_yaml_text
from weft.build.check.audit import AuditTargets, audit
from weft.engine.duckdb_engine import DuckDBEngine
from weft.lake.iceberg_lake import Lake
from weft.spec.column_type import columns_of
from weft.spec.odcs.normalise import contract_of


def main(way: str, data: Path, work: Path) -> None:
    """Check and publish."""
    contract = contract_of(read_yaml_text((data / "contract.yaml").read_text(), "contract.yaml")[0])[0]
    table = contract.tables[0]
    port = PortName("sales", "orders", "orders")
    lake = Lake(f"sqlite:///{work}/catalog.db", str(work / "tables"))
    fields = lake.fields_for(port, columns_of(table.columns))
    with DuckDBEngine(memory=os.environ.get("BENCH_MEMORY", "700MB"), temp_folder=work / "spill") as engine:
        engine.add_parquet("source", [str(data / "orders.parquet")])
        engine.add_parquet("customers", [str(data / "customers.parquet")])
        engine.add_view("candidate", "SELECT * FROM source")
        targets = AuditTargets(
            fields,
            lake.data_folder(port) / f"bench-{DIGEST}.parquet",
            work / "quarantine" / f"bench-{DIGEST}.parquet",
            "bench",
            files=(str(data / "orders.parquet"),) if way == "files" else (),
        )
        found = audit(
            engine,
            "candidate",
            table,
            contract,
            port=port,
            references={"customers": "customers"},
            now=datetime(2026, 11, 1, tzinfo=UTC),
            tolerance="100%",
            write=targets,
        )
    assert not found.refused, found.refusals
    lake.publish(port, fields, list(found.good), mode="replace", parent=None, properties={})
    told = {
        "counts": {
            finding.rule.replace(".relationship", ".reference"): finding.held_rows for finding in found.findings
        },
        "good": [file.path for file in found.good],
        "bad": [file.path for file in found.quarantined],
    }
    (work / "counts.json").write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
