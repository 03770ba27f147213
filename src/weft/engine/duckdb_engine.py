"""The embedded engine: DuckDB in memory, in this process.

Rows keep the order of their input (`preserve_insertion_order`): a model's ORDER BY reaches the file, and "the first
row stays" means the same row on every run. Extensions are neither fetched nor loaded by themselves, and Python
variables are no tables: a query reads what was added by name, nothing else by chance.
"""

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb

from weft.base.data_files import DataFiles, Field, WrittenFile
from weft.base.problem import Problem
from weft.base.stored_file import DIGEST, refuse_damaged, sync_folder, told_as_problem
from weft.engine.cleansing_macros import NFKC_FUNCTION, PREFIX, UNICODE_NAMES, macros, nfkc, unicode_macros
from weft.engine.duckdb_problem import SQL_FAILED, problem_of
from weft.engine.field_ids import field_ids_option, select_as_fields
from weft.engine.page_checksums import seal
from weft.engine.parquet_scan import empty_relation, plain_scan, scan_by_field_id
from weft.engine.quote import identifier, subquery, text, text_list

if TYPE_CHECKING:
    import pyarrow as pa

    from weft.base.keys.vault import Vault
    from weft.engine.opened_files import OpenedFiles
    from weft.engine.page_checksums import Seal

# Measured on 4 million rows of 10 columns; reasons in docs/decisions/0008-how-published-files-are-written.md.
_ROW_GROUP_ROWS = 122_880  # groups of 500,000 and 1,000,000 rows took a third to a half more CPU and saved 4 % of space
_ZSTD_LEVEL = 1  # a tenth more CPU than Snappy for 45 % less space; level 3 took a fifth more for another 13 %


