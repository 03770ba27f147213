"""`weft build`: land, make, check and publish what is not up to date, independent products side by side."""

import os
import secrets
import shutil
import socket
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import weft
from weft.base.names import ProductName
from weft.build.context import BuildContext, BuildRequest
from weft.build.events import Event, OnEvent, say_nothing
from weft.build.lock import build_lock
from weft.build.made_before import MadeBefore, recall
from weft.build.plan import Plan, chosen_products, plan_products, refuse_broken_mesh
from weft.build.publish.publish_once import settle_publications
from weft.build.results import BuildResult, ProductResult, StepResult, totals_of
from weft.build.resume import last_failed_run
from weft.build.run_product import run_product
from weft.build.run_state import RunState
from weft.build.shared_lock import shared_lock
from weft.build.shares import default_jobs, share_of_memory, share_of_threads
from weft.build.standing import remember_standing
from weft.build.steps import product_order
from weft.ledger.facts import RunEnded, RunStarted

# How often the waiting main thread looks up, so that Ctrl-C is heard.
_LOOK_UP_SECONDS = 0.2


def build(
    context: BuildContext, request: BuildRequest, on_event: OnEvent = say_nothing, *, wait_seconds: float = 0.0
) -> BuildResult:
    """Build the selected products.

    Args:
        context: the opened mesh.
        request: what to build and how.
        on_event: hears what happens, from several threads.
        wait_seconds: how long to wait for another build of this environment.

    Returns:
        What was done; failures of products are in it, not raised.

    Raises:
        Problem: the lock is held (BUILD001), the selection chooses nothing; Problems: the mesh is not valid.
        KeyboardInterrupt: after everything that ran was ended and the run was recorded.
    """
    refuse_broken_mesh(context.mesh)
    now = context.clock.now()
    with (
        build_lock(context.storage, command=request.command, actor=context.actor, now=now, wait_seconds=wait_seconds),
        shared_lock(context.ledger, wait_seconds=wait_seconds),
    ):
        settle_publications(context.lake, context.ledger, context.storage)
        resumed = last_failed_run(context.ledger) if request.resume else None
        if request.resume and resumed is None:
            return BuildResult(None, "nothing", note="Nothing to resume: the last build ended well.")
        if resumed is not None:
            request = resumed.request_for(request)
        before = recall(context)
        chosen = chosen_products(context, request, before)
        kept = resumed.made if resumed else frozenset()
        plan = plan_products(context, before, chosen, "--full" if request.full else None, kept)
        if plan.is_empty and not plan.has_changed_sources:
            unchanged = [ProductResult(product.product) for product in plan.products]
            note = remember_standing(context, before, plan)
            return BuildResult(None, "nothing", (), totals_of(unchanged, 0.0), note)
        result = _Build(context, request, before, plan, kept, on_event).run()
        if result.status == "done" and not request.dry_run:
            standing = _note_what_stands(context, chosen)
            if result.totals.products["unchanged"] == len(chosen):
                result = replace(result, note=standing)
        return result


def _note_what_stands(context: BuildContext, chosen: Sequence[ProductName]) -> str | None:
    """Look once more, so that the next build need not."""
    before = recall(context)
    plan = plan_products(context, before, chosen, None)
    if not plan.is_empty or plan.has_changed_sources:
        return None
    return remember_standing(context, before, plan)


