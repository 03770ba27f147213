"""Make a port: gather its rows, check them against the contract, and publish those that keep it, or refuse."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Literal

from weft.base.data_files import DataFiles
from weft.base.problem import Problem
from weft.base.stored_file import DIGEST
from weft.build.candidate import (
    ALIGNED,
    CURRENT,
    NEW,
    WHOLE,
    Candidate,
    can_append,
    candidate_of,
    reads_itself,
    whole_of,
)
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.decide import Decision
from weft.build.drift.contract_rules import has_drift_rules
from weft.build.drift.publication import Publication, publications_of
from weft.build.held_against_history import held_against_history
from weft.build.last_good_version import with_last_good_versions, with_open_versions
from weft.build.publication_frequency import with_frequency
from weft.build.publish.publish_step import publication_facts, publish
from weft.build.published_profile import remember_profile
from weft.build.quarantine.batch_changes import By
from weft.build.quarantine.batches import forget_closed, held_files, quarantine_folder
from weft.build.quarantine.hold_back import hold
from weft.build.quarantine.row_origin import origin_of
from weft.build.relations import Relations
from weft.build.results import StepResult
from weft.build.review.known_reviews import with_reviews
from weft.build.run_state import RunState
from weft.build.step_facts import cleansing_facts, finding_facts, step_fact
from weft.build.steps import Step
from weft.build.take_in_waiting import take_in_waiting
from weft.ledger.facts import Quarantined
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract, Table
from weft.spec.product import OutputPort


def make_port(
    run: RunState, relations: Relations, step: Step, port: OutputPort, decision: Decision, rejected: int, started: float
) -> StepResult:
    """Make one port.

    Args:
        run: the run.
        relations: binds names in the product's engine session.
        step: what is made.
        port: which port the step makes.
        decision: why, and what of.
        rejected: lines of the product's sources that could not be read.
        started: when the step began, by the performance counter.

    Raises:
        Problem: the port has no contract, a file that it adds to is gone, its rows cannot be computed or published.
    """
    contract, table = _promise_of(port)
    context, engine = run.context, relations.engine
    columns = columns_of(table.columns)
    current = run.files(port.name) if reads_itself(run, step) else None
    if current is not None:
        if port.name in run.before.lost:
            raise Problem(
                "BUILD011",
                f"{port.name} adds to what is published, and a file of that is gone.",
                step.place,
                fix="Bring the file back from a backup, or go back to a snapshot that is whole: weft rollback.",
            )
        engine.add_files(CURRENT, current)
    candidate = candidate_of(run, relations, step, CURRENT if current is not None else None)
    if candidate.published is not None and not can_append(run, port.name, decision, current, columns):
        engine.add_view(WHOLE, whole_of(candidate))
        candidate = Candidate(WHOLE, None)
    fields = context.lake.fields_for(port.name, columns)
    folder = context.lake.data_folder(port.name)
    held = quarantine_folder(context.storage, port.name)
    targets = AuditTargets(
        fields,
        folder / f"{run.run_id}-{step.name}-{DIGEST}.parquet",
        held / f"{run.run_id}-{DIGEST}.parquet",
        run.run_id,
    )
    known = relations.references(step)
    checked = audit(
        engine,
        candidate.relation,
        table,
        contract,
        port=port.name,
        references={name: known.get(name) for name in step.references},
        reference_tables=relations.reference_tables(step),
        now=context.clock.now(),
        tolerance=context.environment.quarantine_tolerance,
        write=targets,
        published=candidate.published,
    )
    now = context.clock.now()
    findings = with_reviews(checked.findings, context.ledger, port.name, contract, table, now)
    checked = replace(checked, findings=with_frequency(findings, context.ledger, port.name, contract, now))
    seen = None
    if has_drift_rules(checked.findings) and not checked.refused:
        checked, seen = held_against_history(run, engine, port, table, checked, candidate.published)
    if checked.refused:
        return _refused(run, relations, step, port, decision, checked)
    if checked.rows_quarantined and can_append(run, port.name, decision, current, columns):
        checked = with_last_good_versions(engine, step, checked, targets, new=NEW, current=ALIGNED)
    if checked.rows_quarantined and current is not None:
        checked = with_open_versions(engine, step, checked, targets, current=ALIGNED)
    if checked.rows_quarantined:
        seen = None  # other rows may stand in for those held back
    return _published(run, relations, step, port, decision, checked, targets, candidate, rejected, started, seen)


def _published(
    run: RunState,
    relations: Relations,
    step: Step,
    port: OutputPort,
    decision: Decision,
    checked: Audit,
    targets: AuditTargets,
    candidate: Candidate,
    rejected: int,
    started: float,
    seen: Publication | None,
) -> StepResult:
    context = run.context
    result = StepResult(
        step.name,
        "made",
        port.name,
        decision.reasons,
        rows_in=checked.rows_in,
        rows_published=checked.rows_published,
        rows_quarantined=checked.rows_quarantined,
        findings=checked.findings,
    )
    if run.request.dry_run:
        paths = tuple(file.path for file in checked.good if file.rows)
        run.candidates[port.name] = DataFiles(paths, tuple(targets.fields), checked.rows_published)
        run.port_ids[port.name] = f"candidate {decision.fingerprint}"
        return result
    mode: Literal["replace", "append"] = "append" if candidate.published is not None else "replace"
    now = context.clock.now()
    published = publication_facts(
        run,
        step,
        at=now,
        mode=mode,
        inputs={name: value for name, value in decision.parts.items() if " " in name},
        rows_quarantined=checked.rows_quarantined,
        rows_rejected=rejected,
    )
    held_before = held_files(context.storage, port.name) - {Path(file.path) for file in checked.quarantined}
    held = _hold(run, relations, step, port, checked)
    made = replace(result, duration_seconds=time.perf_counter() - started)
    facts = (
        *published,
        *finding_facts(run, port.name, checked.findings, now),
        *held,
        *cleansing_facts(run, step, relations.cleansing.get(step.name, ()), now),
        step_fact(run, step, made, now, decision=decision),
    )
    history = publications_of(context.ledger, port.name)
    snapshot = publish(
        run,
        step,
        targets.fields,
        checked.good,
        mode=mode,
        fingerprint=decision.fingerprint,
        rows_quarantined=checked.rows_quarantined,
        facts=facts,
        written=[
            *(Path(file.path) for file in checked.good),
            *(held_files(context.storage, port.name) - held_before),
        ],
    )
    forget_closed(context.ledger, context.storage, port.name)
    measures = remember_profile(run, relations.engine, port, snapshot.snapshot_id, history, seen)
    drifted = tuple(measure.name for measure in measures if measure.status == "drifted")
    result = replace(result, snapshot_id=snapshot.snapshot_id, drifted=drifted)
    return take_in_waiting(run, port.name, decision, result) if reads_itself(run, step) else result


def _hold(run: RunState, relations: Relations, step: Step, port: OutputPort, checked: Audit) -> list[Quarantined]:
    """What the quarantine keeps of this audit, and which earlier batches it overtakes."""
    assert port.table is not None, step
    return hold(
        relations.engine,
        run.context.ledger,
        run.context.storage,
        port.name,
        checked,
        port.table,
        by=By(run.run_id, run.context.clock.now(), run.context.actor),
        remade=not reads_itself(run, step),
        origin=origin_of(relations, step),
        current=CURRENT if reads_itself(run, step) and run.before.heads.get(port.name) else None,
    )


def _refused(
    run: RunState, relations: Relations, step: Step, port: OutputPort, decision: Decision, checked: Audit
) -> StepResult:
    context = run.context
    if not run.request.dry_run:
        findings = finding_facts(run, port.name, checked.findings, context.clock.now())
        context.ledger.record(*findings, *_hold(run, relations, step, port, checked))
        forget_closed(context.ledger, context.storage, port.name)
    contract_place = port.contract.place if port.contract else port.place
    stays = " The earlier publication stays." if run.snapshot_ids.get(port.name) else ""
    problem = Problem(
        "BUILD010",
        f"{port.name} was not published: its rows break its contract.{stays}",
        next((finding.place for finding in checked.findings if finding.refuses), contract_place),
        found=" ".join(checked.refusals),
        fix=f"weft show {port.name} names every broken rule; mend the model or its sources, or change the contract.",
    )
    return StepResult(
        step.name,
        "refused",
        port.name,
        decision.reasons,
        rows_in=checked.rows_in,
        rows_refused=checked.rows_in,
        findings=checked.findings,
        problems=(problem,),
    )


def _promise_of(port: OutputPort) -> tuple[Contract, Table]:
    if port.contract is None or port.table is None:
        raise Problem(
            "BUILD005",
            f"{port.name} has no contract to be published under.",
            port.place,
            expected="a file in contracts/ whose id is the port's contractId, with a table of the port's name",
        )
    return port.contract, port.table
