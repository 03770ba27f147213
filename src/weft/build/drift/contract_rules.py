"""Rules of a contract about drift, measured on the candidate before it is published."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from weft.build.check.finding import Finding
from weft.build.check.foreign.drift_rule import KIND, DriftRule, drift_rule, is_drift_rule
from weft.build.check.foreign.foreign_rule import NotMapped
from weft.build.drift.measure import Measure
from weft.build.drift.measure_drift import measure_drift
from weft.build.drift.publication import Publication
from weft.spec.contract import RuleKind, Table
from weft.spec.contract_walk import rules_of

_UNITS = {"delay": "seconds", "newest_row": "seconds"}


def has_drift_rules(findings: Iterable[Finding]) -> bool:
    """Whether any finding waits for a measure of drift."""
    return any(finding.kind == KIND for finding in findings)


def with_drift(
    findings: Iterable[Finding], table: Table, history: Sequence[Publication], candidate: Publication
) -> tuple[Finding, ...]:
    """The same findings, with those of drift measured against earlier publications.

    A rule of severity error that is broken refuses the candidate. One that has nothing to compare with is not
    applicable and refuses nothing.
    """
    findings = tuple(findings)
    asked: dict[str, DriftRule] = {}
    for rule in rules_of(table):
        if rule.kind is RuleKind.CUSTOM and is_drift_rule(rule):
            try:
                asked[str(rule.place)] = drift_rule(rule)
            except NotMapped:
                continue  # told by the check already
    wanted = [_stored(table, rule.column) for rule in asked.values() if rule.column]
    measures = measure_drift(history, candidate, wanted)
    return tuple(
        _measured(finding, asked[str(finding.place)], table, measures)
        if finding.kind == KIND and str(finding.place) in asked
        else finding
        for finding in findings
    )


def _stored(table: Table, column: str) -> str:
    found = table.column(column)
    return found.stored_name if found is not None else column


def _measured(finding: Finding, rule: DriftRule, table: Table, measures: Sequence[Measure]) -> Finding:
    column = _stored(table, rule.column) if rule.column else None
    of_column = [measure for measure in measures if measure.column == column]
    found = next((measure for measure in of_column if measure.kind == rule.measure), None)
    is_judged = found is not None and (found.status != "not_applicable" or rule.limit is not None)
    if found is None or not is_judged or found.measured is None or found.expected is None:
        told = found or next((measure for measure in of_column if measure.status == "not_applicable"), None)
        why = told.message if told is not None else _nothing_counted(measures)
        return replace(finding, message=why, refuses=False)
    is_kept = rule.limit.allows(found.measured) if rule.limit is not None else found.status == "usual"
    is_error = rule.severity == "error"
    threshold = str(rule.limit) if rule.limit is not None else f"must be {found.expected}"
    return replace(
        finding,
        status="passed" if is_kept else "failed" if is_error else "warned",
        measured=found.measured,
        unit=_UNITS.get(rule.measure),
        threshold=threshold,
        message=f"Compared with {found.against}{f'; {found.message}' if found.message else ''}.",
        refuses=is_error and not is_kept,
    )


def _nothing_counted(measures: Sequence[Measure]) -> str:
    if all(measure.status == "not_applicable" for measure in measures if measure.column is None) and not any(
        measure.column for measure in measures
    ):
        return "There is no earlier publication to compare with."
    return "Its values are not counted: the column is personal, a key, of long texts, or of too many different ones."
