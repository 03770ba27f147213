"""What a build works with and what it is asked to do."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from weft.base.clock import Clock
from weft.spec.mesh import Environment, Mesh

if TYPE_CHECKING:
    from weft.base.keys.vault import Vault
    from weft.engine.protocol import Engine
    from weft.lake.iceberg_lake import Lake
    from weft.ledger.ledger import Ledger


class NewEngine(Protocol):
    """Starts an engine session."""

    def __call__(self, memory: str | None = None, threads: int | None = None) -> "Engine":
        """A fresh session; None means what the environment says. The caller closes it."""
        ...


@dataclass(frozen=True)
class BuildContext:
    """The parts of an opened mesh that a build needs; the workspace puts them together."""

    mesh: Mesh
    environment: Environment
    storage: Path
    ledger: "Ledger"
    lake: "Lake"
    new_engine: NewEngine
    clock: Clock
    actor: str
    vault: "Vault | None" = None  # data keys; None: what is stored lies in clear


@dataclass(frozen=True)
class BuildRequest:
    """What to build and how."""

    selection: tuple[str, ...] = ()  # as typed; empty: everything
    exclude: tuple[str, ...] = ()
    full: bool = False  # remake what is up to date too
    resume: bool = False  # go on with the last run that failed
    fail_fast: bool = False
    dry_run: bool = False  # make and check, publish nothing
    jobs: int | None = None  # products at once; None: as many as cores, at most 4
    command: str = "build"
