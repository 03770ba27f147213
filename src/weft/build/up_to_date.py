"""Answer a build that has nothing to do within the start of the process: no engine, no catalogue, no database library.

After a whole build ended well, what it stood on is noted in `<storage>/state.json`: the mesh's files, the environment,
every source, the catalogue, the ledger's newest facts, the published files, and the first instant at which a promise
of freshness runs out. While all of that is as it was, a build would do nothing. Whatever differs or cannot be known
cheaply leads to the long way, which compares the parts themselves.
"""

import contextlib
import dataclasses
import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import weft
from weft.base.names import ProductName
from weft.base.problem import Problem, Problems
from weft.build.publish.publication_note import pending_notes
from weft.lake.catalog_pointers import read_pointers
from weft.spec.mesh import Environment, Mesh

FILE_NAME = "state.json"
_FORMAT = 1
_MOST_FILES = 20_000  # beyond it looking at every file would cost more than it spares

# Facts that change what a build would do or say; reads and the like do not.
_TELLING_TABLES = ("runs_started", "steps", "publications", "landings", "rollbacks", "quarantine_batches")


@dataclasses.dataclass(frozen=True)
class Standing:
    """What a build that had nothing left to do stood on."""

    products: int
    landings: Mapping[str, Mapping[str, Any]]  # "domain/product source" -> the landing as JSON
    files: tuple[str, ...]  # published and intermediate files that must be there
    fresh_until: datetime | None
    note: str  # what to say


def remember(storage: Path, mesh: Mesh, environment: Environment, standing: Standing) -> None:
    """Note that the whole mesh is up to date; failing to costs the next build its time and nothing else."""
    databases = _databases(storage, environment)
    if databases is None or len(standing.files) > _MOST_FILES:
        forget(storage)
        return
    ledger, catalog = databases
    state = {
        "key": _key(mesh, environment),
        "products": standing.products,
        "note": standing.note,
        "catalog": _published(catalog),
        "ledger": _newest_facts(ledger),
        "landings": standing.landings,
        "files": standing.files,
        "fresh_until": standing.fresh_until.isoformat() if standing.fresh_until else None,
    }
    with contextlib.suppress(OSError):
        temporary = storage / f"{FILE_NAME}.{os.getpid()}"
        temporary.write_text(json.dumps(state), encoding="utf-8")
        temporary.replace(storage / FILE_NAME)


def forget(storage: Path) -> None:
    """Let the next build look for itself."""
    (storage / FILE_NAME).unlink(missing_ok=True)


def is_up_to_date(storage: Path, mesh: Mesh, environment: Environment, now: datetime) -> str | None:
    """What a build would say that has nothing to do; None where it has to look closer."""
    if pending_notes(storage):
        return None  # a publication that was broken off is to be settled first
    try:
        state = json.loads((storage / FILE_NAME).read_bytes())
        databases = _databases(storage, environment)
        if databases is None or state["key"] != _key(mesh, environment):
            return None
        ledger, catalog = databases
        if state["catalog"] != _published(catalog) or state["ledger"] != _newest_facts(ledger):
            return None
        if state["fresh_until"] is not None and now >= datetime.fromisoformat(state["fresh_until"]):
            return None
        if not _all_there(storage, state["files"]) or _any_changed(mesh, state["landings"]):
            return None
        return str(state["note"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, sqlite3.Error, Problem, Problems):
        return None  # broken, foreign or of another version: the long way will tell


def _key(mesh: Mesh, environment: Environment) -> str:
    """The mesh's files by content, and the environment with its overrides; secrets stay references."""
    parts = [_FORMAT, weft.__version__, str(mesh.root), sorted(mesh.files.items()), dataclasses.asdict(environment)]
    return hashlib.sha256(json.dumps(parts, default=str, sort_keys=True).encode()).hexdigest()


def _databases(storage: Path, environment: Environment) -> tuple[Path, Path] | None:
    """Files of the ledger and of the catalogue; None where one is a server, which may change unseen."""
    found = []
    for declared, default in ((environment.ledger, "ledger.db"), (environment.catalog, "catalog.db")):
        if declared is None:
            found.append(storage / default)
        elif declared.startswith("sqlite:///") and "${" not in declared:
            found.append(Path(declared.removeprefix("sqlite:///").partition("?")[0]))
        else:
            return None
    return found[0], found[1]


def _published(catalog: Path) -> str:
    """Every publication, rollback and expiry moves a pointer of the catalogue; its file also changes by itself."""
    pointers = sorted((str(port), location) for port, location in read_pointers(catalog).items())
    return hashlib.sha256(json.dumps(pointers).encode()).hexdigest()


def _newest_facts(ledger: Path) -> list[int]:
    if not ledger.is_file():
        raise FileNotFoundError(ledger)
    connection = sqlite3.connect(f"file:{ledger}?mode=ro", uri=True, timeout=1)
    try:
        query = ", ".join(f"(SELECT coalesce(max(seq), 0) FROM {table})" for table in _TELLING_TABLES)
        return [ledger.stat().st_ino, *connection.execute(f"SELECT {query}").fetchone()]
    finally:
        connection.close()


def _all_there(storage: Path, files: Iterable[str]) -> bool:
    base = str(storage)
    # os.path is several times as quick as Path for thousands of files; absolute paths win over the base.
    return all(os.path.exists(os.path.join(base, file)) for file in files)  # noqa: PTH110, PTH118


def _any_changed(mesh: Mesh, landings: Mapping[str, Mapping[str, Any]]) -> bool:
    from weft.ingest.land import changed
    from weft.ingest.landing import Landing

    for key, data in landings.items():
        name, _, source_name = key.partition(" ")
        product = mesh.product(ProductName.parse(name))
        source = product.source(source_name) if product else None
        if source is None or changed(source, mesh.root, Landing.from_json(data)):
            return True
    return False
