"""What a port promises and how it stands, from its contract, the lake and the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weft.base.names import ProductName
from weft.graph.product_graph import ProductGraph
from weft.lake.snapshot import Snapshot
from weft.ledger.facts import (
    CheckFinding,
    Cleansed,
    DriftMeasured,
    Profiled,
    Published,
    Quarantined,
    RolledBack,
    StepEnded,
)
from weft.ledger.ledger import Ledger
from weft.spec.column_type import duckdb_type
from weft.spec.product import OutputPort
from weft.workspace.show_run import cleansing_json
from weft.workspace.workspace import Workspace

_SNAPSHOTS_SHOWN = 10


@dataclass(frozen=True)
class ShownColumn:
    """One column of the contract."""

    name: str
    type: str
    required: bool
    key: bool
    description: str | None

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return dict(vars(self))


@dataclass(frozen=True)
class ShownPort:
    """One output port."""

    port: OutputPort
    columns: tuple[ShownColumn, ...]
    head: Snapshot | None
    published: Published | None  # the last publication by a build or replay
    rolled_back: RolledBack | None  # where it is what readers see
    attempt: StepEnded | None  # the last one, where it was not published
    findings: tuple[CheckFinding, ...]  # of the last check
    profile: Profiled | None
    drift: DriftMeasured | None  # of what is published
    cleansings: tuple[Cleansed, ...]  # of the last build that made its rows
    held_rows: int  # open in the quarantine
    snapshots: tuple[Snapshot, ...]
    readers: tuple[ProductName, ...]

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        contract = self.port.contract
        return {
            "port": str(self.port.name),
            "contract": contract and {"id": contract.id, "version": contract.version, "path": contract.path},
            "columns": [column.as_json() for column in self.columns],
            "snapshot": self.head and _snapshot(self.head),
            "published": self.published and _fact(self.published),
            "rolled_back": self.rolled_back and _fact(self.rolled_back),
            "last_attempt": self.attempt and _fact(self.attempt),
            "findings": [_fact(finding) for finding in self.findings],
            "profile": self.profile and dict(self.profile.columns),
            "drift": self.drift and {"drifted": self.drift.drifted, "measures": dict(self.drift.measures)},
            "cleansing": [cleansing_json(done) for done in self.cleansings],
            "rows_in_quarantine": self.held_rows,
            "snapshots": [_snapshot(snapshot) for snapshot in self.snapshots],
            "read_by": [str(name) for name in self.readers],
        }


def show_port(workspace: Workspace, port: OutputPort) -> ShownPort:
    """Everything there is to say of a port."""
    ledger, lake, name = workspace.ledger, workspace.lake, str(port.name)
    head = lake.snapshot(port.name)
    published = ledger.latest(Published, port=name)
    rollback = ledger.latest(RolledBack, port=name)
    step = ledger.latest(StepEnded, port=name)
    checked = ledger.latest(CheckFinding, port=name)
    cleansed = _last_cleansing(ledger, name)
    batches = ledger.latest_by(Quarantined, "batch", port=name).values()
    is_back = head is not None and rollback is not None and rollback.to_snapshot_id == head.snapshot_id
    return ShownPort(
        port=port,
        columns=tuple(
            ShownColumn(
                column.stored_name,
                duckdb_type(column),
                column.required,
                column.primary_key_position is not None,
                column.description,
            )
            for column in (port.table.columns if port.table else ())
        ),
        head=head,
        published=published,
        rolled_back=rollback if is_back else None,
        attempt=step if step and step.status in ("failed", "refused", "skipped") else None,
        findings=tuple(ledger.facts(CheckFinding, port=name, run_id=checked.run_id)) if checked else (),
        profile=ledger.latest(Profiled, port=name, snapshot_id=head.content_id) if head else None,
        drift=ledger.latest(DriftMeasured, port=name, snapshot_id=head.content_id) if head else None,
        cleansings=tuple(ledger.facts(Cleansed, port=name, run_id=cleansed.run_id)) if cleansed else (),
        held_rows=sum(batch.rows for batch in batches if batch.state == "recorded"),
        snapshots=tuple(lake.snapshots(port.name)[:_SNAPSHOTS_SHOWN]),
        readers=tuple(sorted({reader.product for reader in ProductGraph(workspace.mesh).readers(port.name)})),
    )


def _last_cleansing(ledger: Ledger, port: str) -> Cleansed | None:
    """The newest, unless the port was made since without one."""
    cleansed = ledger.latest(Cleansed, port=port)
    made = ledger.latest(StepEnded, port=port, status="made")
    return None if cleansed is None or (made is not None and made.at > cleansed.at) else cleansed


def _snapshot(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "snapshot": snapshot.snapshot_id,
        "committed_at": snapshot.committed_at.isoformat(),
        "rows": snapshot.rows,
        "run": snapshot.properties.get("weft.run"),
        "contract_version": snapshot.properties.get("weft.contract-version"),
    }


def _fact(fact: Any) -> dict[str, Any]:
    return {name: _plain(value) for name, value in vars(fact).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value
