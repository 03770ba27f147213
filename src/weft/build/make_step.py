"""Make one table: run its model, merge, check, publish, and tell the ledger. Nothing here decides whether to."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from weft.base.data_files import DataFiles
from weft.base.names import PortName
from weft.base.problem import Problem, Problems
from weft.base.stored_file import DIGEST
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.decide import Decision
from weft.build.drift.contract_rules import has_drift_rules
from weft.build.drift.publication import Publication, publications_of
from weft.build.held_against_history import held_against_history
from weft.build.last_good_version import with_last_good_versions, with_open_versions
from weft.build.materialize.merge import MergeInput
from weft.build.materialize.ways import WAYS
from weft.build.new_rows import add_new_rows, snapshot_key
from weft.build.publication_frequency import with_frequency
from weft.build.publish.publish_step import publication_facts, publish
from weft.build.published_profile import remember_profile
from weft.build.quarantine.batch_changes import By
from weft.build.quarantine.batches import forget_closed, held_files, quarantine_folder
from weft.build.quarantine.corrections import CORRECTED, apply_corrections
from weft.build.quarantine.hold_back import hold
from weft.build.quarantine.row_origin import origin_of
from weft.build.relations import Relations
from weft.build.results import StepResult
from weft.build.review.known_reviews import with_reviews
from weft.build.run_model.relation import add_model
from weft.build.run_state import RunState
from weft.build.step_facts import cleansing_facts, finding_facts, step_fact
from weft.build.steps import Step
from weft.build.take_in_waiting import take_in_waiting
from weft.engine.quote import identifier
from weft.ledger.facts import Quarantined
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract, Table
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization
from weft.spec.product import OutputPort

MADE, CURRENT, ALIGNED, NEW = "weft made", "weft current", "weft current aligned", "weft new"
CANDIDATE, WHOLE = "weft candidate", "weft whole"

# What --full makes of nothing but its inputs, and what it does not: rows of these may be nowhere else any more.
_MADE_FROM_SCRATCH = (Materialization.UPSERT, Materialization.INCREMENTAL)
_MEMORIES = (Materialization.APPEND, Materialization.SNAPSHOT)


@dataclass(frozen=True)
class Candidate:
    """Rows that are about to be checked."""

    relation: str
    published: str | None  # relation of rows that stay beside them; None: these are all


def make_step(run: RunState, relations: Relations, step: Step, decision: Decision, rejected: int) -> StepResult:
    """Make one table.

    Args:
        run: the run.
        relations: binds names in the product's engine session.
        step: what is made.
        decision: why, and what of.
        rejected: lines of the product's sources that could not be read.
    """
    started = time.perf_counter()
    try:
        if step.is_view:
            result = StepResult(step.name, "made", reasons=decision.reasons)
        elif step.port is None:
            result = _make_file(run, relations, step, decision)
        else:
            result = _make_port(run, relations, step, step.port, decision, rejected, started)
    except (Problem, Problems) as error:
        problems = error.problems if isinstance(error, Problems) else (error,)
        placed = tuple(p if p.where else replace(p, where=step.place) for p in problems)
        port = step.port.name if step.port else None
        result = StepResult(step.name, "failed", port, decision.reasons, problems=placed)
    finally:
        for relation in (WHOLE, CANDIDATE, NEW, CORRECTED, ALIGNED, CURRENT, MADE):
            relations.engine.drop(relation)
    done = relations.cleansing.get(step.name, ())
    result = replace(result, duration_seconds=time.perf_counter() - started, cleansing=done)
    if not run.request.dry_run and result.snapshot_id is None:  # a publication has recorded its step with itself
        files = relations.work_files.get(step.name, ()) if result.status == "made" else ()
        stored = tuple(str(Path(file).relative_to(run.context.storage)) for file in files)
        now = run.context.clock.now()
        fact = step_fact(run, step, result, now, decision=decision, files=stored)
        run.context.ledger.record(fact, *cleansing_facts(run, step, done, now))
    return result


def _make_file(run: RunState, relations: Relations, step: Step, decision: Decision) -> StepResult:
    """A step on the way: one Parquet file below work/, named by its fingerprint."""
    storage = run.context.storage
    before = decision.before if _reads_itself(run, step) else None
    kept = [str(storage / file) for file in before.files if (storage / file).exists()] if before else []
    if kept:
        relations.engine.add_parquet(CURRENT, kept)
    candidate = _candidate(run, relations, step, CURRENT if kept else None)
    whole = _whole(candidate)
    area = storage / ("cache/dry-run" if run.request.dry_run else "work")
    path = area / step.product.domain / step.product.product / step.name / f"{decision.fingerprint}-{DIGEST}.parquet"
    written = relations.engine.write_parquet(whole, str(path))
    relations.work_files[step.name] = (written.path,)
    if not run.request.dry_run:
        for old in path.parent.glob("*.parquet"):
            if str(old) != written.path:
                old.unlink(missing_ok=True)
    return StepResult(step.name, "made", None, decision.reasons, written.rows, written.rows)


def _make_port(
    run: RunState, relations: Relations, step: Step, port: OutputPort, decision: Decision, rejected: int, started: float
) -> StepResult:
    contract, table = _promise_of(port)
    context, engine = run.context, relations.engine
    columns = columns_of(table.columns)
    current = run.files(port.name) if _reads_itself(run, step) else None
    if current is not None:
        if port.name in run.before.lost:
            raise Problem(
                "BUILD011",
                f"{port.name} adds to what is published, and a file of that is gone.",
                step.place,
                fix="Bring the file back from a backup, or go back to a snapshot that is whole: weft rollback.",
            )
        engine.add_files(CURRENT, current)
    candidate = _candidate(run, relations, step, CURRENT if current is not None else None)
    if candidate.published is not None and not _can_append(run, port.name, decision, current, columns):
        engine.add_view(WHOLE, _whole(candidate))
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
    if checked.rows_quarantined and _can_append(run, port.name, decision, current, columns):
        checked = with_last_good_versions(engine, step, checked, targets, new=NEW, current=ALIGNED)
    if checked.rows_quarantined and current is not None:
        checked = with_open_versions(engine, step, checked, targets, current=ALIGNED)
    if checked.rows_quarantined:
        seen = None  # other rows may stand in for those held back
    return _published(run, relations, step, port, decision, checked, targets, candidate, rejected, started, seen)


def _reads_itself(run: RunState, step: Step) -> bool:
    """Whether the table as it is goes into the table as it shall be."""
    kind = step.settings.materialization
    return kind in _MEMORIES or (kind in _MADE_FROM_SCRATCH and not run.forced)


def _candidate(run: RunState, relations: Relations, step: Step, current: str | None) -> Candidate:
    """The rows to check, by the step's materialization; nothing is computed yet."""
    engine, settings = relations.engine, step.settings
    relations.bind(step)
    if step.model is None:
        engine.add_view(MADE, f"FROM {identifier(step.inputs[0].name)}")
    else:
        relations.cleansing[step.name] = add_model(engine, step.model, MADE, run.context.mesh.root)
    current = _with_columns_of_model(relations, step, current)
    made = MADE
    if step.port is not None and step.port.table is not None:
        # Before anything is merged: a correction stands for the row that the model makes.
        made = apply_corrections(engine, MADE, step.port.table, quarantine_folder(run.context.storage, step.port.name))
    add_new_rows(engine, step, made, current, NEW)
    merge = WAYS[settings.materialization](
        MergeInput(
            new=NEW,
            current=current,
            columns=tuple(engine.describe(f"FROM {identifier(NEW)}")),
            key=snapshot_key(step) if settings.materialization is Materialization.SNAPSHOT else step.key,
            settings=settings,
            now=run.context.clock.now(),
        )
    )
    engine.add_view(CANDIDATE, merge.sql)
    return Candidate(CANDIDATE, current if merge.mode == "append" else None)


