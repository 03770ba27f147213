"""How the publications of ports differ from those before them, from the ledger alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.build.drift.column_drift import compared
from weft.build.drift.freshness_season import delay
from weft.build.drift.measure import Measure, measure_of_fact
from weft.build.drift.publication import Publication, newest_profiled, publications_of
from weft.build.drift.sketch import sketches_of
from weft.ledger.facts import DriftMeasured
from weft.spec.product import OutputPort
from weft.workspace.workspace import Workspace

LATELY = 12  # publications that are shown


@dataclass(frozen=True)
class MeasuredPublication:
    """One publication with its measures."""

    at: datetime
    snapshot_id: int
    rows: int | None
    measures: tuple[Measure, ...]

    @property
    def drifted(self) -> tuple[Measure, ...]:
        """The measures beyond what is usual."""
        return tuple(measure for measure in self.measures if measure.status == "drifted")

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "at": self.at.isoformat(),
            "snapshot": self.snapshot_id,
            "rows": self.rows,
            "drifted": [measure.name for measure in self.drifted],
            "measures": [measure.as_json() for measure in self.measures],
        }


@dataclass(frozen=True)
class Bin:
    """One bin of a column, before and now."""

    label: str
    before: float  # share of the values
    now: float


@dataclass(frozen=True)
class ColumnPicture:
    """The distribution of a column before the newest publication, and in it."""

    column: str
    against: str
    values_before: int
    values_now: int
    bins: tuple[Bin, ...]

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {**vars(self), "bins": [vars(one) for one in self.bins]}


@dataclass(frozen=True)
class PortDrift:
    """The drift of one port."""

    port: PortName
    publications: tuple[MeasuredPublication, ...]  # oldest first; those that were measured
    profiled: int  # publications that led to what is published
    waiting: Measure | None  # how long nothing was published, held against what is usual
    picture: ColumnPicture | None = None

    @property
    def newest(self) -> MeasuredPublication | None:
        """What readers see, if it was measured."""
        return self.publications[-1] if self.publications else None

    @property
    def is_drifted(self) -> bool:
        """Whether anything of the newest publication drifted, or a publication is late."""
        late = self.waiting is not None and self.waiting.status == "drifted"
        return late or bool(self.newest and self.newest.drifted)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "port": str(self.port),
            "drifted": self.is_drifted,
            "waiting": self.waiting and self.waiting.as_json(),
            "publications": [publication.as_json() for publication in self.publications],
            "column": self.picture and self.picture.as_json(),
        }


def drift_of(
    workspace: Workspace, subject: str | None, *, column: str | None = None, since: datetime | None = None
) -> tuple[PortDrift, ...]:
    """The drift of a port, of a product's ports, or of all.

    Args:
        workspace: the mesh.
        subject: `domain/product` or `domain/product/port`; None: every port.
        column: whose distribution to show, of one port.
        since: publications from then on; default: the newest twelve.

    Raises:
        Problem: SHOW001 nothing is called so, DRIFT001 the column has no distribution to show, DRIFT002 a column is
            asked for of several ports.
    """
    ports = _ports(workspace, subject)
    if column is not None and len(ports) != 1:
        raise Problem(
            "DRIFT002",
            "A column is shown of one port.",
            found=f"{len(ports)} ports",
            fix=f"weft drift domain/product/port --column {column}",
        )
    return tuple(_of_port(workspace, port, column, since) for port in ports)


def _ports(workspace: Workspace, subject: str | None) -> list[OutputPort]:
    ports = list(workspace.mesh.output_ports())
    if subject is None:
        return ports
    found = [port for port in ports if subject in (str(port.name), _long(port), str(port.name.product_name))]
    if not found:
        known = [*(str(product.name) for product in workspace.mesh.products), *(_long(port) for port in ports)]
        raise Problem(
            "SHOW001",
            f'Nothing is called "{subject}".',
            expected="domain/product or domain/product/port",
            fix=did_you_mean(subject, known) or "weft ls shows every product and port.",
        )
    return found


def _long(port: OutputPort) -> str:
    return f"{port.name.product_name}/{port.name.port}"


def _of_port(workspace: Workspace, port: OutputPort, column: str | None, since: datetime | None) -> PortDrift:
    ledger = workspace.ledger
    line = publications_of(ledger, port.name)
    facts = {
        fact.snapshot_id: fact
        for fact in ledger.facts(DriftMeasured, port=str(port.name), newest_first=True, limit=None if since else 60)
    }
    shown = [
        MeasuredPublication(
            one.at,
            one.snapshot_id,
            one.rows,
            tuple(measure_of_fact(name, found) for name, found in facts[one.snapshot_id].measures.items()),
        )
        for one in line
        if one.snapshot_id is not None and one.snapshot_id in facts and (since is None or one.at >= since)
    ]
    picture = _picture(line, column, _long(port)) if column is not None else None
    waiting = _waiting(line, workspace.clock.now())
    return PortDrift(port.name, tuple(shown if since else shown[-LATELY:]), len(line), waiting, picture)


def _waiting(line: Sequence[Publication], now: datetime) -> Measure | None:
    """How long the newest publication is ago, as if another came now."""
    if len(line) < 2:
        return None
    return delay(line, Publication(now, None, 0, {}))


def _picture(line: Sequence[Publication], column: str, port: str) -> ColumnPicture:
    newest = newest_profiled(line)
    if newest is None or column not in newest.columns:
        known = list(newest.columns) if newest else []
        raise Problem(
            "DRIFT001",
            f'{port} has no profile of a column "{column}".',
            fix=did_you_mean(column, known) or f"weft show {port} lists its columns.",
        )
    pair = compared(line[: line.index(newest)], newest, column)
    if pair is None:
        raise Problem(
            "DRIFT001",
            f'Column "{column}" of {port} has no distribution to compare.',
            found="one publication" if len(line) == 1 else "no counts in the same bins",
            expected="two publications of a column that is neither personal nor a key, nor of long or unlike texts",
        )
    is_age = "newest_age_seconds" in newest.columns[column]
    bins = tuple(
        Bin(pair.now.grid.label(index, is_age=is_age), was / pair.before.total, count / pair.now.total)
        for index, (was, count) in enumerate(zip(pair.before.counts, pair.now.counts, strict=True))
        if was or count
    )
    listed = sketches_of(newest.columns[column])[-1]
    if pair.before.is_complete and listed.is_complete:  # then each of the others has its own name
        seen, total = set(pair.before.grid.bounds), listed.total
        counted = zip(listed.grid.bounds, listed.counts, strict=False)
        new = tuple(Bin(f"{value} (new)", 0.0, count / total) for value, count in counted if value not in seen)
        bins = (*(bins[:-1] if new else bins), *new)
    return ColumnPicture(column, f"{pair.publications} {pair.words}", pair.before.total, pair.now.total, bins)
