"""A small mesh on disk that tests change, plan and build."""

import textwrap
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from weft.base.clock import FixedClock
from weft.base.names import PortName
from weft.build.context import BuildRequest
from weft.build.events import Event
from weft.build.plan import Plan
from weft.build.results import BuildResult
from weft.build.run import build as build_as_it_is
from weft.workspace.building import build_context, build_mesh, nothing_to_build, plan_mesh
from weft.workspace.workspace import Workspace

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

COLUMN_TYPES = {"int": "integer", "text": "string", "time": "timestamp", "day": "date", "bool": "boolean"}


@dataclass
class MeshOnDisk:
    """A mesh in a folder, and short words for what tests do with it."""

    root: Path
    clock: FixedClock = field(default_factory=lambda: FixedClock(START))
    events: list[Event] = field(default_factory=list)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def contract(
        self, port: str, columns: str, *, version: str = "1.0.0", more: str = "", description: str = ""
    ) -> None:
        """A contract from words: `id:int! name:text`; `!` is the primary key."""
        name = PortName.parse(port)
        lines = []
        for word in columns.split():
            column, _, kind = word.partition(":")
            key = "\n        primaryKey: true\n        required: true" if kind.endswith("!") else ""
            lines.append(f"      - name: {column}\n        logicalType: {COLUMN_TYPES[kind.rstrip('!')]}{key}")
        text = (
            f"apiVersion: v3.2.0\nkind: DataContract\nid: {port}\nversion: {version}\nstatus: active\n"
            f"description: {{purpose: '{description or port}'}}\n"
            f"schema:\n  - name: {name.port}\n    properties:\n" + "\n".join(lines) + "\n" + more
        )
        path = self.root / f"domains/{name.domain}/{name.product}/contracts/{name.port}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def product(self, name: str, *, ports: str = "", inputs: str = "") -> None:
        """A product with output ports (its own name by default) and inputs as `alias=domain/product`."""
        domain, product = name.split("/")
        outputs = [PortName(domain, product, port) for port in (ports or product).split()]
        reads = [word.split("=") for word in inputs.split()]
        text = f"apiVersion: v1.1.0\nkind: DataProduct\nid: {name}\nname: {product}\nversion: 1.0.0\nstatus: active\n"
        if reads:
            text += "inputPorts:\n" + "".join(
                f"  - {{name: {alias}, version: 1.0.0, contractId: {port}}}\n" for alias, port in reads
            )
        text += "outputPorts:\n" + "".join(
            f"  - {{name: {port.port}, version: 1.0.0, contractId: {port}}}\n" for port in outputs
        )
        self.write(f"domains/{name}/product.yaml", text + "team: {name: team}\n")
        self.write(f"domains/{domain}/domain.yaml", "owner: team\n")

    def model(self, product: str, name: str, sql: str, ending: str = "sql") -> None:
        self.write(f"domains/{product}/models/{name}.{ending}", sql)

    def making(self, product: str, yaml: str) -> None:
        self.write(f"domains/{product}/build.yaml", yaml)

    def rows_file(self, path: str, *lines: str) -> None:
        self.write(path, "".join(f"{line}\n" for line in lines))

    def workspace(self, environ: dict[str, str] | None = None) -> Workspace:
        return Workspace.open(self.root, clock=self.clock, actor="ada", environ=environ or {})

    def build(self, *selection: str, **options: Any) -> BuildResult:
        """Build; a minute later each time."""
        self.clock.instant += timedelta(minutes=1)
        self.events.clear()
        return build_mesh(self.workspace(), BuildRequest(selection, **options), self.events.append)

    def build_without_rules(self) -> BuildResult:
        """Build what the rules of `weft check` would refuse: they cannot know the columns of every model."""
        return build_as_it_is(build_context(self.workspace()), BuildRequest())

    def plan(self, *selection: str, **options: Any) -> Plan:
        return plan_mesh(self.workspace(), BuildRequest(selection, **options))

    def quick_answer(self, environ: dict[str, str] | None = None) -> str | None:
        """What `weft build` says before it opens anything."""
        return nothing_to_build(self.workspace(environ), BuildRequest())

    def rows(self, port: str, snapshot_id: int | None = None) -> list[tuple[Any, ...]]:
        """What readers of a port see, sorted."""
        workspace = self.workspace()
        files = workspace.lake.files(PortName.parse(port), snapshot_id)
        assert files is not None, f"{port} was never published"
        with workspace.new_engine() as engine:
            engine.add_files("port", files)
            return engine.rows("SELECT * FROM port ORDER BY ALL")


@pytest.fixture
def empty_mesh(tmp_path: Path) -> MeshOnDisk:
    mesh = MeshOnDisk(tmp_path / "mesh")
    mesh.write("weft.yaml", "name: test\nenvironments: {dev: {}}\ndefault_environment: dev\n")
    mesh.write("teams.yaml", "teams: [{name: team}]\n")
    return mesh


@pytest.fixture
def shop(empty_mesh: MeshOnDisk) -> MeshOnDisk:
    """Orders from a file; a report that reads them; people, who have nothing to do with either."""
    mesh = empty_mesh
    mesh.product("sales/orders")
    mesh.contract("sales/orders", "id:int! customer:text total:int")
    mesh.making("sales/orders", "sources: {raw: {kind: csv, path: data/orders.csv}}\n")
    mesh.model("sales/orders", "cleaned", "SELECT id::BIGINT AS id, customer, total::BIGINT AS total FROM raw")
    mesh.model("sales/orders", "orders", "SELECT * FROM cleaned WHERE total >= 0")
    mesh.rows_file("data/orders.csv", "id,customer,total", "1,ann,10", "2,bob,20", "3,ann,30")
    mesh.product("sales/report", inputs="orders=sales/orders")
    mesh.contract("sales/report", "customer:text! total:int")
    mesh.model("sales/report", "report", "SELECT customer, sum(total)::BIGINT AS total FROM orders GROUP BY ALL")
    mesh.product("crm/people")
    mesh.contract("crm/people", "name:text!")
    mesh.making("crm/people", "sources: {raw: {kind: csv, path: data/people.csv}}\n")
    mesh.model("crm/people", "people", "SELECT name FROM raw")
    mesh.rows_file("data/people.csv", "name", "ann", "bob")
    return mesh
