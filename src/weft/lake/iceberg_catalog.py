"""The Iceberg catalogue, opened through PyIceberg when something is committed.

The catalogue is a database with one row a table: where its newest metadata file is. A commit moves that pointer if it
still is where the committer read it, which is the one atomic step that everything else here stands on.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.catalog_pointers import CATALOG_NAME, WAIT_SECONDS, namespace_and_table, sqlite_path

if TYPE_CHECKING:
    from pyiceberg.catalog.sql import SqlCatalog
    from pyiceberg.io import FileIO
    from pyiceberg.table import CreateTableTransaction, Table

# A commit is never repeated behind our back: PyIceberg's retry would put a replacement on top of whatever was
# published meanwhile. Old metadata files go with each commit; their content lives on in the newest one.
_TABLE_PROPERTIES = {
    "commit.retry.num-retries": "0",
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "20",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    "write.parquet.compression-codec": "zstd",
}


class IcebergCatalog:
    """The catalogue of one environment.

    Args:
        url: SQLAlchemy URL of its database.
        warehouse: folder, or URL, below which the tables lie.
    """

    def __init__(self, url: str, warehouse: str) -> None:
        self.url = url
        self.warehouse = warehouse
        self._opened: SqlCatalog | None = None
        self._known_namespaces: set[str] = set()

    @property
    def opened(self) -> "SqlCatalog":
        """PyIceberg's catalogue, opened on first use.

        Raises:
            Problem: LAKE001, the database does not answer.
        """
        if self._opened is None:
            from pyiceberg.catalog.sql import SqlCatalog

            _prepare_sqlite(self.url)
            properties = {"uri": _with_driver(self.url), "warehouse": self.warehouse, "init_catalog_tables": "true"}
            if is_local(self.warehouse):
                properties["py-io-impl"] = "weft.lake.local_io.LocalFileIO"
            with catalog_errors():
                self._opened = SqlCatalog(CATALOG_NAME, **properties)
        return self._opened

    @property
    def file_io(self) -> "FileIO":
        """Access to the lake's files."""
        from pyiceberg.io import load_file_io

        return load_file_io(self.opened.properties, self.warehouse)

    def location(self, port: PortName) -> str:
        """Where a port's table lies."""
        return f"{self.warehouse.rstrip('/')}/{port.domain}/{port.product}/{port.port}"

    def table(self, port: PortName) -> "Table | None":
        """A port's table as it is now; None before the first publication."""
        from pyiceberg.exceptions import NoSuchTableError

        with catalog_errors():
            try:
                return self.opened.load_table(namespace_and_table(port))
            except NoSuchTableError:
                return None

    def new_table(self, port: PortName, schema: Any) -> "CreateTableTransaction":
        """A table that comes to be with its first snapshot, in one commit."""
        namespace, _ = identifier = namespace_and_table(port)
        with catalog_errors():
            if namespace not in self._known_namespaces:
                self.opened.create_namespace_if_not_exists(namespace)
                self._known_namespaces.add(namespace)
            return self.opened.create_table_transaction(
                identifier, schema, location=self.location(port), properties=_TABLE_PROPERTIES
            )

    def close(self) -> None:
        """Let go of the database."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def is_local(warehouse: str) -> bool:
    """Whether tables lie on this machine's disk.

    >>> is_local("/srv/weft/tables"), is_local("s3://bucket/tables")
    (True, False)
    """
    return "://" not in warehouse or warehouse.startswith("file://")


@contextlib.contextmanager
def catalog_errors() -> Iterator[None]:
    """Tell errors of the catalogue's database as Problems; what they say is about the database, not its rows."""
    from sqlalchemy.exc import DatabaseError, InterfaceError

    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        busy = "database is locked" in str(error)
        raise Problem(
            "LAKE001",
            "The table catalogue is busy: another process holds it."
            if busy
            else "The table catalogue does not answer.",
            found=f"{type(error.orig).__name__}: {error.orig}",
            fix="Try again when the other build has ended."
            if busy
            else "See that the database runs and its URL is right.",
        ) from error


def _with_driver(url: str) -> str:
    """The URL with a driver that weft comes with, and with patience for another writer.

    >>> _with_driver("postgresql://me@db/weft"), _with_driver("sqlite:///catalog.db")
    ('postgresql+pg8000://me@db/weft', 'sqlite:///catalog.db?timeout=30')
    """
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+pg8000://" + url.partition("://")[2]
    if url.startswith("sqlite") and "timeout=" not in url:
        return f"{url}{'&' if '?' in url else '?'}timeout={WAIT_SECONDS}"
    return url


def _prepare_sqlite(url: str) -> None:
    """Let readers go on while somebody commits (write-ahead log; the setting stays in the file)."""
    path: Path | None = sqlite_path(url)
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
    except sqlite3.DatabaseError as error:
        raise Problem("LAKE001", f"The table catalogue cannot be opened: {error}.", found=str(path)) from error
