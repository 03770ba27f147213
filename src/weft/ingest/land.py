"""Land one source: collect its raw files, read rows out of what is new, and say all of it in one Landing."""

import contextlib
import hashlib
import importlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from weft.base.keys.vault import Vault
from weft.base.names import ProductName, did_you_mean
from weft.base.problem import Problem, Problems, errors_of
from weft.engine.protocol import Engine
from weft.ingest.check_options import option_problems
from weft.ingest.content_store import whole_or_absent
from weft.ingest.landing import Landing, RawFile, problem_from_json
from weft.ingest.rejects import join_reject_files
from weft.ingest.sealed_files import opened_raw
from weft.ingest.source_protocol import Job, Reading, SourceKind
from weft.spec.making import Source

_LEFTOVER_SECONDS = 24 * 3600
ENTRY_POINT_GROUP = "weft.sources"  # packs add kinds of their own here

_CLASS_BY_KIND = {
    "csv": "weft.ingest.sources.csv_file:CsvFile",
    "tsv": "weft.ingest.sources.tsv_file:TsvFile",
    "json": "weft.ingest.sources.json_file:JsonFile",
    "ndjson": "weft.ingest.sources.ndjson_file:NdjsonFile",
    "parquet": "weft.ingest.sources.parquet_file:ParquetFile",
    "excel": "weft.ingest.sources.excel_file:ExcelFile",
    "sql": "weft.ingest.sources.sql_database:SqlDatabase",
    "rest": "weft.ingest.sources.rest_api:RestApi",
    "dlt": "weft.ingest.sources.dlt_source:DltSource",
}


def land(
    source: Source,
    *,
    product: ProductName,
    mesh_root: Path,
    folder: Path,
    previous: Landing | None,
    now: datetime,
    scratch_engine: Callable[[], Engine],
    progress: Callable[[str], None] = lambda line: None,
    vault: Vault | None = None,
) -> Landing:
    """Bring what a source holds into `folder` and make Parquet of it.

    Landing the same content twice parses nothing, writes nothing and gives the same fingerprint.

    Args:
        source: as declared in build.yaml.
        product: whose source it is.
        mesh_root: what the source's path is relative to.
        folder: `<storage>/landings/<domain>/<product>/<source>`; made where absent.
        previous: the last landing, from the ledger.
        now: the time of this landing.
        scratch_engine: opens an engine session of its own, closed by the landing.
        progress: hears one line for a person from time to time.
        vault: keys to encrypt what is kept under; what is needed in clear lies in its scratch folder meanwhile.

    Raises:
        Problem | Problems: nothing was landed; codes SOURCE001 to SOURCE099.
    """
    kind = kind_of(source)
    if errors := errors_of(read_problems(source)):
        raise Problems(errors)
    folder = folder.absolute()  # landings are read from any working directory
    folder.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(folder)
    if vault is None:
        scratch = Path(tempfile.mkdtemp(prefix=".scratch-", dir=folder))
    else:
        scratch = Path(tempfile.mkdtemp(prefix=f"weft-scratch-{os.getpid()}-", dir=vault.scratch))
    try:
        job = Job(source, product, mesh_root, folder, previous, now, scratch_engine, progress, scratch, vault)
        return _land(kind, job)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def changed(source: Source, mesh_root: Path, previous: Landing | None) -> bool:
    """Whether a landing would find something new, by a cheap look; True where that cannot be known."""
    if previous is None or any(not Path(table).is_file() for table in previous.tables):
        return True
    kind = kind_of(source)
    if previous.fingerprint != _key(kind, source, previous.raw):
        return True  # its options changed
    return kind.changed(source, mesh_root, previous)


def read_problems(source: Source) -> list[Problem]:
    """What is wrong with a source's declaration, without touching what it reads: kind, options, types."""
    try:
        return option_problems(kind_of(source), source)
    except Problem as problem:
        return [problem]


def source_kinds() -> dict[str, str]:
    """Kinds by name, as `module:Class`; those of installed packs too."""
    from importlib.metadata import entry_points  # it reads the notes of every installed package

    packs = {point.name: point.value for point in entry_points(group=ENTRY_POINT_GROUP)}
    return packs | _CLASS_BY_KIND


def kind_of(source: Source) -> SourceKind:
    """The kind that reads a source.

    Raises:
        Problem: SOURCE001 there is no such kind.
    """
    place = _CLASS_BY_KIND.get(source.kind) or source_kinds().get(source.kind)
    if place is None:
        kinds = source_kinds()
        raise Problem(
            "SOURCE001",
            f'Source "{source.name}" is of kind "{source.kind}", which does not exist.',
            source.place,
            expected=", ".join(sorted(kinds)),
            fix=did_you_mean(source.kind, kinds),
        )
    module, _, name = place.partition(":")
    kind: SourceKind = getattr(importlib.import_module(module), name)()
    return kind


