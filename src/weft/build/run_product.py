"""Build one product: land its sources, then make its tables one after the other in one engine session."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

from weft.base.problem import Problem, Problems
from weft.base.stored_file import told_as_problem
from weft.build.contract_refusal import refuse_unannounced_break
from weft.build.decide import Decision, Values, decide
from weft.build.events import Event
from weft.build.land_sources import Landings, land_sources
from weft.build.make_step import make_step
from weft.build.publish.publish_step import contract_facts
from weft.build.relations import Relations
from weft.build.results import FAILED, LandingResult, ProductResult, StepResult
from weft.build.run_state import RunState
from weft.build.step_facts import step_fact
from weft.build.steps import Step, steps_of
from weft.spec.product import Product


def run_product(run: RunState, product: Product) -> ProductResult:
    """Build one product; what fails stops only what lies behind it."""
    started = time.perf_counter()
    landings: list[LandingResult] = []
    results: list[StepResult] = []
    problems: tuple[Problem, ...] = ()
    try:
        with told_as_problem():  # a full or broken disk, wherever it is met
            steps = steps_of(run.context.mesh, product)
            landed = land_sources(run, product, steps)
            landings = landed.results
            results.extend(_make_all(run, product, steps, landed))
    except (Problem, Problems) as error:
        problems = error.problems if isinstance(error, Problems) else (error,)
        for port in product.output_ports:
            run.fails(product.name, port.name.port, f"{product.name} cannot be built")
    result = ProductResult(product.name, tuple(landings), tuple(results), time.perf_counter() - started, problems)
    run.say(Event("product", product.name, result=result))
    return result


def _make_all(run: RunState, product: Product, steps: tuple[Step, ...], landed: Landings) -> Iterator[StepResult]:
    source_ids = {name: landing.fingerprint for name, landing in landed.by_source.items()}
    model_ids: dict[str, str] = {}
    with ExitStack() as stack:
        relations: Relations | None = None
        work_files: dict[str, tuple[str, ...]] = {}
        for step in steps:
            port = step.port.name if step.port else None
            why = _waits_in_vain(run, step)
            if why is not None:
                result = StepResult(step.name, "skipped", port, skipped_because=why)
                run.broken[product.name, step.name] = why
                _record(run, step, result)
                run.say(Event("made", product.name, step.name, result=result))
                yield result
                continue
            values = Values(source_ids, model_ids, run.port_ids)
            decision = _decided(run, step, values)
            if decision.reasons:
                if relations is None:  # an engine is started by the first step that needs one
                    engine = stack.enter_context(run.engine())
                    by_name = {step.name: step for step in steps}
                    relations = Relations(run, engine, by_name, landed.by_source, work_files)
                run.say(Event("step", product.name, step.name))
                result = _make(run, relations, step, decision, landed.rows_rejected)
            else:
                result = _keep(run, step, decision)
                if decision.before is not None:
                    work_files[step.name] = tuple(str(run.context.storage / file) for file in decision.before.files)
            if result.status in FAILED:
                run.fails(product.name, step.name, f"{step} {'failed' if result.status == 'failed' else 'was refused'}")
            elif step.port is None:
                model_ids[step.name] = decision.fingerprint
            run.say(Event("made", product.name, step.name, result=result))
            yield result


def _decided(run: RunState, step: Step, values: Values) -> Decision:
    is_kept = (str(step.product), step.name) in run.kept
    context = run.context
    forced = None if is_kept else run.forced
    return decide(step, values, run.before, context.environment, context.storage, context.clock.now(), forced)


def _make(run: RunState, relations: Relations, step: Step, decision: Decision, rejected: int) -> StepResult:
    try:
        refuse_unannounced_break(run.context.mesh, step, run.before)
    except Problems as error:
        port = step.port.name if step.port else None
        result = StepResult(step.name, "refused", port, decision.reasons, problems=error.problems)
        _record(run, step, result)
        return result
    return make_step(run, relations, step, decision, rejected)


def _keep(run: RunState, step: Step, decision: Decision) -> StepResult:
    """Nothing to make; where only the words of the contract changed, they are remembered."""
    port = step.port.name if step.port else None
    if not decision.is_refresh:
        return StepResult(step.name, "unchanged", port)
    result = StepResult(
        step.name, "refreshed", port, snapshot_id=decision.before.snapshot_id if decision.before else None
    )
    if not run.request.dry_run:
        now = run.context.clock.now()
        run.context.ledger.record(*contract_facts(run, step, now), step_fact(run, step, result, now, decision=decision))
    return result


def _waits_in_vain(run: RunState, step: Step) -> str | None:
    """Why a step cannot be made in this run: something it reads was not made, or the run stops."""
    for read in step.inputs:
        maker = (step.product, read.name)
        if read.kind == "port" and read.port is not None:
            maker = (read.port.product_name, read.port.port)
        if maker in run.broken:
            return run.broken[maker]
    return run.stopped_because


def _record(run: RunState, step: Step, result: StepResult) -> None:
    if not run.request.dry_run:
        run.context.ledger.record(step_fact(run, step, result, run.context.clock.now()))
