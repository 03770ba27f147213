"""Which files one state of the mesh stands on.

What the ledger and the catalogue name has to be there. Beside it lie older landings and rows, kept because raw stays
raw; they are taken along as far as they are whole. Locks, caches and what a build has not finished are left.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from weft.base.keys.vault import KEYS_FILE
from weft.base.names import PortName
from weft.base.stored_file import digest_in_name
from weft.lake.needed_files import needed_files
from weft.lake.table_state import TableState
from weft.ledger.dump import FrozenLedger
from weft.ledger.facts import Landed, Quarantined, StepEnded
from weft.workspace.workspace import Workspace

FOLDERS = ("landings", "quarantine", "work")  # of the storage, beside `tables`


@dataclass
class ToCopy:
    """Files below the storage folder, relative to it."""

    must: set[str] = field(default_factory=set)
    may: set[str] = field(default_factory=set)  # left out without a word where they are gone
    states: dict[PortName, TableState] = field(default_factory=dict)


def what_to_copy(
    workspace: Workspace, ledger: FrozenLedger, locations: Mapping[PortName, str], notes: Mapping[str, bytes]
) -> ToCopy:
    """Everything that the state needs, and what is kept beside it.

    Args:
        workspace: the mesh.
        ledger: of the state.
        locations: of each port's metadata file in that state.
        notes: publications that a killed build left half-way, by path; see `weft.build.publish.publication_note`.

    Raises:
        FileNotFoundError, Problem: LAKE007, a table's file is gone; FILE001, one is damaged.
    """
    storage = workspace.storage.absolute()
    found = ToCopy()
    for port, location in locations.items():
        needed = needed_files(workspace.lake, port, location)
        found.states[port] = needed.state
        found.must |= {relative_path(storage, path) for path in needed.must}
        found.may |= {relative_path(storage, path) for path in needed.may}
    found.must |= {relative_path(storage, storage / path) for path in _named_by(workspace, ledger)}
    for folder in FOLDERS:
        found.may |= {relative_path(storage, path) for path in _whole_files(storage / folder)}
    if (storage / KEYS_FILE).exists():
        found.must.add(KEYS_FILE)  # wrapped: of no use to whoever lacks the master key
    for note in notes.values():
        # Files that count from the publication on lie under another name until somebody settles it.
        waiting = [before for before, _ in json.loads(note).get("renames", ())]
        found.must |= {name for name in waiting if (storage / name).exists()}
    found.may -= found.must
    return found


def _named_by(workspace: Workspace, ledger: FrozenLedger) -> Iterator[str]:
    """Files that the newest facts name; those of products that are gone may be gone with them."""
    declared = {str(product.name) for product in workspace.mesh.products}
    for (product, _), landed in ledger.latest_by(Landed, "product", "source").items():
        if product in declared:
            rejects = landed.landing.get("rejects")
            yield from (raw["path"] for raw in landed.landing.get("raw", ()))
            yield from (*landed.landing.get("tables", ()), *([rejects] if rejects else []))
    for batch in ledger.latest_by(Quarantined, "port", "batch").values():
        if batch.state in ("recorded", "refused"):
            yield from batch.files
    for (product, _), step in ledger.latest_by(StepEnded, "product", "step").items():
        if product in declared:
            yield from step.files


def _whole_files(folder: Path) -> Iterator[Path]:
    """Files with their final names: one still being written begins with a dot, or is Parquet without a digest."""
    for path in folder.rglob("*"):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if path.is_file() and (path.suffix != ".parquet" or digest_in_name(path)):
            yield path


def relative_path(storage: Path, path: Path) -> str:
    """A path as a backup names it, whichever link it was written through."""
    try:
        return path.relative_to(storage).as_posix()
    except ValueError:
        return path.resolve().relative_to(storage.resolve()).as_posix()
