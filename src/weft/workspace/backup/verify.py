"""Hold backups against themselves: every object against its digest, every ledger against its chain."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from weft.base.problem import Problem
from weft.workspace.backup.databases import verify_ledger
from weft.workspace.backup.file_list import read_file_list
from weft.workspace.backup.manifest import Manifest, Stored
from weft.workspace.backup.store import Store, damaged_object

_AT_ONCE = 4
_SAY_EVERY = 500
Say = Callable[[str], None]


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what is wrong."""

    backups: tuple[str, ...]
    objects: int
    bytes: int
    problems: tuple[Problem, ...]


def verify(store: Store, backup_id: str | None, say: Say = lambda line: None) -> Verified:
    """Verify one backup, or all.

    Raises:
        Problem: BACKUP003, there is no such backup; BACKUP002, the place does not answer.
    """
    if backup_id is not None:
        matching = [one for one in store.ids() if one.startswith(backup_id)]
        manifests = [store.manifest(matching[0] if len(matching) == 1 else backup_id)]
        problems: list[Problem] = []
    else:
        manifests, problems = store.manifests()
    named: dict[Stored, str] = {}
    for manifest in manifests:
        named |= dict.fromkeys((manifest.catalog, *(part.stored for part in manifest.ledger)), f"of {manifest.id}")
        named.setdefault(manifest.files, f"the list of files of {manifest.id}")
        try:
            for path, file in read_file_list(store, manifest).items():
                named.setdefault(file.stored, path)
        except Problem as problem:
            if problem.code != "BACKUP004":
                raise  # else the list itself is looked at below
    broken = _damaged(store, named, say)
    problems += broken.values()
    for manifest in manifests:
        if not any(stored in broken for stored in (manifest.catalog, *(part.stored for part in manifest.ledger))):
            problems += _ledger(store, manifest)
    size = sum(stored.size_bytes for stored in named)
    return Verified(tuple(one.id for one in manifests), len(named), size, tuple(problems))


def _damaged(store: Store, named: dict[Stored, str], say: Say) -> dict[Stored, Problem]:
    """The objects that are not as they were stored, each with the file that is lost with it."""

    def look(stored: Stored) -> Problem | None:
        try:
            size = sum(len(chunk) for chunk in store.chunks(stored))
        except Problem as problem:
            if problem.code != "BACKUP004":
                raise
            return damaged_object(
                stored.sha256, problem.what.removeprefix("An object of the backup ").rstrip("."), named[stored]
            )
        if size != stored.size_bytes:
            return damaged_object(stored.sha256, "is of another size", named[stored])
        return None

    found = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, (stored, problem) in enumerate(zip(named, pool.map(look, named), strict=True), 1):
            if problem is not None:
                found[stored] = problem
            if done % _SAY_EVERY == 0:
                say(f"Objects: {done:,} of {len(named):,}")
    return found


def _ledger(store: Store, manifest: Manifest) -> list[Problem]:
    """Load the ledger into a file of its own and walk along its chain."""
    from weft.ledger.load import load_ledger

    with tempfile.TemporaryDirectory(prefix="weft-verify-") as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        try:
            parts = ((part.table, store.get_bytes(part.stored)) for part in manifest.ledger)
            load_ledger(url, manifest.ledger_revision, parts)
            verify_ledger(url, manifest)
        except Problem as problem:
            return [problem]
    return []
