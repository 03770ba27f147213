"""What happened: each kind of fact is one frozen class and one table, and is only ever added.

Ports, products and rules are kept by their names as text, so that a fact outlives what it speaks of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing that happened at one instant."""

    table: ClassVar[str]

    at: datetime  # UTC


@dataclass(frozen=True, kw_only=True)
class RunStarted(Fact):
    """A command began to change the mesh's tables."""

    table: ClassVar[str] = "runs_started"

    run_id: str
    command: str  # build, quarantine replay, ...
    actor: str
    environment: str
    host: str
    pid: int
    weft_version: str
    selection: tuple[str, ...] = ()  # as typed; empty: everything
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RunEnded(Fact):
    """A run came to its end; a run without one was killed."""

    table: ClassVar[str] = "runs_ended"

    run_id: str
    status: str  # done | failed | interrupted
    products_built: int = 0
    products_unchanged: int = 0
    products_failed: int = 0
    products_skipped: int = 0
    rows_in: int = 0  # always published + quarantined + refused
    rows_published: int = 0
    rows_quarantined: int = 0
    rows_refused: int = 0  # of candidates that were not published
    rows_rejected: int = 0  # lines that no source could be read from
    duration_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class StepEnded(Fact):
    """The making of one table came to its end."""

    table: ClassVar[str] = "steps"

    run_id: str
    product: str
    step: str  # name of the model, or of the registered port
    status: str  # made | unchanged | refreshed | refused | failed | skipped
    port: str | None = None  # where the step makes one
    reasons: tuple[str, ...] = ()
    fingerprint: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)  # what the fingerprint was made of, by name
    snapshot_id: int | None = None
    files: tuple[str, ...] = ()  # of a step that is no port; relative to the storage folder
    rows_in: int = 0
    rows_published: int = 0
    rows_quarantined: int = 0
    duration_seconds: float = 0.0
    problem: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class CheckFinding(Fact):
    """One promise of a contract was measured."""

    table: ClassVar[str] = "findings"

    run_id: str
    port: str
    rule: str
    kind: str
    severity: str  # error | warning | info
    status: str  # passed | failed | warned | not_run | not_applicable
    columns: tuple[str, ...] = ()
    measured: float | None = None
    unit: str | None = None
    threshold: str | None = None
    broken_rows: int | None = None
    message: str | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Cleansed(Fact):
    """A declared step of a cleansing changed the rows of a model. Of rows, always: in = out + merged."""

    table: ClassVar[str] = "cleansings"

    run_id: str
    product: str
    step: str  # name of the model
    position: int  # among the steps of its cleansing, from 1
    kind: str  # trim | parse | convert | deduplicate | outliers | impute
    rule: str  # in words
    rows_in: int
    rows_out: int
    rows_merged: int  # became one with another row
    port: str | None = None
    columns: tuple[str, ...] = ()
    cells: Mapping[str, Any] = field(default_factory=dict)  # column -> what happened -> cells
    notes: tuple[str, ...] = ()  # what could not be judged


@dataclass(frozen=True, kw_only=True)
class Published(Fact):
    """A checked snapshot became what readers of a port see."""

    table: ClassVar[str] = "publications"

    run_id: str
    port: str
    snapshot_id: int
    rows: int
    contract_id: str
    contract_version: str
    contract_digest: str
    parent_id: int | None = None
    quarantined: int = 0
    rejected: int = 0  # lines of the sources of this port's product that could not be read
    mode: str = "replace"  # replace | append
    materialization: str = "replace"
    inputs: Mapping[str, Any] = field(default_factory=dict)  # input name -> snapshot id or landing's fingerprint


@dataclass(frozen=True, kw_only=True)
class ContractPublished(Fact):
    """The contract under which a port is published, whenever it differs from the one before."""

    table: ClassVar[str] = "contracts"

    run_id: str
    port: str
    contract_id: str
    contract_version: str
    digest: str
    document: Mapping[str, Any]
    path: str
    standard_version: str


@dataclass(frozen=True, kw_only=True)
class Profiled(Fact):
    """What a published table looks like."""

    table: ClassVar[str] = "profiles"

    run_id: str
    port: str
    snapshot_id: int
    rows: int
    columns: Mapping[str, Any]  # column -> figures


@dataclass(frozen=True, kw_only=True)
class DriftMeasured(Fact):
    """A publication was held against those before it."""

    table: ClassVar[str] = "drifts"

    run_id: str
    port: str
    snapshot_id: int
    drifted: int  # measures beyond what is usual
    measures: Mapping[str, Any]  # name, such as total.psi -> numbers; no values of the data


@dataclass(frozen=True, kw_only=True)
class Quarantined(Fact):
    """A batch of held-back rows came, lost rows, or was closed.

    A batch keeps its name from the build that held its rows back to its end. What each fact moved is in `moved`, so
    that of every batch and every port: held = replayed + superseded + dismissed + expired + open.
    """

    table: ClassVar[str] = "quarantine_batches"

    run_id: str  # of what happened now; the batch is named by the run that held its rows back
    port: str
    batch: str
    state: str  # recorded: open | refused: of a candidate not published | replayed | superseded | dismissed | expired
    rows: int  # open after this; of a batch that is closed, those that it had before
    files: tuple[str, ...] = ()  # relative to the storage folder
    rules: Mapping[str, int] = field(default_factory=dict)  # broken rule -> rows
    actor: str | None = None
    moved: Mapping[str, Any] | None = None  # held, replayed, superseded, dismissed, expired -> rows
    held_at: datetime | None = None  # when the batch came
    origin: Mapping[str, Any] | None = None  # sources with their files, and input ports, that the rows were made of
    reason: str | None = None  # why a person closed it
    proof: Mapping[str, Any] | None = None  # of an expiry: file -> SHA-256 of what was removed


@dataclass(frozen=True, kw_only=True)
class Landed(Fact):
    """A source was read."""

    table: ClassVar[str] = "landings"

    run_id: str
    product: str
    source: str
    fingerprint: str
    rows_in_files: int
    rows_landed: int
    rows_rejected: int
    unchanged: bool
    landing: Mapping[str, Any]  # the whole landing with its state, as ingest wrote it
    duration_seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class ReadServed(Fact):
    """Somebody asked the gateway; refused questions count too."""

    table: ClassVar[str] = "reads"

    actor: str
    query_hash: str  # of the canonical text
    ports: Mapping[str, Any]  # port -> snapshot and columns
    rows: int
    duration_seconds: float
    decision: str  # allowed, or the code of the refusal
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class RolledBack(Fact):
    """An earlier snapshot became what readers of a port see."""

    table: ClassVar[str] = "rollbacks"

    actor: str
    port: str
    to_snapshot_id: int
    from_snapshot_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Maintained(Fact):
    """The files of a port were expired, compacted or cleaned."""

    table: ClassVar[str] = "maintenance"

    actor: str
    port: str
    action: str  # expire | compact | orphans
    report: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ReviewRecorded(Fact):
    """Somebody looked whether a rule that is written in words is kept."""

    table: ClassVar[str] = "reviews"

    actor: str
    port: str
    rule: str
    passed: bool
    note: str
    contract_version: str
    rule_digest: str  # of the rule's words
    snapshot_id: int  # that was published at that time


FACTS: tuple[type[Fact], ...] = (
    RunStarted,
    RunEnded,
    StepEnded,
    CheckFinding,
    Cleansed,
    Published,
    ContractPublished,
    Profiled,
    DriftMeasured,
    Quarantined,
    Landed,
    ReadServed,
    RolledBack,
    Maintained,
    ReviewRecorded,
)
