"""Fill ledger and catalogue from a backup: files of the new storage folder, or empty databases elsewhere."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from weft.base.problem import Problem
from weft.lake.catalog_dump import load_catalog
from weft.lake.catalog_pointers import sqlite_path
from weft.lake.iceberg_catalog import IcebergCatalog
from weft.ledger.ledger import Ledger
from weft.ledger.load import ledger_head, load_ledger
from weft.workspace.backup.manifest import Manifest
from weft.workspace.backup.store import Store
from weft.workspace.workspace import Workspace


@dataclass(frozen=True)
class Databases:
    """Where ledger and catalogue are to be written."""

    ledger_url: str
    catalog_url: str
    ledger_is_staged: bool  # in the folder that is going to be the storage, so certainly empty
    catalog_is_staged: bool

    @classmethod
    def of(cls, workspace: Workspace, staged: Path) -> "Databases":
        """The databases that the environment names, those below its storage moved into `staged`."""
        ledger, ledger_is_staged = _staged(workspace.ledger_url, workspace.storage, staged)
        catalog, catalog_is_staged = _staged(workspace.catalog_url, workspace.storage, staged)
        return cls(ledger, catalog, ledger_is_staged, catalog_is_staged)

    def refuse_filled(self, manifest: Manifest) -> None:
        """Stop before anything is copied, where a database has something else than what is to be restored.

        Raises:
            Problem: BACKUP009.
        """
        if self.ledger_is_staged or self._has_it_already(manifest):
            return
        is_filled, head = ledger_head(self.ledger_url)
        if is_filled:
            raise Problem(
                "BACKUP009",
                "The ledger's database is not empty: what is there would be mixed with what is restored.",
                found=f"a chain of {head.position if head else 0} links",
                expected="a database without facts",
                fix="Name an empty database as `ledger:` of the environment. weft never removes facts.",
            )

    def _has_it_already(self, manifest: Manifest) -> bool:
        """Whether a restore that was killed had come as far as to fill the ledger: it is filled in one transaction."""
        _, head = ledger_head(self.ledger_url)
        return head is not None and (head.position, head.hash) == (manifest.ledger_position, manifest.ledger_hash)


def load_databases(
    store: Store, manifest: Manifest, databases: Databases, warehouse: Path, say: Callable[[str], None]
) -> None:
    """Load both and hold the ledger against its chain and the manifest.

    Raises:
        Problem: BACKUP004, an object is damaged; BACKUP009, a database is not empty; BACKUP010, the ledger is not as it
            was; BACKUP011, it is of a newer weft.
    """

    def parts() -> Iterator[tuple[str, bytes]]:
        for done, part in enumerate(manifest.ledger, 1):
            yield part.table, store.get_bytes(part.stored)
            if done % 50 == 0:
                say(f"Ledger: {done:,} of {len(manifest.ledger):,} parts")

    if databases.ledger_is_staged or not databases._has_it_already(manifest):
        load_ledger(databases.ledger_url, manifest.ledger_revision, parts())
    verify_ledger(databases.ledger_url, manifest)
    catalog = IcebergCatalog(databases.catalog_url, warehouse)
    try:
        load_catalog(catalog, json.loads(store.get_bytes(manifest.catalog)))
    finally:
        catalog.close()


def verify_ledger(url: str, manifest: Manifest) -> None:
    """Hold every fact against the chain, and its end and count against the manifest.

    Raises:
        Problem: BACKUP010, it is not the ledger that was backed up.
    """
    ledger = Ledger.open(url)
    try:
        seen = ledger.verify()
    finally:
        ledger.close()
    head = (seen.head.position, seen.head.hash) if seen.head else (0, "")
    if seen.is_sound and head == (manifest.ledger_position, manifest.ledger_hash) and seen.facts == manifest.facts:
        return
    raise Problem(
        "BACKUP010",
        "The ledger is not the one that was backed up.",
        found=f"{seen.facts} facts, {seen.broken} breaks of the chain, head {head[0]} {head[1][:12]}",
        expected=f"{manifest.facts} facts, head {manifest.ledger_position} {manifest.ledger_hash[:12]}",
        fix="Take another backup (weft backup list). If its ledger was whole when it was made, report this.",
    )


def _staged(url: str, storage: Path, staged: Path) -> tuple[str, bool]:
    path = sqlite_path(url)
    if path is None or not path.absolute().is_relative_to(storage.absolute()):
        return url, False
    return f"sqlite:///{staged / path.absolute().relative_to(storage.absolute())}", True
