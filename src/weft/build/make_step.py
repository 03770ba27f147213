"""Make one table: run its model, merge, check, publish, and tell the ledger. Nothing here decides whether to."""

import time
from dataclasses import replace
from pathlib import Path

from weft.base.problem import Problem, Problems
from weft.base.stored_file import DIGEST
from weft.build.candidate import ALIGNED, CANDIDATE, CURRENT, MADE, NEW, WHOLE, candidate_of, reads_itself, whole_of
from weft.build.decide import Decision
from weft.build.make_port import make_port
from weft.build.quarantine.corrections import CORRECTED
from weft.build.relations import Relations
from weft.build.results import StepResult
from weft.build.run_state import RunState
from weft.build.step_facts import cleansing_facts, step_fact
from weft.build.steps import Step


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
            result = make_port(run, relations, step, step.port, decision, rejected, started)
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
    before = decision.before if reads_itself(run, step) else None
    kept = [str(storage / file) for file in before.files if (storage / file).exists()] if before else []
    if kept:
        relations.engine.add_parquet(CURRENT, kept)
    candidate = candidate_of(run, relations, step, CURRENT if kept else None)
    whole = whole_of(candidate)
    area = storage / ("cache/dry-run" if run.request.dry_run else "work")
    path = area / step.product.domain / step.product.product / step.name / f"{decision.fingerprint}-{DIGEST}.parquet"
    written = relations.engine.write_parquet(whole, str(path))
    relations.work_files[step.name] = (written.path,)
    if not run.request.dry_run:
        for old in path.parent.glob("*.parquet"):
            if str(old) != written.path:
                old.unlink(missing_ok=True)
    return StepResult(step.name, "made", None, decision.reasons, written.rows, written.rows)
