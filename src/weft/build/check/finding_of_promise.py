"""From a promise and what was measured of it to a finding, and from a finding to the sentence that refuses."""

from dataclasses import replace

from weft.base.measured import measured_text
from weft.build.check.finding import Finding, Status
from weft.build.check.promise import Promise, Unchecked


def measured_finding(
    promise: Promise,
    is_kept: bool,
    measured: float | None,
    unit: str | None,
    *,
    refuses: bool = True,
    threshold: str | None = None,
) -> Finding:
    """Of a promise that was computed."""
    status: Status = "passed"
    if not is_kept:
        status = "failed" if promise.severity == "error" else "warned"
    return Finding(
        rule=promise.rule,
        kind=promise.kind,
        severity=promise.severity,
        status=status,
        place=promise.place,
        columns=promise.columns,
        measured=measured,
        unit=unit,
        threshold=threshold or str(promise.limit),
        refuses=refuses and not is_kept and promise.may_refuse,
    )


def not_run(promise: Promise, reason: str, blocks: bool, measured: float | None = None) -> Finding:
    """Of a promise that was not computed and should have been; where that blocks, nothing is published."""
    threshold = None if isinstance(promise, Unchecked) else str(promise.limit) or None
    return Finding(
        rule=promise.rule,
        kind=promise.kind,
        severity=promise.severity,
        status="not_run",
        place=promise.place,
        columns=promise.columns,
        measured=measured,
        threshold=threshold,
        refuses=blocks and promise.may_refuse,
        message=reason,
    )


def not_applicable(promise: Promise, reason: str) -> Finding:
    """Of a promise for which there was nothing to compare."""
    return replace(not_run(promise, reason, blocks=False), status="not_applicable")


def refusal(finding: Finding) -> str:
    """Why nothing is published, where this finding stops it."""
    if finding.status == "not_run":
        return f"{finding.rule} could not be checked: {finding.message}"
    measured = "" if finding.measured is None else f" is {measured_text(finding.measured, finding.unit)}"
    message = f" {finding.message}" if finding.message else ""
    return f"{finding.rule}{measured}; it {finding.threshold}.{message}"
