"""A reference mesh, copied as `weft init` copies it, built by the command, and read as a consumer reads it."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from weft.query.gateway import Gateway, Question, ask
from weft.workspace.new_mesh import make_mesh
from weft.workspace.workspace import Workspace


@dataclass
class MeshOnDisk:
    """A copy of a reference mesh, and what its builds left behind."""

    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)

    def weft(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the mesh, as a user does."""
        command = [sys.executable, "-m", "weft", *arguments]
        environ = {**os.environ, "WEFT_ACTOR": "tests", **self.environ}
        return subprocess.run(command, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)

    def build(self, *arguments: str) -> str:
        """Build; returns what was said."""
        done = self.weft("build", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    @property
    def workspace(self) -> Workspace:
        return Workspace.open(self.folder)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query through the gateway."""
        workspace = self.workspace
        gateway = Gateway(workspace.mesh, workspace.lake, workspace.ledger, workspace.new_engine, workspace.clock)
        return [tuple(row) for row in ask(gateway, Question(sql, "tests")).rows()]

    def facts(self, kind: type, **equals: object) -> list[Any]:
        """Facts of one kind, oldest first."""
        return self.workspace.ledger.facts(kind, **equals)

    def rows_published(self) -> dict[str, int]:
        """Rows of the latest publication of each port."""
        from weft.ledger.facts import Published

        return {fact.port: fact.rows for fact in self.facts(Published)}

    def rows_held_back(self) -> dict[str, int]:
        """Rows that the latest publication of each port held back; ports that held back none are left out."""
        from weft.ledger.facts import Published

        latest = {fact.port: fact.quarantined for fact in self.facts(Published)}
        return {port: rows for port, rows in latest.items() if rows}

    def rules_broken(self, port: str) -> dict[str, int]:
        """Rules by the rows that they hold back now."""
        from weft.ledger.facts import Quarantined

        recorded = [fact for fact in self.facts(Quarantined, port=port) if fact.state == "recorded"]
        return dict(recorded[-1].rules) if recorded else {}

    def warnings(self) -> dict[str, float | None]:
        """Rules that warned in the latest build, with what they measured: `port: rule`."""
        from weft.ledger.facts import CheckFinding

        found = self.facts(CheckFinding)
        last = {fact.port: fact.run_id for fact in found}
        return {
            f"{fact.port}: {fact.rule}": fact.measured
            for fact in found
            if fact.status == "warned" and fact.run_id == last[fact.port]
        }

    def lines_rejected(self) -> dict[str, int]:
        """Lines that the latest landing of each source could not read; sources without one are left out."""
        from weft.ledger.facts import Landed

        latest = {f"{fact.product}/{fact.source}": fact.rows_rejected for fact in self.facts(Landed)}
        return {source: lines for source, lines in latest.items() if lines}


@pytest.fixture(scope="module")
def copy_of(tmp_path_factory) -> Callable[..., MeshOnDisk]:
    """Make a copy of a reference mesh."""

    def copy(template: str, **environ: str) -> MeshOnDisk:
        folder = tmp_path_factory.mktemp("mesh") / template
        make_mesh(folder, template)
        return MeshOnDisk(folder, environ)

    return copy