class DuckDBEngine:
    """One DuckDB session.

    Args:
        memory: most memory that it takes before it spills to disk, such as "2GB".
        threads: most threads; None for all cores.
        temp_folder: where it spills; None for a folder of its own that goes with the session.
        vault: data keys under which what is kept is encrypted; it spills to the vault's scratch folder then.

    >>> with DuckDBEngine() as engine:
    ...     engine.add_view("sales/orders", "SELECT 1 AS id")
    ...     engine.rows('FROM "sales/orders"')
    [(1,)]
    """

    dialect = "duckdb"

    def __init__(
        self,
        memory: str = "2GB",
        threads: int | None = None,
        temp_folder: Path | None = None,
        vault: "Vault | None" = None,
    ) -> None:
        # DuckDB spills in clear; it refuses `temp_file_encryption` without an extension that it would have to fetch.
        parent = vault.scratch if vault else temp_folder or Path(tempfile.gettempdir())
        # DuckDB makes the folder when it first spills, but not the folders above it; where they cannot be made, a
        # session that never spills is none the worse. A name of its own lets two sessions share the parent.
        with contextlib.suppress(OSError):
            parent.mkdir(parents=True, exist_ok=True)
        self._spill_folder = parent / f"weft-spill-{os.getpid()}-{id(self):x}"
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(self._spill_folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": True,
        }
        if threads is not None:
            config["threads"] = threads
        self._kind_by_name: dict[str, str] = {}  # relation -> VIEW or TABLE
        self._macros_known: set[str] = set()
        self._vault = vault
        self._opened: OpenedFiles | None = None
        with _engine_errors():
            self._connection = duckdb.connect(":memory:", config=config)
            self._connection.execute("SET TimeZone = 'UTC'")

    # Relations

    def add_files(self, name: str, files: DataFiles) -> None:
        """Make a published table readable as relation `name`, its columns found by field id.

        Raises:
            Problem: FILE001, a file is not what was published.
        """
        refuse_damaged(files.paths)
        self._replace(name, "VIEW", scan_by_field_id(replace(files, paths=self._readable(files.paths))))

    def add_parquet(self, name: str, paths: Sequence[str], columns: Mapping[str, str] | None = None) -> None:
        """Make plain Parquet files readable as relation `name`; with no path, an empty one of `columns`.

        Files that differ in their columns are matched by name; a column that a file has not is NULL there.
        """
        if not paths:
            self.add_empty(name, columns or {})
            return
        refuse_damaged(paths)
        self._replace(name, "VIEW", plain_scan(self._readable(paths), columns))

    def add_arrow(self, name: str, table: "pa.Table") -> None:
        """Make an Arrow table readable as relation `name`."""
        self.drop(name)
        with _engine_errors():
            self._connection.register(name, table)

    def add_view(self, name: str, sql: str) -> None:
        """Make a query readable as relation `name`; nothing is computed yet."""
        self._replace(name, "VIEW", self._one_query(sql))

    def add_table(self, name: str, sql: str) -> int:
        """Compute a query once and keep its rows as relation `name`; returns the count of rows."""
        rows = self._replace(name, "TABLE", self._one_query(sql))
        return int(rows[0][0])

    def add_empty(self, name: str, columns: Mapping[str, str]) -> None:
        """Make an empty relation `name` with these columns and DuckDB types."""
        self._replace(name, "VIEW", empty_relation(columns))

    def drop(self, name: str) -> None:
        """Forget relation `name`, if it is there."""
        kind = self._kind_by_name.pop(name.casefold(), None)  # names differ in more than case, as DuckDB has it
        if kind is not None:
            self.execute(f"DROP {kind} temp.{identifier(name)}")
        with _engine_errors():
            self._connection.unregister(name)  # lets go of an Arrow table's memory

    def scan(self, paths: Sequence[str], options: str = "") -> str:
        """What stands behind FROM to read Parquet files, whichever of them are encrypted.

        Args:
            paths: at least one.
            options: further arguments of DuckDB's read_parquet.
        """
        return f"read_parquet({', '.join(part for part in (text_list(self._readable(paths)), options) if part)})"

    def names_read(self, paths: Sequence[str]) -> list[str]:
        """How the option `filename` of a scan calls each of these files; an opened one has a name of its own."""
        return list(self._readable(paths))

    # Queries

    def describe(self, sql: str) -> dict[str, str]:
        """Columns and DuckDB types of a query, without running it."""
        return {name: kind for name, kind, *_ in self.rows(f"DESCRIBE {subquery(self._one_query(sql))}")}

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and fetch all of it."""
        self._make_macros_known(sql)
        with _engine_errors():
            found: list[tuple[Any, ...]] = self._connection.execute(sql, list(parameters)).fetchall()
            return found

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> "pa.Table":
        """Run a query and fetch all of it as an Arrow table."""
        self._make_macros_known(sql)
        with _engine_errors():
            return self._connection.execute(sql, list(parameters)).to_arrow_table()

    def execute(self, sql: str) -> None:
        """Run a statement for its effect on this session."""
        self._make_macros_known(sql)
        with _engine_errors():
            self._connection.execute(sql)

    def interrupt(self) -> None:
        """Stop what runs in this session, from another thread."""
        self._connection.interrupt()

    def lock_down(self, readable_paths: Sequence[str]) -> None:
        """Let this session read these files and nothing else, for good: no other file, no extension, no setting.

        Spilling to disk goes on in the session's own folder.
        """
        # The order matters: external access can never be switched on again, and then nothing can be changed at all.
        opened = self._opened.paths if self._opened else []
        self.execute(f"SET allowed_paths = {text_list([*readable_paths, *opened])}")
        self.execute("SET enable_external_access = false")
        self.execute("SET lock_configuration = true")

    # Files

    def write_parquet(self, sql: str, path: str, fields: Sequence[Field] | None = None) -> WrittenFile:
        """Write a query's rows into one new Parquet file, with field ids where `fields` are given.

        Columns are cast to the fields' types and put in their order. Where `path` holds `{sha256}`, the file is one to
        keep: its pages get checksums, its name the digest of its content, and both are synced to disk. With a vault
        every file is encrypted that does not lie in the vault's scratch folder. A file that could not be written whole
        is removed.
        """
        query = self._one_query(sql)
        options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {_ZSTD_LEVEL}, ROW_GROUP_SIZE {_ROW_GROUP_ROWS}"
        if fields is not None:
            query = select_as_fields(query, fields)
            options += f", FIELD_IDS {field_ids_option(fields)}"
        target = Path(path)
        plain = target.with_name(target.name.replace(DIGEST, "unsealed"))
        kind = self._seal_for(target)
        if kind is not None:
            options += ", WRITE_BLOOM_FILTER false"  # a filter tells of the values, and would not be encrypted
            self._spill_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            plain = self._spill_folder / f"unsealed-{uuid.uuid4().hex}.parquet"
        with told_as_problem():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                written = self.rows(f"COPY {subquery(query)} TO {text(str(plain))} ({options})")
                rows = int(written[0][0])
                is_sealed = kind is not None or DIGEST in target.name
                return _kept(plain, target, rows, kind) if is_sealed else _synced(plain, rows)
            except BaseException:
                plain.unlink(missing_ok=True)
                raise

    # Session

    def close(self) -> None:
        """End the session and give back its memory and temporary files."""
        self._connection.close()
        shutil.rmtree(self._spill_folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _readable(self, paths: Sequence[str]) -> tuple[str, ...]:
        """The files themselves, or what was made of them where they are encrypted."""
        if self._vault is None:
            return tuple(paths)
        if self._opened is None:
            from weft.engine.opened_files import OpenedFiles

            self._opened = OpenedFiles(self._vault, self._spill_folder)
        return self._opened.readable(paths)

    def _seal_for(self, target: Path) -> "Seal | None":
        if self._vault is None or self._vault.scratch in target.parents:
            return None
        from weft.engine.page_encryption import Encryption

        return Encryption(self._vault.current())

    def _replace(self, name: str, kind: str, query: str) -> list[tuple[Any, ...]]:
        # CREATE OR REPLACE refuses to put a view in a table's place and the other way round.
        self.drop(name)
        made = self.rows(f"CREATE TEMP {kind} {identifier(name)} AS {subquery(query)}")
        self._kind_by_name[name.casefold()] = kind
        return made

    def _make_macros_known(self, sql: str) -> None:
        """Give the session the functions of cleansing once a statement names one; most never do."""
        if len(self._macros_known) == 2 or PREFIX not in (folded := sql.casefold()):
            return
        with _engine_errors():
            if "plain" not in self._macros_known:
                self._macros_known.add("plain")
                self._connection.execute(macros())
            if any(name in folded for name in UNICODE_NAMES):  # imports NumPy: a quarter of a second
                self._macros_known.add("unicode")
                self._connection.create_function(NFKC_FUNCTION, nfkc)
                self._connection.execute(unicode_macros())

    def _one_query(self, sql: str) -> str:
        # A semicolon may stand in a text or a comment; DuckDB's own parser knows.
        if ";" not in sql:
            return sql
        with _engine_errors():
            statements = self._connection.extract_statements(sql)
        if len(statements) != 1:
            raise Problem(
                SQL_FAILED,
                "The query cannot be run: it is not one statement.",
                found=f"{len(statements)} statements",
                expected="one SELECT",
            )
        query: str = statements[0].query.strip()
        return query.rpartition(";")[0] if _ends_after_semicolon(query) else query


def _ends_after_semicolon(query: str) -> bool:
    """Whether nothing but blanks and comments follows the last semicolon of a single statement."""
    tail = query.rpartition(";")[2]
    return all(not line.strip() or line.strip().startswith("--") for line in tail.splitlines())


@contextlib.contextmanager
def _engine_errors() -> Iterator[None]:
    try:
        yield
    except (duckdb.InternalException, duckdb.FatalException):
        raise  # a bug, of DuckDB or ours: keeps its traceback
    except duckdb.Error as error:
        raise problem_of(error) from None  # the cause would show its values in the traceback


def _synced(file: Path, rows: int) -> WrittenFile:
    with file.open("rb") as content:
        os.fsync(content.fileno())
    sync_folder(file.parent)
    return WrittenFile(str(file), rows, file.stat().st_size)


def _kept(plain: Path, target: Path, rows: int, kind: "Seal | None") -> WrittenFile:
    """Put checksums into the pages, or encrypt them, and the digest into the name."""
    part = target.with_name(target.name.replace(DIGEST, "part") if DIGEST in target.name else f"{target.name}.part")
    part.unlink(missing_ok=True)  # of a process that was killed here: the same landing has the same name again
    try:
        sealed = seal(plain, part, kind)
        final = target.with_name(target.name.replace(DIGEST, sealed.sha256))
        part.replace(final)
    finally:
        part.unlink(missing_ok=True)
    plain.unlink()
    sync_folder(final.parent)
    return WrittenFile(str(final), rows, sealed.size_bytes)
