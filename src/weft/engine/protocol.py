"""What weft asks of an engine. Small, so that a second engine can join."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, Self

from weft.base.data_files import DataFiles, Field, WrittenFile

if TYPE_CHECKING:
    import pyarrow as pa


class Engine(Protocol):
    """One session of an engine: relations by name, queries over them, files out of them.

    Relation names may hold any characters; the engine quotes them. A statement that fails because of the
    user's SQL raises a Problem with code ENGINE001 that never holds cell values.
    """

    dialect: str  # SQLGlot's name of it

    def add_files(self, name: str, files: DataFiles) -> None:
        """Make a published table readable as relation `name`, its columns found by field id."""

    def add_parquet(self, name: str, paths: Sequence[str], columns: Mapping[str, str] | None = None) -> None:
        """Make plain Parquet files readable as relation `name`; with no path, an empty one of `columns`."""

    def add_arrow(self, name: str, table: "pa.Table") -> None:
        """Make an Arrow table readable as relation `name`."""

    def add_view(self, name: str, sql: str) -> None:
        """Make a query readable as relation `name`; nothing is computed yet."""

    def add_table(self, name: str, sql: str) -> int:
        """Compute a query once and keep its rows as relation `name`; returns the count of rows."""

    def add_empty(self, name: str, columns: Mapping[str, str]) -> None:
        """Make an empty relation `name` with these columns and DuckDB types."""

    def scan(self, paths: Sequence[str], options: str = "") -> str:
        """What stands behind FROM to read Parquet files, whichever of them are encrypted."""

    def names_read(self, paths: Sequence[str]) -> list[str]:
        """How the option `filename` of a scan calls each of these files."""

    def drop(self, name: str) -> None:
        """Forget relation `name`, if it is there."""

    def describe(self, sql: str) -> dict[str, str]:
        """Columns and DuckDB types of a query, without running it."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run a query and fetch all of it."""

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> "pa.Table":
        """Run a query and fetch all of it as an Arrow table."""

    def execute(self, sql: str) -> None:
        """Run a statement for its effect on this session."""

    def write_parquet(self, sql: str, path: str, fields: Sequence[Field] | None = None) -> WrittenFile:
        """Write a query's rows into one new Parquet file, with field ids where `fields` are given, synced to disk."""

    def lock_down(self, readable_paths: Sequence[str]) -> None:
        """Let this session open these files and nothing else, and let nothing change that any more."""

    def interrupt(self) -> None:
        """Stop what runs in this session, from another thread."""

    def close(self) -> None:
        """End the session and give back its memory and temporary files."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...
