"""A small mesh that is built, backed up and restored; what its tables must hold is known of every version."""

import importlib.util
import json
import shutil
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from weft.base.names import PortName
from weft.build.context import BuildRequest
from weft.ledger.tables import METADATA
from weft.workspace.backup.backup import BackupRequest, make_backup
from weft.workspace.backup.folder_place import FolderPlace
from weft.workspace.backup.restore import RestoreRequest, restore
from weft.workspace.backup.store import Store
from weft.workspace.building import build_mesh
from weft.workspace.workspace import Workspace


def _small_mesh() -> ModuleType:
    """tests/torture/small_mesh.py: importmode=importlib puts no folder on the path."""
    name = "backup_small_mesh"
    if name not in sys.modules:
        path = Path(__file__).parents[3] / "torture" / "small_mesh.py"
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class Bench:
    """A mesh, its backups, and what to look at."""

    def __init__(self, folder: Path, databases: str = "") -> None:
        self.small_mesh = _small_mesh()
        self.root = self.small_mesh.make_mesh(folder / "mesh", databases)
        self.store = Store(FolderPlace(folder / "backups"))
        self.opened: list[Workspace] = []

    def open(self, **settings) -> Workspace:
        """The mesh, freshly opened; settings of the environment may differ."""
        workspace = Workspace.open(self.root, environ={}, actor="ada")
        workspace = replace(workspace, environment=replace(workspace.environment, **settings))
        self.opened.append(workspace)
        return workspace

    @property
    def storage(self) -> Path:
        return self.root / ".weft"

    def build(self, version: int | None = None, **settings):
        """Build at a version of the data, or at the present one."""
        if version is not None:
            self.small_mesh.give(self.root, version)
        result = build_mesh(self.open(**settings), BuildRequest(), lambda event: None)
        assert result.status in ("done", "nothing"), result
        return result

    def back_up(self, **settings):
        return make_backup(self.open(**settings), self.store, BackupRequest())

    def restore(self, settings=None, **wanted):
        return restore(self.open(**(settings or {})), self.store, RestoreRequest(**wanted))

    def wipe(self) -> None:
        self.close()
        shutil.rmtree(self.storage)

    def rows(self, **settings) -> dict[str, Counter]:
        """All rows of all ports."""
        workspace = self.open(**settings)
        found = {}
        for name in self.small_mesh.PORTS:
            port = PortName.parse(name)
            files = workspace.lake.files(port)
            columns = ", ".join(self.small_mesh.COLUMNS[name])
            with workspace.new_engine() as engine:
                engine.add_files("p", files)
                cells = engine.rows(f"SELECT {columns} FROM p")
            found[name] = Counter(tuple(str(c) if hasattr(c, "isoformat") else c for c in row) for row in cells)
        return found

    def expected(self, version: int) -> dict[str, Counter]:
        return {name: self.small_mesh.expected(name, version) for name in self.small_mesh.PORTS}

    def facts(self, **settings) -> dict[str, list]:
        """Every fact and link of the ledger, as text."""
        ledger = self.open(**settings).ledger
        with ledger.frozen() as frozen:
            found = {name: [] for name in METADATA.tables}
            for part in frozen.parts():
                found[part.table] += [json.loads(line) for line in part.lines.splitlines()]
        return found

    def published(self, **settings) -> dict[str, tuple]:
        """What the ledger says of each port beside what readers see: (told, seen)."""
        from weft.ledger.facts import Published

        workspace = self.open(**settings)
        told = workspace.ledger.latest_by(Published, "port")
        heads = workspace.lake.heads()
        return {name: (told[name,].snapshot_id, heads[PortName.parse(name)]) for name in self.small_mesh.PORTS}

    def close(self) -> None:
        for workspace in self.opened:
            for part in ("ledger", "lake"):
                if part in workspace.__dict__:
                    getattr(workspace, part).close()
        self.opened.clear()


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()
