"""The ledger: record facts, and read them back. Nothing here changes or removes one."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from weft.base.problem import Problem
from weft.ledger.connection import connect
from weft.ledger.facts import Fact
from weft.ledger.migrate import HEAD, migrate, revision_of
from weft.ledger.tables import SEQUENCE, table_of

F = TypeVar("F", bound=Fact)


class Ledger:
    """An append-only memory of what happened; safe to use from several threads and processes."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> "Ledger":
        """Open a ledger, making or migrating its tables where needed.

        Args:
            url: `sqlite:///path/ledger.db` or `postgresql://user@host/database`.

        Raises:
            Problem: LEDGER001 no such database, LEDGER002 written by a newer weft, LEDGER003 it does not answer.
        """
        engine = connect(url)
        with _answering():
            with engine.connect() as connection:
                current = revision_of(connection)
            if current != HEAD:
                migrate(engine)
        return cls(engine)

    @property
    def family(self) -> str:
        """The kind of database: sqlite or postgresql."""
        return self._engine.dialect.name

    def record(self, *facts: Fact) -> None:
        """Add facts in one transaction: all of them or none.

        Raises:
            Problem: LEDGER003.
        """
        if not facts:
            return
        with _answering(), self._engine.begin() as connection:
            for kind, group in groupby(facts, key=type):
                connection.execute(sa.insert(table_of(kind)), [_row(fact) for fact in group])

    def facts(
        self,
        kind: type[F],
        /,
        *,
        newest_first: bool = False,
        limit: int | None = None,
        since: datetime | None = None,
        **equals: object,
    ) -> list[F]:
        """Facts of one kind in the order they were recorded.

        Args:
            kind: the class of fact.
            newest_first: turn the order round.
            limit: at most so many.
            since: recorded as happened at this instant or later.
            **equals: a field's value, or a collection of values of which one must match.

        Raises:
            Problem: LEDGER003.
        """
        table = table_of(kind)
        query = _filtered(sa.select(table), table, equals)
        if since is not None:
            query = query.where(table.c.at >= since)
        order = table.c[SEQUENCE].desc() if newest_first else table.c[SEQUENCE]
        return self._read(kind, query.order_by(order).limit(limit))

    def latest(self, kind: type[F], /, **equals: object) -> F | None:
        """The fact of one kind that was recorded last, or None."""
        table = table_of(kind)
        query = _filtered(sa.select(table), table, equals).order_by(table.c[SEQUENCE].desc()).limit(1)
        found = self._read(kind, query)
        return found[0] if found else None

    def latest_by(self, kind: type[F], /, *keys: str, **equals: object) -> dict[tuple[Any, ...], F]:
        """The fact recorded last for each value of some fields, in one query."""
        table = table_of(kind)
        newest = _filtered(sa.select(sa.func.max(table.c[SEQUENCE])), table, equals)
        query = sa.select(table).where(table.c[SEQUENCE].in_(newest.group_by(*(table.c[key] for key in keys))))
        return {
            tuple(getattr(fact, key) for key in keys): fact
            for fact in self._read(kind, query.order_by(table.c[SEQUENCE]))
        }

    def count(self, kind: type[Fact], /, **equals: object) -> int:
        """How many facts of one kind there are."""
        table = table_of(kind)
        with _answering(), self._engine.connect() as connection:
            query = _filtered(sa.select(sa.func.count()).select_from(table), table, equals)
            return int(connection.execute(query).scalar_one())

    @contextmanager
    def advisory_lock(self, key: int) -> Iterator[bool]:
        """Hold a lock that all machines with this ledger share; yields whether it was free.

        A file lock reaches one machine (or one shared disk), so SQLite always says yes here.
        """
        if self.family != "postgresql":
            yield True
            return
        with _answering(), self._engine.connect() as connection:
            is_free = bool(connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
            connection.commit()  # the lock belongs to the session; an open transaction would only age
            try:
                yield is_free
            finally:
                if is_free:
                    connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
                    connection.commit()

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _read(self, kind: type[F], query: "sa.Select[Any]") -> list[F]:
        with _answering(), self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [kind(**{name: value for name, value in row.items() if name != SEQUENCE}) for row in rows]


def _row(fact: Fact) -> dict[str, Any]:
    return {field.name: _plain(getattr(fact, field.name)) for field in fields(fact)}


def _plain(value: Any) -> Any:
    """Mappings of any class as dictionaries: JSON writers know no others."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _filtered(query: "sa.Select[Any]", table: sa.Table, equals: Mapping[str, object]) -> "sa.Select[Any]":
    for name, value in equals.items():
        column = table.c[name]
        if value is None:
            query = query.where(column.is_(None))
        elif isinstance(value, Iterable) and not isinstance(value, str):
            query = query.where(column.in_(list(value)))
        else:
            query = query.where(column == value)
    return query


@contextmanager
def _answering() -> Iterator[None]:
    """Turn a database that does not answer into a problem; its own message may name hosts, never values."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _unreachable(error) from None
    except DBAPIError as error:
        # Exactly this class, none below it, is how SQLite tells a file that is damaged or no database.
        if error.connection_invalidated or type(error) is DatabaseError:
            raise _unreachable(error) from None
        raise


def _unreachable(error: SQLAlchemyError) -> Problem:
    cause = getattr(error, "orig", None)
    return Problem(
        "LEDGER003",
        "The ledger does not answer.",
        found=str(cause if cause is not None else error).split("\n")[0],
        fix="See that the database runs and that this user may write to it; `weft doctor` tries it.",
    )
