"""Land the sources that a product's steps read, where they may have changed."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from weft.base.problem import Problem, Problems
from weft.build.events import Event
from weft.build.results import LandingResult
from weft.build.run_state import RunState
from weft.build.steps import Step
from weft.ingest.landing import Landing
from weft.ledger.facts import Landed
from weft.spec.making import Source
from weft.spec.product import Product


@dataclass
class Landings:
    """The sources of one product."""

    by_source: dict[str, Landing] = field(default_factory=dict)  # those that can be read
    results: list[LandingResult] = field(default_factory=list)

    @property
    def rows_rejected(self) -> int:
        """Lines that could not be read, over all sources."""
        return sum(landing.rows_rejected for landing in self.by_source.values())


def land_sources(run: RunState, product: Product, steps: tuple[Step, ...]) -> Landings:
    """Land every source that a step reads; a source that fails stops only what lies behind it."""
    landings = Landings()
    used = dict.fromkeys(read.name for step in steps for read in step.inputs if read.kind == "source")
    for name in used:
        if run.stopped_because:
            run.broken[product.name, name] = run.stopped_because
            continue
        run.say(Event("source", product.name, name))
        result = _land_one(run, product, product.making.sources[name], landings)
        landings.results.append(result)
        run.say(Event("landed", product.name, name, result=result))
        if result.status == "failed":
            run.fails(product.name, name, f"source {name} of {product.name} failed")
    return landings


def _land_one(run: RunState, product: Product, source: Source, landings: Landings) -> LandingResult:
    from weft.ingest.land import changed, land
    from weft.ingest.whole_landing import whole_landing

    context = run.context
    fact = run.before.landing(product.name, source.name)
    previous = Landing.from_json(fact.landing) if fact else None
    started = time.perf_counter()
    try:
        if previous is not None and run.request.full and not run.request.dry_run:
            previous = whole_landing(source, previous, context.vault)
        if previous is not None and not changed(source, context.mesh.root, previous):
            landings.by_source[source.name] = previous
            return LandingResult(source.name, "unchanged")
        landing = land(
            source,
            product=product.name,
            mesh_root=context.mesh.root,
            folder=landing_folder(context.storage, product, source),
            previous=previous,
            now=context.clock.now(),
            scratch_engine=lambda: context.new_engine(run.memory, run.threads),
            progress=lambda line: run.say(Event("note", product.name, source.name, text=line)),
            vault=context.vault,
        )
    except (Problem, Problems) as error:
        problems = error.problems if isinstance(error, Problems) else (error,)
        return LandingResult(
            source.name, "failed", duration_seconds=time.perf_counter() - started, problems=tuple(problems)
        )
    landings.by_source[source.name] = landing
    seconds = time.perf_counter() - started
    if not run.request.dry_run:
        context.ledger.record(_fact(run, product, landing, seconds))
    if landing.unchanged:
        return LandingResult(source.name, "unchanged", duration_seconds=seconds)
    return LandingResult(
        source.name,
        "landed",
        landing.rows_in_files,
        landing.rows_landed,
        landing.rows_rejected,
        seconds,
        tuple(landing.problems),
    )


def landing_folder(storage: Path, product: Product, source: Source) -> Path:
    """Where a source's raw files and their Parquet lie."""
    return storage / "landings" / product.name.domain / product.name.product / source.name


def _fact(run: RunState, product: Product, landing: Landing, seconds: float) -> Landed:
    return Landed(
        at=run.context.clock.now(),
        run_id=run.run_id,
        product=str(product.name),
        source=landing.source,
        fingerprint=landing.fingerprint,
        rows_in_files=landing.rows_in_files,
        rows_landed=landing.rows_landed,
        rows_rejected=landing.rows_rejected,
        unchanged=landing.unchanged,
        landing=landing.as_json(),
        duration_seconds=seconds,
    )
