"""SQL databases: SQLite, Postgres, MySQL, and every other that has a SQLAlchemy driver."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from weft.base.problem import Problem
from weft.base.secret import resolve_secret
from weft.ingest.content_store import chunks_of, keep_raw
from weft.ingest.landing import Landing, RawFile
from weft.ingest.parquet_rows import ParquetPart, read_parquet_parts
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.writing_options import asked_of
from weft.ingest.source_protocol import Collected, Job, Option, OptionType, Reading, SourceKind
from weft.ingest.sql.connect import connected, database_of
from weft.ingest.sql.extract import Wanted, extract
from weft.spec.making import Source


class SqlDatabase(SourceKind):
    """A table or query of a database; with `cursor`, only rows that are new since the last landing."""

    kind: ClassVar[str] = "sql"
    uses_path: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "url",
            OptionType.TEXT,
            "Address of the database, such as `sqlite:///data/orders.db` or `${env:ORDERS_URL}`.",
            reads=False,
            required=True,
        ),
        Option("table", OptionType.TEXT, "The table or view to read.", reads=False),
        Option("schema", OptionType.TEXT, "Its schema, where it is not the default one.", reads=False),
        Option("query", OptionType.TEXT, "A SELECT in the database's own dialect, instead of a table.", reads=False),
    )

    def collect(self, job: Job) -> Collected:
        """Read the rows into one Parquet file, kept as raw."""
        wanted = _wanted(job)
        database = database_of(str(job.option("url")), job.mesh_root, job.place)
        state = dict(job.previous.state) if job.previous and _is_same(job.previous, wanted) else {}
        job.progress(f"{job.source.name}: reading {wanted.label}")
        signs = _file_signs(database.file)
        with connected(database, job.place) as connection:
            found = extract(connection, wanted, state, job.scratch)
        new_state: dict[str, Any] = {"what": _what(wanted), "signs": signs, **found.state}
        if not found.rows and state and job.previous and job.previous.raw:
            return Collected((), new_state, found.problems)
        location = f"{database.label}#{wanted.table or 'query'}"
        raw = keep_raw(job.folder, location, chunks_of(found.path), ".parquet", vault=job.vault)
        return Collected((raw,), new_state, found.problems)

    def read(self, job: Job, raw: Sequence[RawFile], key: str) -> Reading:
        """The raw Parquet files are the table, unless `columns` asks for other types."""
        asked = asked_of(job)
        rejects = RejectFile(job.scratch / "rejects.ndjson", vault=job.vault)
        parts = [ParquetPart(file.path, file.location) for file in raw]
        with job.scratch_engine() as engine:
            return read_parquet_parts(job, engine, parts, asked.types, asked.writing, rejects, key)

    def changed(self, source: Source, mesh_root: Path, previous: Landing) -> bool:
        """Known without asking only for SQLite: its file's size and time."""
        url = source.options.get("url")
        signs = previous.state.get("signs")
        if not isinstance(url, str) or not signs or previous.state.get("what") != _what_of(source):
            return True
        try:
            database = database_of(resolve_secret(url, base=mesh_root), mesh_root, source.place)
        except Problem:
            return True
        return bool(_file_signs(database.file) != signs)


def _wanted(job: Job) -> Wanted:
    table, query = job.option("table"), job.option("query")
    if (table is None) == (query is None):
        raise Problem(
            "SOURCE003",
            f'Source "{job.source.name}" needs either `table` or `query`.',
            job.place,
            fix="Add `table: orders`, or `query: SELECT ...`.",
        )
    return Wanted(table, job.option("schema"), query, job.source.cursor, job.place, job.source.name)


def _what(wanted: Wanted) -> list[str | None]:
    return [wanted.table, wanted.schema, wanted.query, wanted.cursor]


def _what_of(source: Source) -> list[str | None]:
    options = source.options
    return [options.get("table"), options.get("schema"), options.get("query"), source.cursor]


def _is_same(previous: Landing, wanted: Wanted) -> bool:
    """A cursor is good for the query that it was made by only."""
    return bool(previous.state.get("what") == _what(wanted))


def _file_signs(file: Path | None) -> list[list[int]] | None:
    """Sizes and times of a SQLite database and of its write-ahead log."""
    if file is None:
        return None
    files = [path for path in (file, file.with_name(file.name + "-wal")) if path.exists()]
    return [[status.st_size, status.st_mtime_ns] for status in (path.stat() for path in files)]
