"""Where the catalogue says that each table's metadata is, read from SQLite without the libraries of the catalogue."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from weft.base.names import PortName
from weft.base.problem import Problem

CATALOG_NAME = "weft"
WAIT_SECONDS = 30  # for another process that is writing

_POINTERS = "SELECT table_namespace, table_name, metadata_location FROM iceberg_tables WHERE catalog_name = ?"


def sqlite_path(catalog_url: str) -> Path | None:
    """The file of a catalogue on SQLite, or None for any other database.

    >>> sqlite_path("sqlite:////srv/weft/catalog.db"), sqlite_path("postgresql://db/weft")
    (PosixPath('/srv/weft/catalog.db'), None)
    """
    scheme, _, path = catalog_url.partition(":///")
    return Path(path.partition("?")[0]) if scheme.startswith("sqlite") else None


def read_pointers(catalog: Path, port: PortName | None = None) -> Mapping[PortName, str]:
    """Metadata locations by port, of one port or of all; none where the catalogue was not made yet."""
    if not catalog.exists():
        return {}
    try:
        with sqlite3.connect(catalog, timeout=WAIT_SECONDS) as connection:
            if port is None:
                rows = connection.execute(_POINTERS, (CATALOG_NAME,)).fetchall()
            else:
                one = f"{_POINTERS} AND table_namespace = ? AND table_name = ?"
                rows = connection.execute(one, (CATALOG_NAME, *namespace_and_table(port))).fetchall()
        connection.close()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):  # made, but no table was published
            return {}
        raise Problem("LAKE001", f"The table catalogue cannot be read: {error}.", found=str(catalog)) from error
    except sqlite3.DatabaseError as error:
        raise _unreadable(catalog, error) from error
    return {port_of(namespace, table): location for namespace, table, location in rows}


def _unreadable(catalog: Path, error: sqlite3.DatabaseError) -> Problem:
    return Problem(
        "LAKE001",
        f"The table catalogue cannot be read: {error}.",
        found=str(catalog),
        fix="Restore the file from a backup, or remove the storage folder and build again.",
    )


def damage_of(catalog: Path) -> list[str]:
    """What SQLite says of the catalogue's own file; empty where it is whole.

    Raises:
        Problem: LAKE001, so damaged that not even this can be told.
    """
    if not catalog.exists():
        return []
    try:
        with closing(sqlite3.connect(catalog, timeout=WAIT_SECONDS)) as connection:
            told = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(10)")]
    except sqlite3.DatabaseError as error:
        raise _unreadable(catalog, error) from error
    return [] if told == ["ok"] else told


def namespace_and_table(port: PortName) -> tuple[str, str]:
    """How the catalogue calls a port's table."""
    return f"{port.domain}.{port.product}", port.port


def port_of(namespace: str, table: str) -> PortName:
    """The port whose table the catalogue calls so."""
    domain, _, product = namespace.partition(".")
    return PortName(domain, product, table)
