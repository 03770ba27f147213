"""Make one typed table of JSON records: their own types first, then what their texts show."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from weft.base.problem import Place, Problem, Severity
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text, text_list
from weft.ingest.decompress import Member
from weft.ingest.delimited.header import column_names
from weft.ingest.json_records.split import NOT_JSON, NULL_BYTE, JsonRecord, holds_null_byte
from weft.ingest.json_records.structure import known_type, parse_structure, text_kind
from weft.ingest.rejects import Reject, RejectFile
from weft.ingest.rows.write_table import write_table
from weft.ingest.rows.writing_options import asked_of
from weft.ingest.source_protocol import Job, Reading
from weft.ingest.staged import Staged

_BATCH_ROWS = 50_000

Split = Callable[[Member], Iterable[JsonRecord]]


@dataclass(frozen=True)
class _Records:
    """Records of one file in Parquet: `line`, `record`."""

    location: str
    path: Path
    rows: int
    rejected: int


def read_json_records(
    job: Job, engine: Engine, members: Sequence[Member], split: Split, rejects: RejectFile, key: str
) -> Reading:
    """Read rows out of JSON files.

    Args:
        job: the landing.
        engine: a session of its own.
        members: the files, in order.
        split: gives a file's records.
        rejects: gets what cannot be read.
        key: names what is written.
    """
    files = [_store(engine, member, split, job.scratch, number, rejects) for number, member in enumerate(members)]
    filled = [file for file in files if file.rows]
    if not filled:
        empty = [Staged(file.location, None, (), 0, file.rejected, _nowhere, _empty(file)) for file in files]
        return write_table(job, engine, empty, asked_of(job), rejects, key)
    structure = parse_structure(_structure(engine, filled))
    if not structure:
        raise Problem(
            "SOURCE017",
            f'No record of source "{job.source.name}" has any member, so its columns are not known.',
            job.place,
            fix="See `records`, and that the file is the right one.",
        )
    header = column_names(list(structure), Place(filled[0].location))
    known = {
        name: type_
        for name, child in zip(header.names, structure.values(), strict=True)
        if (type_ := known_type(child)) is not None
    }
    kinds = dict(zip(header.names, map(text_kind, structure.values()), strict=True))
    staged = []
    for number, file in enumerate(files):
        target = job.scratch / f"texts-{number}.parquet"
        if file.rows:
            engine.write_parquet(_texts(file, list(structure)), str(target))
        staged.append(
            Staged(
                file.location,
                target if file.rows else None,
                header.names if file.rows else (),
                file.rows,
                file.rejected,
                partial(_locate, engine, file),
                (*(() if number else header.problems), *_empty(file)),
                kinds,
            )
        )
    return write_table(job, engine, staged, asked_of(job, known), rejects, key)


def _store(engine: Engine, member: Member, split: Split, scratch: Path, number: int, rejects: RejectFile) -> _Records:
    """Write the good records of a file; the engine has the last word on what is JSON."""
    all_records = scratch / f"lines-{number}.parquet"
    rejected = _write(all_records, split(member), member.location, rejects)
    scan = f"read_parquet({text(str(all_records))})"
    for line, raw in engine.rows(f"SELECT line, record FROM {scan} WHERE NOT json_valid(record)"):
        rejects.add(Reject(member.location, line, NOT_JSON, raw))
        rejected += 1
    path = scratch / f"records-{number}.parquet"
    written = engine.write_parquet(f"SELECT line, record FROM {scan} WHERE json_valid(record)", str(path))
    return _Records(member.location, path, written.rows, rejected)


def _write(target: Path, records: Iterable[JsonRecord], location: str, rejects: RejectFile) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    schema = pa.schema([("line", pa.int64()), ("record", pa.string())])
    rejected = 0
    with parquet.ParquetWriter(target, schema, compression="lz4") as writer:
        lines: list[int] = []
        texts: list[str] = []
        for record in records:
            reason = record.reason or (NULL_BYTE if holds_null_byte(record.raw) else None)
            if reason is not None:
                rejects.add(Reject(location, record.line, reason, record.raw))
                rejected += 1
                continue
            lines.append(record.line)
            texts.append(record.raw)
            if len(lines) == _BATCH_ROWS:
                writer.write_batch(pa.record_batch([pa.array(lines), pa.array(texts)], schema=schema))
                lines, texts = [], []
        if lines:
            writer.write_batch(pa.record_batch([pa.array(lines), pa.array(texts)], schema=schema))
    return rejected


def _structure(engine: Engine, files: Sequence[_Records]) -> str | None:
    scan = f"read_parquet({text_list(str(file.path) for file in files)})"
    found: str | None = engine.rows(f"SELECT json_group_structure(CAST(record AS JSON)) FROM {scan}")[0][0]
    return found


def _texts(file: _Records, keys: Sequence[str]) -> str:
    cells = ", ".join(
        f"json_extract_string(record, {text(_pointer(key))}) AS {identifier(f'c{position}')}"
        for position, key in enumerate(keys)
    )
    return f"SELECT {cells or 'NULL AS c0'} FROM read_parquet({text(str(file.path))})"


def _pointer(key: str) -> str:
    """The JSON pointer of a member.

    >>> _pointer("a/b")
    '/a~1b'
    """
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _locate(engine: Engine, file: _Records, positions: Sequence[int]) -> Iterator[tuple[int | None, str]]:
    for start in range(0, len(positions), 10_000):
        wanted = ", ".join(str(position) for position in positions[start : start + 10_000])
        yield from engine.rows(
            f"SELECT line, record FROM read_parquet({text(str(file.path))}, file_row_number = true)"
            f" WHERE file_row_number IN ({wanted}) ORDER BY file_row_number"
        )


def _nowhere(positions: Sequence[int]) -> Iterator[tuple[int | None, str]]:
    return iter(())


def _empty(file: _Records) -> tuple[Problem, ...]:
    if file.rows or file.rejected:
        return ()
    return (
        Problem(
            "SOURCE013",
            f'The file "{file.location}" holds no records.',
            Place(file.location),
            fix="If that is no mistake, nothing is to be done; else fetch it again.",
            severity=Severity.WARNING,
        ),
    )