def _with_columns_of_model(relations: Relations, step: Step, current: str | None) -> str | None:
    """The table as it is with the columns that the model's rows have now, and those that a history adds."""
    if current is None:
        return None
    wanted = relations.engine.describe(f"FROM {identifier(MADE)}")
    known = relations.engine.describe(f"FROM {identifier(current)}")
    if step.settings.materialization is Materialization.SNAPSHOT:
        wanted = {**wanted, **SNAPSHOT_COLUMNS}
    relations.engine.add_view(ALIGNED, _aligned(wanted, known, current))
    return ALIGNED


def _aligned(wanted: Mapping[str, str], known: Mapping[str, str], relation: str) -> str:
    """A table with the columns that are wanted now: new ones are NULL in its older rows, dropped ones go."""
    by_folded = {name.casefold(): name for name in known}
    columns = []
    for name, kind in wanted.items():
        source = by_folded.get(name.casefold())
        value = f"CAST(NULL AS {kind})" if source is None else identifier(source)
        columns.append(f"{value} AS {identifier(name)}")
    return f"SELECT {', '.join(columns)} FROM {identifier(relation)}"


def _whole(candidate: Candidate) -> str:
    if candidate.published is None:
        return f"FROM {identifier(candidate.relation)}"
    return f"FROM {identifier(candidate.published)} UNION ALL BY NAME FROM {identifier(candidate.relation)}"


def _can_append(
    run: RunState, port: PortName, decision: Decision, current: DataFiles | None, columns: Mapping[str, str]
) -> bool:
    """Whether the rows that are there need not be looked at: they were checked under this very contract."""
    if run.forced or decision.before is None or current is None:
        return False
    same_promise = all(
        decision.before.parts.get(part) == decision.parts.get(part) for part in ("contract", "tolerance")
    )
    same_references = not any(reason.kind == "reference" for reason in decision.reasons)
    same_columns = {field.name: field.type for field in current.fields} == dict(columns)
    # After a rollback the rows are those of an earlier making, which may have promised less.
    head = run.before.heads.get(port)
    same_making = head is not None and head.properties.get("weft.fingerprint") == decision.before.fingerprint
    return same_promise and same_references and same_columns and same_making


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
    return take_in_waiting(run, port.name, decision, result) if _reads_itself(run, step) else result


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
        remade=not _reads_itself(run, step),
        origin=origin_of(relations, step),
        current=CURRENT if _reads_itself(run, step) and run.before.heads.get(port.name) else None,
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
