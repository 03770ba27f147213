"""A mesh of 100 small models: built by weft, and the same SQL run bare in DuckDB."""

import csv
import random
import sys
from pathlib import Path

from measure import Row, cost_of_command

PRODUCTS, PORTS = 10, 10
CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: {contract_id}
version: 1.0.0
status: active
name: {port}
description: {{purpose: "Numbers to build with."}}
schema:
  - name: {port}
    properties:
      - {{name: id, logicalType: integer, primaryKey: true, required: true}}
      - {{name: amount, logicalType: number, physicalType: "DECIMAL(12,2)"}}
      - {{name: city, logicalType: string}}
"""


def rows(folder: Path, *, smoke: bool) -> list[Row]:
    """First build, nothing changed, one model changed."""
    mesh = folder / "hundred"
    statements = write_mesh(mesh, rows_of_source=200 if smoke else 1000)
    weft = [str(Path(sys.executable).parent / "weft"), "-q", "-C", str(mesh), "build"]
    bare_script = folder / "bare.py"
    bare_script.write_text(
        "import duckdb, sys\nconnection = duckdb.connect(sys.argv[1])\n"
        f"for statement in {statements!r}:\n    connection.execute(statement)\n"
    )
    bare = cost_of_command([sys.executable, str(bare_script), str(folder / "bare.duckdb")])
    first = cost_of_command(weft)
    cost_of_command(weft)
    nothing = cost_of_command(weft, times=2 if smoke else 7)
    model = mesh / "domains/numbers/p9/models/m5.sql"
    model.write_text(model.read_text().replace("amount + 1", "amount + 2"))
    one = cost_of_command(weft)
    return [
        Row("100 models, first build", first, bare, "", "wall"),
        Row("100 models, nothing changed", nothing, bare, "<= 0.5 s", "wall", is_met=nothing.wall_seconds <= 0.5),
        Row("100 models, one changed", one, bare, "", "wall"),
    ]


def write_mesh(mesh: Path, *, rows_of_source: int) -> list[str]:
    """Write ten products of ten ports each, every port made from the one before; returns the same as bare SQL."""
    data = mesh / "data" / "seed.csv"
    data.parent.mkdir(parents=True)
    chance = random.Random(7)
    with data.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "amount", "city"])
        cities = ["Oslo", "Bergen", "Tromso"]
        writer.writerows([i, f"{chance.random() * 1000:.2f}", chance.choice(cities)] for i in range(rows_of_source))
    (mesh / "weft.yaml").write_text("name: hundred\nregions: [eu]\n")
    (mesh / "teams.yaml").write_text("teams:\n  - {name: team-numbers, kind: stream-aligned}\n")
    domain = mesh / "domains" / "numbers"
    domain.mkdir(parents=True)
    (domain / "domain.yaml").write_text("name: numbers\nregion: eu\nowner: team-numbers\n")
    statements = [f"CREATE TABLE seed AS SELECT * FROM read_csv('{data}', types={{'amount': 'DECIMAL(12,2)'}})"]
    for product in range(PRODUCTS):
        _write_product(domain / f"p{product}", product, statements)
    return statements


def _write_product(folder: Path, product: int, statements: list[str]) -> None:
    for name in ("models", "contracts"):
        (folder / name).mkdir(parents=True)
    ports = [f"m{port}" for port in range(PORTS)]
    inputs = (
        ""
        if product == 0
        else f"inputPorts:\n  - {{name: upstream, version: 1.0.0, contractId: numbers/p{product - 1}/m9}}\n"
    )
    offered = "".join(
        f"  - {{name: {port}, type: table, version: 1.0.0, contractId: numbers/p{product}/{port}}}\n" for port in ports
    )
    (folder / "product.yaml").write_text(
        f"apiVersion: v1.1.0\nkind: DataProduct\nid: numbers/p{product}\nname: Numbers {product}\nversion: 1.0.0\n"
        f"status: active\ndomain: numbers\ndescription: {{purpose: Numbers to build with.}}\n{inputs}outputPorts:\n"
        f"{offered}team: {{name: team-numbers}}\n"
    )
    if product == 0:
        (folder / "build.yaml").write_text(
            'sources:\n  seed: {kind: csv, path: data/seed.csv, columns: {amount: "decimal(12,2)"}}\n'
        )
    for number, port in enumerate(ports):
        read = ("seed" if product == 0 else "upstream") if number == 0 else f"m{number - 1}"
        select = f"SELECT id, (amount + 1)::DECIMAL(12,2) AS amount, city FROM {read}"
        (folder / "models" / f"{port}.sql").write_text(select + "\n")
        contract_id = f"numbers/p{product}/{port}"
        (folder / "contracts" / f"{port}.yaml").write_text(CONTRACT.format(contract_id=contract_id, port=port))
        bare_read = read if read == "seed" else f"p{product - 1}_m9" if read == "upstream" else f"p{product}_{read}"
        statements.append(f"CREATE TABLE p{product}_{port} AS {select.replace(f'FROM {read}', f'FROM {bare_read}')}")
