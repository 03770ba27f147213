"""The Iceberg catalogue, opened through PyIceberg when something is committed.

The catalogue is a database with one row a table: where its newest metadata file is. A commit moves that pointer if it
still is where the committer read it, which is the one atomic step that everything else here stands on.
"""

import contextlib
import sqlite3
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.server_tls import refusal_of, split_words, tls_of
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
_TABLES_OF_A_CATALOG = 2


class IcebergCatalog:
    """The catalogue of one environment.

    Args:
        url: SQLAlchemy URL of its database.
        warehouse: folder below which the tables lie.
    """

    def __init__(self, url: str, warehouse: Path) -> None:
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
            _prepare_sqlite(self.url)
            with catalog_errors():
                self._opened = self._open()
        return self._opened

    def _open(self) -> "SqlCatalog":
        from sqlalchemy import make_url
        from sqlalchemy.exc import OperationalError, ProgrammingError

        from weft.lake.secured_catalog import SecuredCatalog

        url = make_url(_with_driver(self.url))
        mode, certificate, rest = split_words(url.query)
        is_server = url.get_backend_name() != "sqlite"
        context = tls_of(url.host, mode, certificate).context() if is_server else None
        properties = {
            "uri": url.set(query=rest).render_as_string(hide_password=False),
            "warehouse": str(self.warehouse),
            "py-io-impl": "weft.lake.local_io.LocalFileIO",
        }
        for _ in range(_TABLES_OF_A_CATALOG):
            try:
                return SecuredCatalog(CATALOG_NAME, context, **properties)
            except (OperationalError, ProgrammingError) as error:
                if "already exists" not in str(error):  # another process made the table at the same moment
                    raise
        return SecuredCatalog(CATALOG_NAME, context, **properties)

    @property
    def file_io(self) -> "FileIO":
        """Access to the lake's files."""
        from weft.lake.local_io import LocalFileIO

        return LocalFileIO()

    def folder(self, port: PortName) -> Path:
        """Where a port's table lies."""
        return self.warehouse / port.domain / port.product / port.port

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
            self._make_namespace(namespace)
            return self.opened.create_table_transaction(
                identifier, schema, location=str(self.folder(port)), properties=_TABLE_PROPERTIES
            )

    def _make_namespace(self, namespace: str) -> None:
        from sqlalchemy.exc import IntegrityError

        if namespace not in self._known_namespaces:
            with contextlib.suppress(IntegrityError):  # another process made it at the same moment
                self.opened.create_namespace_if_not_exists(namespace)
            self._known_namespaces.add(namespace)

    def close(self) -> None:
        """Let go of the database."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None


class CatalogGone(Problem):
    """The catalogue's database does not answer now; what was asked of it last may have been done or not."""


@contextlib.contextmanager
def catalog_errors() -> Iterator[None]:
    """Tell errors of the catalogue's database as Problems; what they say is about the database, not its rows."""
    from sqlalchemy.exc import DatabaseError, InterfaceError

    try:
        yield
    except ssl.SSLError as error:
        raise refusal_of(error, "of the table catalogue") or error from None
    except ConnectionError as error:  # the driver tells some of them as they are
        raise CatalogGone(
            "LAKE001",
            "The table catalogue does not answer.",
            found=str(error),
            fix="See that the database runs and its URL is right.",
        ) from error
    except (DatabaseError, InterfaceError) as error:
        if refusal := refusal_of(error, "of the table catalogue"):
            raise refusal from None
        busy = "database is locked" in str(error)
        raise (Problem if busy else CatalogGone)(
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
