"""What a running build says to standard error: a bar on a terminal, plain lines in a pipe."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from weft.build.events import Event, OnEvent
from weft.build.results import LandingResult, ProductResult, StepResult
from weft.cli.output import Output

_VERBS = {
    "made": "made",
    "refreshed": "contract's words remembered",
    "unchanged": "up to date",
    "refused": "REFUSED",
    "failed": "FAILED",
    "skipped": "skipped",
    "landed": "landed",
}


@contextmanager
def build_progress(output: Output) -> Iterator[OnEvent]:
    """Draw progress for as long as the block runs."""
    lock = threading.Lock()  # events come from several threads; lines must not mix
    with _bar(output) if output.is_live() else _lines(output) as hear:

        def on_event(event: Event) -> None:
            with lock:
                hear(event)

        yield on_event


@contextmanager
def _lines(output: Output) -> Iterator[Callable[[Event], None]]:
    def hear(event: Event) -> None:
        line = line_of(event)
        if line is None:
            return
        quiet = event.kind in ("note", "source", "step") or getattr(event.result, "status", "") == "unchanged"
        (output.detail if quiet else output.progress)(line)

    yield hear


@contextmanager
def _bar(output: Output) -> Iterator[Callable[[Event], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    running: dict[str, None] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=output.console(stderr=True), transient=True) as progress:
        task = progress.add_task("building", total=None)

        def hear(event: Event) -> None:
            key = f"{event.product} {event.name}"
            if event.kind == "run":
                progress.update(task, total=event.count or None)
            elif event.kind in ("step", "source"):
                running[key] = None
            elif event.kind in ("made", "landed"):
                running.pop(key, None)
                status = getattr(event.result, "status", "")
                if event.kind == "made" and status != "unchanged":
                    progress.advance(task)
                if status in ("failed", "refused", "skipped"):
                    progress.console.print(line_of(event), markup=False)
            progress.update(task, description=", ".join(list(running)[:2]) or "building")

        yield hear


def line_of(event: Event) -> str | None:
    """One event as a line; None where it says nothing."""
    result = event.result
    if event.kind == "note":
        return f"{event.product}: {event.text}"
    if event.kind == "source":
        return f"{event.product}: reading source {event.name}"
    if event.kind == "step":
        return f"{event.product}: making {event.name}"
    if isinstance(result, LandingResult):
        rejected = f", {result.rows_rejected:,} rejected" if result.rows_rejected else ""
        rows = f", {result.rows_landed:,} rows{rejected}" if result.status == "landed" else ""
        return f"{event.product}: source {result.source} {_VERBS[result.status]}{rows}"
    if isinstance(result, StepResult):
        return f"{event.product}: {result.step} {_VERBS[result.status]}{_rows(result)}{_why(result)}"
    if isinstance(result, ProductResult) and result.problems:
        return f"{event.product}: FAILED"
    return None


def _rows(result: StepResult) -> str:
    if result.status == "refused":  # without rows: refused for its contract, before anything was made
        return f", {result.rows_refused:,} rows not published" if result.rows_refused else ""
    if result.status != "made" or result.port is None:
        return ""
    held = f", {result.rows_quarantined:,} held back" if result.rows_quarantined else ""
    return f", {result.rows_published:,} rows published{held}"


def _why(result: StepResult) -> str:
    if result.skipped_because:
        return f": {result.skipped_because}"
    if result.status in ("made", "failed", "refused") and result.reasons:
        return f" ({result.reasons[0]})"
    return ""
