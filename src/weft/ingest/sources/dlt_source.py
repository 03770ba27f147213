"""Any source of dlt: its verified ones, its REST and SQL toolkits, or a Python function in the mesh."""

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.ingest.content_store import chunks_of, keep_raw
from weft.ingest.landing import RawFile
from weft.ingest.parquet_rows import ParquetPart, read_parquet_parts
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.writing_options import asked_of
from weft.ingest.source_protocol import Collected, Job, Option, OptionType, Reading, SourceKind
from weft.ingest.tabular.parts import Parts

_BATCH_ROWS = 20_000


class DltSource(SourceKind):
    """One resource of a dlt source; its own incremental cursor is kept between landings."""

    kind: ClassVar[str] = "dlt"
    uses_path: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "source",
            OptionType.TEXT,
            "The function that makes it, as `package.module:function`; modules of the mesh's folder are found too.",
            reads=False,
            required=True,
        ),
        Option("resource", OptionType.TEXT, "Which resource to read; default: the only one.", reads=False),
        Option("arguments", OptionType.MAPPING, "What the function is called with; secrets by reference.", reads=False),
    )

    def collect(self, job: Job) -> Collected:
        """Run the resource and keep its rows as one Parquet file."""
        parts = Parts(job.scratch)
        _quiet_dlt()
        state = _saved_state(job)
        with _importable(job), _state_of_resource(state):
            resource = _resource(job)
            job.progress(f"{job.source.name}: reading {resource.name}")
            try:
                _take(resource, parts)
            except Problem:
                raise
            except Exception as error:  # a source is anybody's code
                raise Problem(
                    "SOURCE051",
                    f'The dlt resource "{resource.name}" failed.',
                    job.place,
                    found=type(_innermost(error)).__name__,
                    fix="Run it by itself to see why; its own words may hold data and are not shown here.",
                ) from None
        has_before = bool(job.previous and job.previous.raw and job.source.load == "append")
        if not parts.rows and has_before:
            return Collected((), _as_saved(state))
        if not parts.names:
            return Collected((), _as_saved(state)) if has_before else _no_rows(job, parts, state)
        path = job.scratch / "extract.parquet"
        parts.write(path)
        raw = keep_raw(
            job.folder, f"dlt#{job.option('source')}.{resource.name}", chunks_of(path), ".parquet", vault=job.vault
        )
        return Collected((raw,), _as_saved(state))

    def read(self, job: Job, raw: Sequence[RawFile], key: str) -> Reading:
        """The raw Parquet files are the table, unless `columns` asks for other types."""
        asked = asked_of(job)
        rejects = RejectFile(job.scratch / "rejects.ndjson", vault=job.vault)
        parts = [ParquetPart(file.path, file.location) for file in raw]
        with job.scratch_engine() as engine:
            return read_parquet_parts(job, engine, parts, asked.types, asked.writing, rejects, key)


def _no_rows(job: Job, parts: Parts, state: dict[str, Any]) -> Collected:
    if not job.source.columns:
        raise Problem(
            "SOURCE017",
            f'The dlt resource of source "{job.source.name}" gave no rows, so its columns are not known.',
            job.place,
            fix="Declare them, `columns: {id: bigint, ...}`, if it may be empty.",
        )
    parts.add(list(job.source.columns), [])
    path = job.scratch / "extract.parquet"
    parts.write(path)
    raw = keep_raw(job.folder, f"dlt#{job.option('source')}", chunks_of(path), ".parquet", vault=job.vault)
    return Collected((raw,), _as_saved(state))


def _saved_state(job: Job) -> dict[str, Any]:
    """What the resource left last time, in dlt's own writing: it holds dates and decimals."""
    from dlt.common import json as dlt_json

    saved = job.previous.state.get("dlt") if job.previous and job.source.load == "append" else None
    state: dict[str, Any] = dlt_json.typed_loads(saved) if saved else {}
    return state


