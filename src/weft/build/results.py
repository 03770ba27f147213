"""What a build did, product by product, with totals that add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem
from weft.build.check.finding import Finding, counted_by_status
from weft.build.cleanse.report import StepReport
from weft.build.fingerprint import Reason

FAILED = ("failed", "refused")


@dataclass(frozen=True)
class LandingResult:
    """One source."""

    source: str
    status: str  # landed | unchanged | failed
    rows_in_files: int = 0
    rows_landed: int = 0
    rows_rejected: int = 0
    duration_seconds: float = 0.0
    problems: tuple[Problem, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "source": self.source,
            "status": self.status,
            "rows_in_files": self.rows_in_files,
            "rows_landed": self.rows_landed,
            "rows_rejected": self.rows_rejected,
            "duration_seconds": round(self.duration_seconds, 3),
            "problems": [problem.as_json() for problem in self.problems],
        }


@dataclass(frozen=True)
class StepResult:
    """One table."""

    step: str
    status: str  # made | refreshed | unchanged | refused | failed | skipped
    port: PortName | None = None
    reasons: tuple[Reason, ...] = ()
    rows_in: int = 0  # always published + quarantined, or refused
    rows_published: int = 0
    rows_quarantined: int = 0
    rows_refused: int = 0
    snapshot_id: int | None = None
    findings: tuple[Finding, ...] = ()
    duration_seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    skipped_because: str | None = None
    cleansing: tuple[StepReport, ...] = ()
    drifted: tuple[str, ...] = ()  # measures beyond what is usual

    @property
    def rows_merged(self) -> int:
        """Rows of the model that became one with another before anything was checked; not part of `rows_in`."""
        return sum(report.rows_merged for report in self.cleansing)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "step": self.step,
            "port": str(self.port) if self.port else None,
            "status": self.status,
            "reasons": [str(reason) for reason in self.reasons],
            "rows_in": self.rows_in,
            "rows_published": self.rows_published,
            "rows_quarantined": self.rows_quarantined,
            "rows_refused": self.rows_refused,
            "rows_merged": self.rows_merged,
            "cleansing": [report.as_json() for report in self.cleansing],
            "snapshot_id": self.snapshot_id,
            "findings": [finding.as_json() for finding in self.findings if finding.status != "passed"],
            "drifted": list(self.drifted),
            "checks": len(self.findings),
            "checks_by_status": counted_by_status(self.findings),
            "duration_seconds": round(self.duration_seconds, 3),
            "problems": [problem.as_json() for problem in self.problems],
            "skipped_because": self.skipped_because,
        }


@dataclass(frozen=True)
class ProductResult:
    """One product."""

    product: ProductName
    landings: tuple[LandingResult, ...] = ()
    steps: tuple[StepResult, ...] = ()
    duration_seconds: float = 0.0
    problems: tuple[Problem, ...] = ()  # of the product as a whole

    @property
    def status(self) -> str:
        """Failed where anything failed; skipped where something was left out; built where anything was made."""
        seen = {step.status for step in self.steps} | {landing.status for landing in self.landings}
        if self.problems or seen & set(FAILED):
            return "failed"
        for status, name in (("skipped", "skipped"), ("made", "built")):
            if status in seen:
                return name
        return "unchanged"

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "product": str(self.product),
            "status": self.status,
            "sources": [landing.as_json() for landing in self.landings],
            "steps": [step.as_json() for step in self.steps],
            "duration_seconds": round(self.duration_seconds, 3),
            "problems": [problem.as_json() for problem in self.problems],
        }


@dataclass(frozen=True)
class Totals:
    """Sums over a build.

    Of sources: rows in files = landed + rejected. Of ports: rows in = published + quarantined + refused.
    """

    products: Mapping[str, int] = field(default_factory=dict)  # by status
    rows_in_files: int = 0
    rows_landed: int = 0
    rows_rejected: int = 0
    rows_in: int = 0
    rows_published: int = 0
    rows_quarantined: int = 0
    rows_refused: int = 0
    rows_merged: int = 0  # of ports' models, by a declared cleansing; beside `rows_in`
    duration_seconds: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        counted = {f"products_{status}": count for status, count in self.products.items()}
        rows = {name: value for name, value in vars(self).items() if name.startswith("rows_")}
        return {**counted, **rows, "duration_seconds": round(self.duration_seconds, 3)}


@dataclass(frozen=True)
class BuildResult:
    """A whole build."""

    run_id: str | None  # None: nothing was to be done, or a dry run
    status: str  # done | failed | interrupted | nothing
    products: tuple[ProductResult, ...] = ()
    totals: Totals = field(default_factory=Totals)
    note: str | None = None

    @property
    def is_failed(self) -> bool:
        """Whether the command ends with a failure."""
        return self.status in ("failed", "interrupted")

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem of every product, warnings of sources included."""
        found: list[Problem] = []
        for product in self.products:
            found += product.problems
            found += [problem for landing in product.landings for problem in landing.problems]
            found += [problem for step in product.steps for problem in step.problems]
        return tuple(dict.fromkeys(found))

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "run": self.run_id,
            "status": self.status,
            "note": self.note,
            "totals": self.totals.as_json(),
            "products": [product.as_json() for product in self.products],
        }


def totals_of(products: Iterable[ProductResult], duration_seconds: float) -> Totals:
    """Add up. Rows of steps on the way are nobody's rows and are not counted; nor is what did not change."""
    products = list(products)
    counted = dict.fromkeys(("built", "unchanged", "failed", "skipped"), 0)
    for product in products:
        counted[product.status] += 1
    landings = [landing for product in products for landing in product.landings if landing.status == "landed"]
    steps = [step for product in products for step in product.steps if step.port is not None]
    totals = Totals(
        products=counted,
        rows_in_files=sum(landing.rows_in_files for landing in landings),
        rows_landed=sum(landing.rows_landed for landing in landings),
        rows_rejected=sum(landing.rows_rejected for landing in landings),
        rows_in=sum(step.rows_in for step in steps),
        rows_published=sum(step.rows_published for step in steps),
        rows_quarantined=sum(step.rows_quarantined for step in steps),
        rows_refused=sum(step.rows_refused for step in steps),
        rows_merged=sum(step.rows_merged for step in steps),
        duration_seconds=duration_seconds,
    )
    if totals.rows_in != totals.rows_published + totals.rows_quarantined + totals.rows_refused:
        raise AssertionError(f"rows do not add up: {totals}")  # a row that nobody can account for is a bug
    return totals