class _Build:
    def __init__(
        self,
        context: BuildContext,
        request: BuildRequest,
        before: MadeBefore,
        plan: Plan,
        kept: frozenset[tuple[str, str]],
        on_event: OnEvent,
    ) -> None:
        self.context, self.request, self.plan = context, request, plan
        self.chosen = [product.product for product in plan.products]
        self.jobs = max(1, min(request.jobs or default_jobs(), plan.products_to_make or 1))
        self.state = RunState(
            run_id=_new_run_id(context),
            context=context,
            request=request,
            before=before,
            on_event=on_event,
            memory=share_of_memory(context.environment.memory, self.jobs),
            threads=share_of_threads(context.environment.threads, self.jobs),
            forced="--full" if request.full else None,
            kept=kept,
        )

    def run(self) -> BuildResult:
        started = time.perf_counter()
        self._record_start()
        self.state.say(Event("run", name=self.state.run_id, count=self.plan.steps_to_make))
        status = "failed"  # of a run that a bug of ours ends
        results: list[ProductResult] = []
        try:
            self._run_all(results)
            status = "failed" if any(result.status in ("failed", "skipped") for result in results) else "done"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            result = self._end_whatever_comes(status, results, time.perf_counter() - started)
        return result

    def _end_whatever_comes(self, status: str, results: list[ProductResult], seconds: float) -> BuildResult:
        try:
            return self._end(status, results, seconds)
        except KeyboardInterrupt:  # told to stop while just this was written down
            if not self.request.dry_run and not self.context.ledger.count(RunEnded, run_id=self.state.run_id):
                self._end(status, results, seconds)
            raise

    def _run_all(self, results: list[ProductResult]) -> None:
        order = product_order(self.context.mesh)
        waiting = {name: set(order.upstream(name)) & set(self.chosen) for name in self.chosen}
        running: dict[Future[ProductResult], ProductName] = {}
        with ThreadPoolExecutor(self.jobs, thread_name_prefix="weft") as pool:
            try:
                while waiting or running:
                    for name in [name for name, needs in waiting.items() if not needs]:
                        del waiting[name]
                        product = self.context.mesh.product(name)
                        assert product is not None, name
                        running[pool.submit(run_product, self.state, product)] = name
                    done, _ = wait(running, timeout=_LOOK_UP_SECONDS, return_when=FIRST_COMPLETED)
                    for future in done:
                        name = running.pop(future)
                        results.append(future.result())
                        for needs in waiting.values():
                            needs.discard(name)
            except BaseException as error:
                is_interrupted = isinstance(error, KeyboardInterrupt)
                # After a bug of ours, what runs comes to its end; in both cases nothing new begins.
                self.state.stop("it was interrupted" if is_interrupted else "weft failed")
                for future in running:
                    future.cancel()
                while is_interrupted and wait(running, timeout=_LOOK_UP_SECONDS).not_done:
                    self.state.interrupt()  # reaches only what an engine does right now, so again and again
                results.extend(_ended(running))
                raise

    def _record_start(self) -> None:
        if self.request.dry_run:
            return
        request = self.request
        self.context.ledger.record(
            RunStarted(
                at=self.context.clock.now(),
                run_id=self.state.run_id,
                command=request.command,
                actor=self.context.actor,
                environment=self.context.environment.name,
                host=socket.gethostname(),
                pid=os.getpid(),
                weft_version=weft.__version__,
                selection=request.selection,
                options={"exclude": list(request.exclude), "full": request.full, "resume": request.resume},
            )
        )

    def _end(self, status: str, results: list[ProductResult], seconds: float) -> BuildResult:
        place = {name: number for number, name in enumerate(self.chosen)}
        if why := self.state.stopped_because:
            ended = {result.product for result in results}
            results = [*results, *(_left_out(name, why) for name in self.chosen if name not in ended)]
        ordered = tuple(sorted(results, key=lambda result: place[result.product]))
        totals = totals_of(ordered, seconds)
        if self.request.dry_run:
            self._forget_candidates()
            done = "everything was made and checked" if status == "done" else "not everything could be published"
            note = f"Dry run: {done}, nothing was published."
            return BuildResult(None, status, ordered, totals, note)
        counted = totals.products
        self.context.ledger.record(
            RunEnded(
                at=self.context.clock.now(),
                run_id=self.state.run_id,
                status=status,
                products_built=counted["built"],
                products_unchanged=counted["unchanged"],
                products_failed=counted["failed"],
                products_skipped=counted["skipped"],
                rows_in=totals.rows_in,
                rows_published=totals.rows_published,
                rows_quarantined=totals.rows_quarantined,
                rows_refused=totals.rows_refused,
                rows_rejected=totals.rows_rejected,
                duration_seconds=seconds,
            )
        )
        return BuildResult(self.state.run_id, status, ordered, totals)

    def _forget_candidates(self) -> None:
        for files in self.state.candidates.values():
            for path in files.paths:
                Path(path).unlink(missing_ok=True)
        for held in (self.context.storage / "quarantine").glob(f"*/*/*/{self.state.run_id}*.parquet"):
            held.unlink()
        shutil.rmtree(self.context.storage / "cache" / "dry-run", ignore_errors=True)


def _ended(running: Iterable[Future[ProductResult]]) -> list[ProductResult]:
    """Wait for what runs; what was cancelled before it began has no result."""
    found = []
    for future in running:
        try:
            found.append(future.result())
        except BaseException:  # the first failure is the one that is raised
            continue
    return found


def _left_out(product: ProductName, why: str) -> ProductResult:
    """A product that an interrupted run did not come to."""
    return ProductResult(product, steps=(StepResult("", "skipped", skipped_because=why),))


def _new_run_id(context: BuildContext) -> str:
    """Sorts by time, and differs between two builds of one second."""
    return f"{context.clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