def _as_saved(state: dict[str, Any]) -> dict[str, Any]:
    from dlt.common import json as dlt_json

    return {"dlt": dlt_json.typed_dumps(state)}


def _quiet_dlt() -> None:
    """Nothing is reported: dlt tells its use to its makers unless it is told not to before it is imported."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")


@contextmanager
def _importable(job: Job) -> Iterator[None]:
    """Modules of the mesh's folder can be named."""
    folder = str(job.mesh_root.absolute())
    sys.path.insert(0, folder)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(folder)


@contextmanager
def _state_of_resource(state: dict[str, Any]) -> Iterator[None]:
    """Where dlt's incremental cursors find what they left last time; `state` holds it afterwards."""
    from dlt.common.configuration.container import Container
    from dlt.common.pipeline import StateInjectableContext

    with Container().injectable_context(StateInjectableContext(state=state)):
        yield


def _resource(job: Job) -> Any:
    from dlt.extract import DltResource
    from dlt.extract import DltSource as Source

    made = _make(job)
    if isinstance(made, DltResource):
        return made
    if not isinstance(made, Source):
        raise Problem(
            "SOURCE050",
            f'"{job.option("source")}" gives no dlt source or resource.',
            job.place,
            found=type(made).__name__,
            fix="Decorate the function with @dlt.source or @dlt.resource.",
        )
    names = list(made.resources)
    wanted = job.option("resource") or (names[0] if len(names) == 1 else None)
    if wanted not in names:
        what = f'has no resource "{wanted}"' if wanted else "has several resources"
        raise Problem(
            "SOURCE050",
            f'The dlt source "{job.option("source")}" {what}.',
            job.place,
            expected=", ".join(names[:30]),
            fix=did_you_mean(str(wanted), names) if wanted else f"Say which: `resource: {names[0]}`.",
        )
    return made.resources[wanted]


def _make(job: Job) -> Any:
    module_name, separator, function_name = str(job.option("source")).partition(":")
    if not separator:
        raise Problem(
            "SOURCE003",
            'Option "source" is not of the form package.module:function.',
            job.place,
            fix="Such as `source: dlt.sources.rest_api:rest_api_source`.",
        )
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise Problem(
            "SOURCE050",
            f'The module "{module_name}" of the dlt source cannot be imported.',
            job.place,
            found=f"{type(error).__name__}: {error.name or module_name}",
            fix="Install its package, or put the module into the mesh's folder.",
        ) from None
    function = getattr(module, function_name, None)
    if function is None:
        raise Problem(
            "SOURCE050",
            f'The module "{module_name}" has no function "{function_name}".',
            job.place,
            fix=did_you_mean(function_name, [name for name in vars(module) if not name.startswith("_")]),
        )
    try:
        return function(**(job.option("arguments") or {}))
    except Exception as error:
        raise Problem(
            "SOURCE050",
            f'The dlt source "{job.option("source")}" cannot be made with these arguments.',
            job.place,
            found=type(error).__name__,
            fix="See the names of `arguments` and the credentials that it needs.",
        ) from None


def _take(resource: Any, parts: Parts) -> None:
    """All rows, in batches; Arrow tables and data frames as they come, else mappings."""
    batch: list[dict[str, Any]] = []
    for item in resource:
        if hasattr(item, "to_pylist") or (hasattr(item, "to_dict") and hasattr(item, "columns")):
            rows = item.to_pylist() if hasattr(item, "to_pylist") else item.to_dict("records")
        else:
            rows = [item]
        batch += rows
        if len(batch) >= _BATCH_ROWS:
            _add(batch, parts)
            batch = []
    if batch:
        _add(batch, parts)


def _add(batch: Sequence[dict[str, Any]], parts: Parts) -> None:
    names = list(dict.fromkeys(name for row in batch for name in row))
    parts.add(names, [[row.get(name) for name in names] for row in batch])


def _innermost(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error
