"""Open a mesh: its declaration, ledger, lake, engines, clock and actor in one place.

The parts are opened when they are first used: listing products must not start a table catalogue.
"""

import getpass
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.clock import Clock, SystemClock
from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.base.secret import resolve_secret
from weft.build.publish.publication_note import pending_notes
from weft.spec.load import find_mesh_root
from weft.spec.mesh import Environment, Mesh
from weft.spec.mesh_cache import load_mesh_cached

if TYPE_CHECKING:
    from weft.base.keys.vault import Vault
    from weft.engine.protocol import Engine
    from weft.lake.iceberg_lake import Lake
    from weft.ledger.ledger import Ledger


@dataclass(frozen=True)
class Workspace:
    """A mesh in one environment, ready to work on."""

    mesh: Mesh
    environment: Environment
    clock: Clock = field(default_factory=SystemClock)
    actor: str = "unknown"
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @classmethod
    def open(
        cls,
        folder: Path,
        environment: str | None = None,
        *,
        clock: Clock | None = None,
        actor: str | None = None,
        environ: Mapping[str, str] = os.environ,
    ) -> "Workspace":
        """Open the mesh that holds `folder`.

        Args:
            folder: the mesh's folder or one below it.
            environment: name of an environment of weft.yaml; default: WEFT_ENV, then the mesh's default.
            clock: the time; default: the machine's.
            actor: who works here; default: WEFT_ACTOR, then the user of the system.
            environ: variables of the process.

        Raises:
            Problem: SPEC001 where no mesh is found, WORK001 where the environment is unknown.
        """
        root = find_mesh_root(folder)
        mesh = load_mesh_cached(root, root / ".weft" / "cache", environ=environ)
        name = environment or environ.get("WEFT_ENV") or mesh.default_environment
        chosen = mesh.environments.get(name)
        if chosen is None:
            known = sorted(mesh.environments)
            raise Problem(
                "WORK001",
                f'Environment "{name}" is not declared.',
                mesh.place,
                expected=f"one of {', '.join(known)}" if known else None,
                fix=did_you_mean(name, known) or f'Add "{name}" below `environments:` in weft.yaml.',
            )
        return cls(mesh, chosen, clock or SystemClock(), actor or environ.get("WEFT_ACTOR") or _user_name(), environ)

    @property
    def storage(self) -> Path:
        """The folder of this environment's tables, landings, work and, by default, ledger."""
        return self.mesh.root / resolve_secret(self.environment.storage)

    @property
    def ledger_url(self) -> str:
        """The database of the ledger; it may hold a password."""
        declared = self.environment.ledger
        return resolve_secret(declared) if declared else f"sqlite:///{self.storage / 'ledger.db'}"

    @property
    def catalog_url(self) -> str:
        """The database of the table catalogue; it may hold a password."""
        declared = self.environment.catalog
        return resolve_secret(declared) if declared else f"sqlite:///{self.storage / 'catalog.db'}"

    def afresh(self) -> "Workspace":
        """The same mesh with nothing opened yet, for when the storage has become another one."""
        return replace(self)

    @cached_property
    def ledger(self) -> "Ledger":
        """The metadata database, made or migrated on first use."""
        from weft.ledger.ledger import Ledger

        self.storage.mkdir(parents=True, exist_ok=True)
        ledger = Ledger.open(self.ledger_url)
        if pending_notes(self.storage):
            self._settle(ledger)
        return ledger

    @cached_property
    def vault(self) -> "Vault | None":
        """The keys that stored data are encrypted under; None where they lie in clear.

        Raises:
            Problem: KEY001 to KEY006.
        """
        declared = self.environment.encryption
        if declared is None:
            return None
        from weft.workspace.open_vault import open_vault

        return open_vault(declared, self.storage, self.mesh.root, self.environ)

    @cached_property
    def lake(self) -> "Lake":
        """The table catalogue and its tables, made on first use."""
        from weft.lake.iceberg_lake import Lake
        from weft.workspace.storage_place import hold_storage_place

        self.storage.mkdir(parents=True, exist_ok=True)
        hold_storage_place(self.storage)
        return Lake(self.catalog_url, str(self.storage / "tables"))

    def _settle(self, ledger: "Ledger") -> None:
        """Finish publications whose process ended before it recorded them, unless somebody works here right now."""
        from weft.build.lock import build_lock
        from weft.build.publish.publish_once import settle_publications
        from weft.build.shared_lock import shared_lock

        try:
            with (
                build_lock(self.storage, command="settle", actor=self.actor, now=self.clock.now()),
                shared_lock(ledger),
            ):
                settle_publications(self.lake, ledger, self.storage)
        except Problem as problem:
            if problem.code != "BUILD001":
                raise

    def new_engine(self, memory: str | None = None, threads: int | None = None) -> "Engine":
        """A fresh engine session with the environment's settings where none are given; the caller closes it."""
        from weft.engine.duckdb_engine import DuckDBEngine

        return DuckDBEngine(
            memory=memory or self.environment.memory,
            threads=threads or self.environment.threads,
            temp_folder=self.storage / "cache" / "spill",
            vault=self.vault,
        )


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no passwd entry, as in some containers
        return "unknown"
