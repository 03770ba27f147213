"""The whole of `weft build` on the orders: the source is landed and kept, a model reads it, the result is profiled.

`python tests/bench/weft_build.py DATA_FOLDER WORK_FOLDER` makes a mesh below WORK_FOLDER and builds it.
"""

import json
import os
import sys
from pathlib import Path

from weft.cli.main import run

PRODUCT = """\
apiVersion: v1.1.0
kind: DataProduct
id: sales/orders
name: Orders
version: 1.0.0
status: active
domain: sales
description: {purpose: Orders to measure with.}
outputPorts:
  - {name: orders, type: table, version: 1.0.0, contractId: sales/orders/orders}
  - {name: customers, type: table, version: 1.0.0, contractId: sales/orders/customers}
team: {name: team-sales}
"""


def write_mesh(data: Path, mesh: Path) -> None:
    """One product with two ports, each a copy of its source."""
    product = mesh / "domains" / "sales" / "orders"
    for folder in ("contracts", "models"):
        (product / folder).mkdir(parents=True)
    (mesh / "weft.yaml").write_text("name: bench\nregions: [eu]\n")
    (mesh / "teams.yaml").write_text("teams:\n  - {name: team-sales, kind: stream-aligned}\n")
    (product.parent / "domain.yaml").write_text("name: sales\nregion: eu\nowner: team-sales\n")
    (product / "product.yaml").write_text(PRODUCT)
    (mesh / "data").mkdir()
    sources = {}
    whole = json.loads((data / "contract.yaml").read_text())
    for number, name in enumerate(("orders", "customers")):
        (mesh / "data" / f"{name}.parquet").hardlink_to(data / f"{name}.parquet")
        sources[f"{name}_file"] = {"kind": "parquet", "path": f"data/{name}.parquet"}
        (product / "models" / f"{name}.sql").write_text(f"SELECT * FROM {name}_file\n")
        contract = {**whole, "id": f"sales/orders/{name}", "name": name, "schema": [whole["schema"][number]]}
        (product / "contracts" / f"{name}.yaml").write_text(json.dumps(contract, indent=1))
    (product / "build.yaml").write_text(json.dumps({"sources": sources}))


def main(data: Path, work: Path) -> None:
    """Make the mesh, build it, tell what it published."""
    mesh = work / "mesh"
    write_mesh(data, mesh)
    os.environ["WEFT_MEMORY"] = os.environ.get("BENCH_MEMORY", "700MB")
    status = run(["-C", str(mesh), "build"])
    assert status == 0, status
    storage = mesh / ".weft"
    good = [str(path) for path in (storage / "tables" / "sales" / "orders" / "orders" / "data").glob("*.parquet")]
    bad = [str(path) for path in (storage / "quarantine" / "sales" / "orders" / "orders").glob("*.parquet")]
    (work / "counts.json").write_text(json.dumps({"counts": _counts(bad), "good": good, "bad": bad}, indent=1))


def _counts(bad: list[str]) -> dict[str, int]:
    import duckdb
    from orders import RULES

    names = {"relationship": "reference"}
    found = duckdb.execute(
        "SELECT rule, count(*) FROM (SELECT unnest(_broken_rules) AS rule FROM read_parquet(?)) GROUP BY 1", [bad]
    ).fetchall()
    told = {
        rule.rpartition(".")[0] + "." + names.get(rule.rpartition(".")[2], rule.rpartition(".")[2]): count
        for rule, count in found
    }
    return {rule.name: told.get(rule.name, 0) for rule in RULES}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
