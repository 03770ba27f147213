"""The ledger: record facts, and read them back. Nothing here changes or removes one."""

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from weft.ledger.answering import LedgerGone, answering, patiently
from weft.ledger.chain import Head, Writer, digests_of, has_link, read_head, take_turn
from weft.ledger.connection import WRITES, connect
from weft.ledger.facts import Fact
from weft.ledger.migrate import HEAD, migrate, revision_of
from weft.ledger.tables import SEQUENCE, table_of

if TYPE_CHECKING:
    from weft.ledger.anchor import Anchor
    from weft.ledger.dump import FrozenLedger
    from weft.ledger.verify import OnProgress, Verified

F = TypeVar("F", bound=Fact)
R = TypeVar("R")


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
        with answering():
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
        tried: list[Head] = []  # where the chain ends if an attempt was done whose answer was lost

        def attempt() -> None:
            with answering(), self._writing() as connection:
                if not any(has_link(connection, head) for head in tried):
                    tried.append(_add(connection, facts))

        self._ask(attempt)

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
        query = _filtered(sa.select(sa.func.count()).select_from(table), table, equals)

        def attempt() -> int:
            with answering(), self._engine.connect() as connection:
                return int(connection.execute(query).scalar_one())

        return self._ask(attempt)

    def head(self) -> Head | None:
        """The newest link of the chain of hashes, or None where nothing was recorded yet."""
        with answering(), self._engine.connect() as connection:
            return read_head(connection)

    def verify(self, newest: int | None = None, on_progress: "OnProgress" = lambda done, all_facts: None) -> "Verified":
        """Hold the facts against the chain of hashes.

        Args:
            newest: about so many facts from the end; None: all.
            on_progress: called now and then with the facts that were seen, and how many there are to see.

        Raises:
            Problem: LEDGER003.
        """
        from weft.ledger.verify import verify_chain

        with answering(), self._one_state() as connection:
            return verify_chain(connection, newest, on_progress)

    def not_held(self, anchors: "Iterable[tuple[int, Anchor]]") -> "list[tuple[int, Anchor, str]]":
        """The anchors that the chain does not hold, each with its line and why.

        Raises:
            Problem: LEDGER003.
        """
        from weft.ledger.anchor import not_held

        with answering(), self._one_state() as connection:
            return list(not_held(connection, anchors, read_head(connection)))

    @contextmanager
    def frozen(self) -> "Iterator[FrozenLedger]":
        """The ledger as it is when the block begins, whatever is recorded while it runs; nobody waits for it.

        Raises:
            Problem: LEDGER003.
        """
        from weft.ledger.dump import FrozenLedger

        with answering(), self._one_state() as connection:
            yield FrozenLedger(connection)

    def damage(self) -> list[str]:
        """What the database says of its own file; empty where it is whole, or a server that looks after itself.

        Raises:
            Problem: LEDGER003, so damaged that not even this can be told.
        """
        if self.family != "sqlite":
            return []
        with answering(), self._engine.connect() as connection:
            told = list(connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars())
        return [] if told == ["ok"] else [str(line) for line in told]

    @contextmanager
    def advisory_lock(self, key: int) -> Iterator[bool]:
        """Hold a lock that all machines with this ledger share; yields whether it was free.

        A file lock reaches one machine (or one shared disk), so SQLite always says yes here.
        """
        if self.family != "postgresql":
            yield True
            return
        with answering(), self._engine.connect() as connection:
            is_free = bool(connection.execute(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar())
            connection.commit()  # the lock belongs to the session; an open transaction would only age
            try:
                yield is_free
            finally:
                if is_free:
                    with suppress(LedgerGone), answering():  # the lock went with its session
                        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
                        connection.commit()

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _ask(self, work: Callable[[], R]) -> R:
        """Ask a server until it answers; a file does at once or not at all."""
        return patiently(work) if self.family == "postgresql" else work()

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """A transaction in which nobody else adds facts."""
        with self._engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            take_turn(connection)
            yield connection

    @contextmanager
    def _one_state(self) -> Iterator[sa.Connection]:
        """A transaction that sees the same facts throughout, whatever is recorded meanwhile."""
        options = {"isolation_level": "REPEATABLE READ"} if self.family == "postgresql" else {}
        with self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    def _read(self, kind: type[F], query: "sa.Select[Any]") -> list[F]:
        def attempt() -> "Sequence[sa.RowMapping]":
            with answering(), self._engine.connect() as connection:
                return connection.execute(query).mappings().all()

        rows = self._ask(attempt)
        return [kind(**{name: value for name, value in row.items() if name != SEQUENCE}) for row in rows]


def _add(connection: sa.Connection, facts: Iterable[Fact]) -> Head:
    """Add facts and their links; returns where the chain ends then."""
    chain = Writer(connection, list(dict.fromkeys(fact.table for fact in facts)))
    for kind, group in groupby(facts, key=_kind):
        rows = [_row(fact) for fact in group]
        numbers = chain.number(kind.table, len(rows))
        numbered = [{SEQUENCE: number, **row} for number, row in zip(numbers, rows, strict=True)]
        connection.execute(sa.insert(table_of(kind)), numbered)
        chain.link(kind.table, numbers.start, digests_of(kind.table, rows))
    chain.write()
    return chain.head


def _kind(fact: Fact) -> type[Fact]:
    return type(fact)


def _row(fact: Fact) -> dict[str, Any]:
    kind: Any = type(fact)
    return {name: _plain(getattr(fact, name)) for name in _names(kind)}


@functools.cache
def _names(kind: type[Fact]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


_PLAIN = frozenset((str, int, float, bool, type(None), datetime))


def _plain(value: Any) -> Any:
    """Mappings of any class as dictionaries: JSON writers know no others."""
    if type(value) in _PLAIN:  # nearly all; asking for a Mapping takes ten times as long
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
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
