"""Connect to the ledger's database: SQLite by default, Postgres by URL."""

import json
import logging
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from weft.base.problem import Problem
from weft.base.server_tls import split_words, tls_of

BUSY_SECONDS = 30  # how long a writer of SQLite waits for another one
WRITES = "weft_writes"  # execution option of a connection whose transactions write


def connect(url: str) -> sa.Engine:
    """An engine for the ledger's database; nothing is opened yet.

    Raises:
        Problem: LEDGER001, the URL cannot be understood; TLS001, what it says of encryption cannot. The URL itself is
            never shown: it may hold a password.
    """
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgresql", "postgres"):
            parsed = parsed.set(drivername="postgresql+pg8000")
        family = parsed.get_backend_name()
        if family == "sqlite":
            return _sqlite(parsed)
        if family == "postgresql":
            # Else a connection that a restart of the server broke is told with a traceback on standard error.
            logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())
            mode, certificate, rest = split_words(parsed.query)
            context = tls_of(parsed.host, mode, certificate).context()
            secured = {"connect_args": {"ssl_context": context}} if context else {}
            return sa.create_engine(parsed.set(query=rest), json_serializer=_as_json, pool_pre_ping=True, **secured)
    except (ArgumentError, NoSuchModuleError):
        family = "not a database URL"
    raise Problem(
        "LEDGER001",
        "The ledger's URL names no database that weft can use.",
        found=family,
        expected="sqlite:///path/ledger.db or postgresql://user@host/database",
        fix="Set `ledger:` of the environment in weft.yaml, or WEFT_LEDGER.",
    )


def _sqlite(url: sa.URL) -> sa.Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, json_serializer=_as_json, connect_args={"timeout": BUSY_SECONDS})

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        # Readers never wait for the one writer; FULL, since a fact that was reported must outlive a power cut.
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # Python's driver begins transactions by itself, and not before a CREATE: a migration that is killed half-way
        # would leave half of its tables. So it is told to begin none, and SQLAlchemy's own BEGIN is sent.
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        # A writer takes the lock at once: one that had read first could not wait for another, only fail.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if WRITES in connection.get_execution_options() else "BEGIN")

    return engine


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
