"""Open a database for reading; its address may hold secrets, so none of its words reach a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.problem import Place, Problem
from weft.base.server_tls import ServerTls, refusal_of, split_words, tls_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_DRIVERS = {
    "postgres": "postgresql+pg8000",
    "postgresql": "postgresql+pg8000",
    "mysql": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}


_TLS_ARGUMENT = {"pg8000": "ssl_context", "pymysql": "ssl"}

# One state of the database, whatever is written meanwhile; and nothing can be written by a query of ours.
_OPTIONS: dict[str, dict[str, Any]] = {
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
    "mysql": {"isolation_level": "REPEATABLE READ"},
    "mariadb": {"isolation_level": "REPEATABLE READ"},
}


@dataclass(frozen=True)
class Database:
    """An address, brought to a form that SQLAlchemy opens."""

    url: str
    label: str  # for people: without user and password
    file: Path | None = None  # of SQLite
    tls: ServerTls | None = None  # None: as its driver does
    tls_argument: str = ""  # how its driver calls it


def database_of(url: str, mesh_root: Path, place: Place) -> Database:
    """Read an address.

    Args:
        url: such as `sqlite:///data/orders.db` (relative to the mesh), `postgresql://user:password@host/name`.
        mesh_root: what a SQLite path is relative to.
        place: of the source.

    Raises:
        Problem: SOURCE030 it is no address of a database that is read.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise Problem(
            "SOURCE030",
            "The source's `url` is no address of a database.",
            place,
            expected="such as sqlite:///data/orders.db or postgresql://user:${env:PASSWORD}@host/name",
        ) from None
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed.database, mesh_root, place)
    parsed = parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))
    label = f"{parsed.get_backend_name()}://{parsed.host or ''}/{parsed.database or ''}"
    word = _TLS_ARGUMENT.get(parsed.get_driver_name())
    if word is None:  # a driver that weft does not come with has words of its own
        return Database(parsed.render_as_string(hide_password=False), label)
    mode, certificate, rest = split_words(parsed.query)
    tls = tls_of(parsed.host, mode, str(mesh_root / certificate) if certificate else None)
    return Database(parsed.set(query=rest).render_as_string(hide_password=False), label, tls=tls, tls_argument=word)


@contextmanager
def connected(database: Database, place: Place) -> Iterator["Connection"]:
    """A connection that reads one consistent state.

    Raises:
        Problem: SOURCE030 the database cannot be reached, or its driver is not installed.
    """
    engine = _engine(database, place)
    try:
        with _opened(engine, database, place) as connection:
            yield connection
    finally:
        engine.dispose()


def _engine(database: Database, place: Place) -> "Engine":
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.pool import NullPool

    try:
        context = database.tls.context() if database.tls else None
        secured = {"connect_args": {database.tls_argument: context}} if context else {}
        return create_engine(database.url, poolclass=NullPool, hide_parameters=True, **secured)
    except (ImportError, SQLAlchemyError) as error:
        raise Problem(
            "SOURCE030",
            f'There is no driver for the database "{database.label}".',
            place,
            found=type(error).__name__,
            fix="Install its SQLAlchemy driver, or name one: `url: dialect+driver://...`.",
        ) from None


def _opened(engine: "Engine", database: Database, place: Place) -> "Connection":
    from sqlalchemy.exc import SQLAlchemyError

    options = _OPTIONS.get(engine.dialect.name, {})
    try:
        connection = engine.connect().execution_options(**options)
        if engine.dialect.name in ("mysql", "mariadb"):
            connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            connection.commit()
        return connection
    except (SQLAlchemyError, OSError, Exception) as error:
        if refusal := refusal_of(error, database.label):
            raise replace(refusal, where=place) from None
        raise Problem(
            "SOURCE030",
            f'The database "{database.label}" cannot be reached.',
            place,
            found=type(getattr(error, "orig", None) or error).__name__,
            fix="See that it runs, and that host, name, user and password in `url` are right.",
        ) from None


def _sqlite(path: str | None, mesh_root: Path, place: Place) -> Database:
    file = mesh_root / (path or "")
    if not path or not file.is_file():
        # SQLite would make an empty database of a mistyped name.
        raise Problem(
            "SOURCE005",
            f'No SQLite database is at "{path or ""}".',
            place,
            fix="Mend the path in `url` (it is relative to the mesh).",
        )
    return Database(f"sqlite:///file:{file.absolute().as_posix()}?mode=ro&uri=true", f"sqlite:///{path}", file)
