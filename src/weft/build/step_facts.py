"""What the ledger remembers of a step."""

from collections.abc import Iterable
from datetime import datetime

from weft.base.names import PortName
from weft.build.check.finding import Finding
from weft.build.cleanse.report import StepReport
from weft.build.decide import Decision
from weft.build.results import StepResult
from weft.build.run_state import RunState
from weft.build.steps import Step
from weft.ledger.facts import CheckFinding, Cleansed, StepEnded


def step_fact(
    run: RunState,
    step: Step,
    result: StepResult,
    at: datetime,
    *,
    decision: Decision | None = None,
    files: tuple[str, ...] = (),
) -> StepEnded:
    """A step came to its end."""
    return StepEnded(
        at=at,
        run_id=run.run_id,
        product=str(step.product),
        step=step.name,
        port=str(step.port.name) if step.port else None,
        status=result.status,
        reasons=tuple(str(reason) for reason in result.reasons),
        fingerprint=decision.fingerprint if decision else None,
        parts=decision.parts if decision else {},
        snapshot_id=result.snapshot_id,
        files=files,
        rows_in=result.rows_in,
        rows_published=result.rows_published,
        rows_quarantined=result.rows_quarantined,
        duration_seconds=result.duration_seconds,
        problem=_problem(result),
    )


def finding_facts(run: RunState, port: PortName, findings: Iterable[Finding], at: datetime) -> list[CheckFinding]:
    """Every promise that was measured."""
    return [
        CheckFinding(
            at=at,
            run_id=run.run_id,
            port=str(port),
            rule=finding.rule,
            kind=finding.kind,
            severity=finding.severity,
            status=finding.status,
            columns=finding.columns,
            measured=finding.measured,
            unit=finding.unit,
            threshold=finding.threshold,
            broken_rows=finding.broken_rows,
            message=finding.message,
            place=str(finding.place),
        )
        for finding in findings
    ]


def cleansing_facts(run: RunState, step: Step, reports: Iterable[StepReport], at: datetime) -> list[Cleansed]:
    """What each step of a cleansing did."""
    return [
        Cleansed(
            at=at,
            run_id=run.run_id,
            product=str(step.product),
            step=step.name,
            port=str(step.port.name) if step.port else None,
            position=position,
            kind=report.kind,
            rule=report.rule,
            columns=report.columns,
            rows_in=report.rows_in,
            rows_out=report.rows_out,
            rows_merged=report.rows_merged,
            cells=report.cells,
            notes=report.notes,
        )
        for position, report in enumerate(reports, start=1)
    ]


def _problem(result: StepResult) -> dict[str, object] | None:
    if result.problems:
        return result.problems[0].as_json()
    return {"what": result.skipped_because} if result.skipped_because else None