def _remove_leftovers(folder: Path) -> None:
    """Scratch folders and unfinished files of processes that were killed; nothing that may still be in use."""
    before = time.time() - _LEFTOVER_SECONDS
    for path in [*folder.glob(".scratch-*"), *folder.glob("*/.part-*")]:
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _land(kind: SourceKind, job: Job) -> Landing:
    previous, source = job.previous, job.source
    collected = kind.collect(job)
    appending = source.load == "append" or (source.cursor is not None and "cursor" in collected.state)
    kept = previous.raw if previous and appending else ()
    known = {file.sha256 for file in kept}
    fresh = (
        tuple(file for file in _each_once(collected.raw) if file.sha256 not in known) if appending else collected.raw
    )
    raw = (*kept, *fresh)
    fingerprint = _key(kind, source, raw)
    if previous and previous.fingerprint == fingerprint and all(Path(table).is_file() for table in previous.tables):
        return replace(previous, unchanged=True, state=dict(collected.state), rows_new=0)
    reading = _reading(kind, job, kept, fresh, raw)
    before = previous.rows_landed if previous and appending else 0
    return Landing(
        source=source.name,
        product=job.product,
        landed_at=job.now,
        fingerprint=fingerprint,
        raw=raw,
        state=dict(collected.state),
        rows_new=max(reading.rows_landed - before, 0),
        **{**_fields(reading), "problems": _named((*collected.problems, *reading.problems), job)},
    )


def _reading(
    kind: SourceKind, job: Job, kept: Sequence[RawFile], fresh: Sequence[RawFile], raw: Sequence[RawFile]
) -> Reading:
    """What all raw files hold; those kept from before are read again only where the columns have become other ones."""
    previous = job.previous
    readable_as_before = (
        previous is not None
        and bool(kept)
        and previous.fingerprint == _key(kind, job.source, previous.raw)
        and all(Path(table).is_file() for table in previous.tables)
    )
    if previous is None or not readable_as_before:
        return _read_or_recall(kind, job, raw)
    added = _read_or_recall(kind, job, fresh)
    if not added.rows_landed:
        columns = previous.columns
    elif dict(added.columns) == dict(previous.columns):
        columns = added.columns
    else:
        job.progress(f"{job.source.name}: columns have changed, all that is landed is read again")
        return _read_or_recall(kind, job, raw)
    tables = (*previous.tables, *added.tables) if added.rows_landed else previous.tables
    return Reading(
        tables=tuple(dict.fromkeys(tables)),
        columns=columns,
        rows_in_files=previous.rows_in_files + added.rows_in_files,
        rows_landed=previous.rows_landed + added.rows_landed,
        rows_rejected=previous.rows_rejected + added.rows_rejected,
        rejects=join_reject_files(job.folder, previous.rejects, added.rejects, vault=job.vault),
        problems=added.problems,
        suggested=added.suggested,
    )


def _read_or_recall(kind: SourceKind, job: Job, raw: Sequence[RawFile]) -> Reading:
    """Read raw files, or recall what was read of the same content with the same options before."""
    key = _key(kind, job.source, raw)
    note = job.folder / "readings" / f"{key}.json"
    if note.is_file():
        reading = _recalled(json.loads(note.read_text(encoding="utf-8")))
        if all(Path(path).is_file() for path in (*reading.tables, *([reading.rejects] if reading.rejects else []))):
            return reading
    reading = kind.read(job, [opened_raw(file, job.scratch, job.vault) for file in raw], key)
    with whole_or_absent(note) as path:
        path.write_text(json.dumps(_noted(reading)), encoding="utf-8")
    return reading


def _key(kind: SourceKind, source: Source, raw: Sequence[RawFile]) -> str:
    """A hash over the content of raw files and everything that decides how it is read."""
    reading = {option.name for option in kind.options if option.reads}
    parts = {
        "kind": [kind.kind, kind.reader_version],
        "options": {name: value for name, value in sorted(source.options.items()) if name in reading},
        "columns": list(source.columns.items()),
        "raw": [[file.sha256, file.name] for file in raw],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _each_once(files: Sequence[RawFile]) -> list[RawFile]:
    return list({file.sha256: file for file in reversed(files)}.values())[::-1]


def _named(problems: Sequence[Problem], job: Job) -> tuple[Problem, ...]:
    """Problems with a place each, every one once."""
    placed = [problem if problem.where else replace(problem, where=job.place) for problem in problems]
    return tuple(dict.fromkeys(placed))


def _fields(reading: Reading) -> dict[str, Any]:
    names = ("tables", "columns", "rows_in_files", "rows_landed", "rows_rejected", "rejects", "problems", "suggested")
    return {name: getattr(reading, name) for name in names}


def _noted(reading: Reading) -> dict[str, Any]:
    return {**asdict(replace(reading, problems=())), "problems": [problem.as_json() for problem in reading.problems]}


def _recalled(data: dict[str, Any]) -> Reading:
    problems = tuple(problem_from_json(problem) for problem in data["problems"])
    return Reading(**{**data, "tables": tuple(data["tables"]), "problems": problems})
