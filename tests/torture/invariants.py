"""What must hold of the small mesh after anything at all has happened to it. Runs in a process of its own.

Each function returns sentences; every sentence is a violation of a promise of docs/explanation/guarantees.md.
"""

import sqlite3
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from small_mesh import COLUMNS, GAUGES, HELD_BACK, LINES, PORTS, TOTALS, Row, expected

if TYPE_CHECKING:
    from weft.workspace.workspace import Workspace

MAXIMUM_VERSIONS_TOLD = 5


def check_all(folder: Path, low: int, high: int, *, settled: bool) -> dict[str, Any]:
    """Every invariant at once.

    Args:
        folder: the mesh.
        low: every port holds at least this version, because a build of it was reported as done.
        high: no port holds more than this one, because nothing newer was ever given.
        settled: whether the last build ended well, so that all ports must hold `high` and nothing is left over.

    Returns:
        `versions`: port -> version that readers see; `violations`: sentences.
    """
    from weft.base.names import PortName
    from weft.workspace.workspace import Workspace

    workspace = Workspace.open(folder)
    violations: list[str] = []
    versions: dict[str, int | None] = {}
    for port in PORTS:
        rows = published_rows(workspace, port)
        versions[port] = version_of(port, rows, range(low, high + 1))
        if versions[port] is None:
            violations.append(f"{port}: {rows.total()} rows are no whole publication of version {low} to {high}")
        elif settled and versions[port] != high:
            violations.append(f"{port}: holds version {versions[port]} after a build of {high} ended well")
    ports = [PortName.parse(port) for port in PORTS]
    violations += ledger_and_lake_agree(workspace, ports)
    violations += accounts_are_right(workspace)
    violations += databases_are_whole(workspace.storage)
    if settled:
        violations += quarantine_is_whole(workspace, high)
        violations += every_version_was_published_once(workspace, ports, high)
    workspace.ledger.close()
    workspace.lake.close()
    return {"versions": versions, "violations": violations}


def published_rows(workspace: "Workspace", port: str) -> Counter[Row]:
    """The rows that a consumer gets of a port through the gateway; none before its first publication."""
    from weft.base.problem import Problem
    from weft.query.gateway import Gateway, Question, ask

    gateway = Gateway(workspace.mesh, workspace.lake, workspace.ledger, workspace.new_engine, workspace.clock)
    columns = ", ".join(f'"{column}"' for column in COLUMNS[port])
    try:
        answer = ask(gateway, Question(f'SELECT {columns} FROM "{port}"', actor="checker", purpose="torture"))
    except Problem as problem:
        if problem.code == "GATE005":  # not published yet
            return Counter()
        raise
    return Counter(tuple(_plain(cell) for cell in row) for row in answer.rows())


def version_of(port: str, rows: Counter[Row], versions: range) -> int | None:
    """The version of which these are all rows and no others; None where there is none."""
    return next((version for version in versions if expected(port, version) == rows), None)


def ledger_and_lake_agree(workspace: "Workspace", ports: list[Any]) -> list[str]:
    """The ledger tells of every snapshot that a run made, and of no other."""
    from weft.lake.snapshot import SAME_ROWS_AS
    from weft.ledger.facts import Published

    told = Counter((fact.port, fact.snapshot_id, fact.run_id) for fact in workspace.ledger.facts(Published))
    rows = {(fact.port, fact.snapshot_id): fact.rows for fact in workspace.ledger.facts(Published)}
    there = Counter[tuple[str, int, str]]()
    found = []
    for port in ports:
        for snapshot in workspace.lake.snapshots(port):
            run = snapshot.properties.get("weft.run")
            if run is None or SAME_ROWS_AS in snapshot.properties:  # a compaction publishes no new rows
                continue
            there[str(port), snapshot.snapshot_id, run] += 1
            known = rows.get((str(port), snapshot.snapshot_id))
            if known is not None and known != snapshot.rows:
                found.append(f"{port}: the ledger says {known} rows of a snapshot that has {snapshot.rows}")
    found += [f"{port}: the ledger misses snapshot {id} of run {run}" for port, id, run in (there - told)]
    found += [
        f"{port}: the ledger tells of snapshot {id} of run {run}, which is not there" for port, id, run in told - there
    ]
    return found


def every_version_was_published_once(workspace: "Workspace", ports: list[Any], version: int) -> list[str]:
    """As many publications as versions: what was committed before a crash is not committed again after it."""
    from weft.ledger.facts import Published

    told = Counter(fact.port for fact in workspace.ledger.facts(Published))
    return [
        f"{port}: {told[str(port)]} publications of {version} versions" for port in ports if told[str(port)] != version
    ]


def accounts_are_right(workspace: "Workspace") -> list[str]:
    """Rows made = rows published + rows held back, and rows in files = rows landed + rows rejected."""
    from weft.ledger.facts import Landed, Published, RunEnded

    found = []
    for run in workspace.ledger.facts(RunEnded):
        if run.rows_in != run.rows_published + run.rows_quarantined + run.rows_refused:
            found.append(f"run {run.run_id}: {run.rows_in} rows made are not those published, held back and refused")
    for landed in workspace.ledger.facts(Landed):
        if landed.rows_in_files != landed.rows_landed + landed.rows_rejected:
            found.append(f"source {landed.source}: {landed.rows_in_files} rows are not those landed and rejected")
    for published in workspace.ledger.facts(Published, port=GAUGES):
        if published.quarantined != HELD_BACK:
            found.append(f"{GAUGES}: a publication holds {published.quarantined} rows back, not {HELD_BACK}")
    return found


def quarantine_is_whole(workspace: "Workspace", version: int) -> list[str]:
    """The rows that the newest publication held back can be read, all of them and no others."""
    from weft.base.names import PortName
    from weft.build.quarantine.batches import held_relation, open_batches

    batches = open_batches(workspace.ledger, workspace.storage, PortName.parse(GAUGES))
    if not batches:
        return [f"{GAUGES}: no batch is open, though rows were held back"]
    with workspace.new_engine() as engine:
        held_relation(engine, "held", batches)
        versions = [row[0] for row in engine.rows("SELECT version FROM held")]
    if versions != [version] * HELD_BACK:
        return [f"{GAUGES}: the quarantine holds {len(versions)} rows of versions {sorted(set(versions))}"]
    return []


def databases_are_whole(storage: Path) -> list[str]:
    """SQLite itself finds nothing wrong with the files of the ledger and the catalogue."""
    found = []
    for name in ("ledger.db", "catalog.db"):
        path = storage / name
        if path.exists():
            with sqlite3.connect(path, timeout=30) as connection:
                answer = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.close()
            if answer != "ok":
                found.append(f"{name}: integrity check says {answer}")
    return found


def files_of(folder: Path) -> list[Path]:
    """The files below the tables' folder: what orphans are counted in."""
    return [path for path in (folder / ".weft" / "tables").rglob("*") if path.is_file()]


def needed_files(folder: Path) -> set[Path]:
    """The files that some snapshot of some port needs."""
    from weft.base.names import PortName
    from weft.lake.metadata_digest import digest_path
    from weft.lake.reachable import ReachableFiles
    from weft.workspace.workspace import Workspace

    workspace = Workspace.open(folder)
    needed: set[Path] = set()
    for port in PORTS:
        state = workspace.lake.state(PortName.parse(port))
        if state is not None:
            needed |= ReachableFiles(state, workspace.lake.catalog.file_io).of_table()
    workspace.lake.close()
    return needed | {digest_path(path) for path in needed}


def _plain(cell: object) -> object:
    return cell if isinstance(cell, int | str) else str(cell)


__all__ = ["LINES", "TOTALS", "check_all", "files_of", "needed_files", "published_rows", "version_of"]
