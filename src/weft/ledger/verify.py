"""Hold every fact against the chain of hashes, and name each that is not as it was recorded.

Facts are read in parts and only their digests are kept, so that a ledger of any length fits into memory.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from weft.ledger.canonical import DIGEST_BYTES, digest_of
from weft.ledger.chain import BEGINNING, Head, digested_columns, hash_of, read_head, split_digests
from weft.ledger.tables import CHAIN, METADATA, SEQUENCE

Kind = Literal["changed", "moved", "gone", "added", "link changed", "link gone"]
OnProgress = Callable[[int, int], None]  # facts that were verified, and all of them

_ROWS_AT_ONCE = 250
_LINKS_AT_ONCE = 100
_MOST_BREAKS = 10_000  # that are named; all are counted
_UNREADABLE = b""  # instead of the digest of a row whose values cannot be what weft wrote


@dataclass(frozen=True)
class Break:
    """Facts of one table, or links of the chain, that are not as they were recorded."""

    kind: Kind
    table: str  # `chain` where a link is meant
    first: int  # sequence number, or the position of a link
    last: int
    moved_from: int | None = None  # where the fact that stands here was recorded

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        moved = {} if self.moved_from is None else {"moved_from": self.moved_from}
        return {"kind": self.kind, "table": self.table, "first": self.first, "last": self.last, **moved}


@dataclass(frozen=True)
class Verified:
    """What a verification saw."""

    facts: int  # that were held against the chain
    links: int
    is_whole: bool  # from the first link on, rather than the newest ones only
    head: Head | None
    breaks: tuple[Break, ...]
    broken: int  # facts and links; can be more than `breaks` name

    @property
    def is_sound(self) -> bool:
        """Whether everything is as it was recorded."""
        return not self.broken


def verify_chain(
    connection: sa.Connection, newest: int | None = None, on_progress: OnProgress = lambda done, all_facts: None
) -> Verified:
    """Walk along the chain.

    Args:
        connection: in a transaction that sees one state of the database throughout.
        newest: at least so many facts from the end; None: all.
        on_progress: called now and then.
    """
    head = read_head(connection)
    start, facts_to_see = _start(connection, newest)
    walk = _Walk(connection, start, is_whole=start == 1)
    for link in _links(connection, start):
        walk.take(link)
        on_progress(walk.facts, facts_to_see)
    walk.end()
    return Verified(walk.facts, walk.links, start == 1, head, walk.breaks(), walk.broken)


class _Walk:
    def __init__(self, connection: sa.Connection, start: int, *, is_whole: bool) -> None:
        self.connection, self.is_whole = connection, is_whole
        self.facts = self.links = self.broken = 0
        self._expected = start
        self._before = BEGINNING if start == 1 else _hash_at(connection, start - 1)
        self._readers: dict[str, _Reader] = {}
        self._found: list[tuple[Kind, str, int, bytes]] = []  # the digest that stands there
        self._missing: dict[tuple[str, bytes], int] = {}  # digest that should stand somewhere -> its sequence number

    def take(self, link: Any) -> None:
        """Hold one link against the one before it, and its facts against it."""
        for position in range(self._expected, min(link.position, self._expected + _MOST_BREAKS)):
            self._note("link gone", "chain", position)
        if link.position != self._expected:
            self._before = None  # of which nobody knows the hash any more
        self._expected = link.position + 1
        self.links += 1
        digests = bytes(link.digests)
        count = link.last_seq - link.first_seq + 1
        is_formed = link.table_name in METADATA.tables and len(digests) == count * DIGEST_BYTES and count > 0
        if is_formed and self._before is not None:
            wanted = hash_of(self._before, link.position, link.table_name, link.first_seq, link.last_seq, digests)
            is_formed = wanted == link.hash
        if not is_formed:
            self._note("link changed", "chain", link.position)
        self._before = link.hash
        if link.table_name in METADATA.tables and link.table_name != "chain" and count > 0:
            self._hold_facts(link.table_name, link.first_seq, link.last_seq, split_digests(digests))

    def _hold_facts(self, table: str, first: int, last: int, digests: list[bytes]) -> None:
        reader = self._readers.get(table)
        if reader is None:
            after = None if self.is_whole else first - 1
            reader = self._readers[table] = _Reader(self.connection, table, after)
        there: dict[int, bytes] = {}
        for sequence, digest in reader.up_to(last):
            if sequence < first:
                self._note("added", table, sequence, digest)
            else:
                there[sequence] = digest
        self.facts += len(digests)
        for sequence, wanted in enumerate(digests, first):
            digest_there = there.pop(sequence, None)
            if digest_there == wanted:
                continue
            self._missing.setdefault((table, wanted), sequence)
            if digest_there is None:
                self._note("gone", table, sequence)
            else:
                self._note("changed", table, sequence, digest_there)
        for sequence, digest in there.items():  # more rows than the link has digests
            self._note("added", table, sequence, digest)

    def end(self) -> None:
        """What lies behind the last link of each table was added by somebody else."""
        for name, table in METADATA.tables.items():
            if table is CHAIN:
                continue
            reader = self._readers.get(name)
            if reader is None:
                reader = _Reader(self.connection, name, None if self.is_whole else _covered(self.connection, name))
            for sequence, digest in reader.up_to(None):
                self._note("added", name, sequence, digest)

    def _note(self, kind: Kind, table: str, sequence: int, digest: bytes = _UNREADABLE) -> None:
        self.broken += 1
        if len(self._found) < _MOST_BREAKS:
            self._found.append((kind, table, sequence, digest))

    def breaks(self) -> tuple[Break, ...]:
        """What was found; neighbours with the same fate are told as one."""
        told: list[Break] = []
        for kind, table, sequence, digest in sorted(self._found, key=lambda found: (found[1], found[2])):
            origin = self._missing.get((table, digest)) if kind in ("changed", "added") else None
            if origin is not None and origin != sequence:
                told.append(Break("moved", table, sequence, sequence, origin))
            elif told and (told[-1].kind, told[-1].table, told[-1].last) == (kind, table, sequence - 1):
                told[-1] = Break(kind, table, told[-1].first, sequence)
            else:
                told.append(Break(kind, table, sequence, sequence))
        return tuple(told)


class _Reader:
    """The digests of a table's facts in their order, read ahead in parts."""

    def __init__(self, connection: sa.Connection, table: str, after: int | None) -> None:
        self._connection, self._table, self._after = connection, METADATA.tables[table], after
        self._ahead: list[tuple[int, bytes]] = []
        self._is_done = False

    def up_to(self, last: int | None) -> Iterator[tuple[int, bytes]]:
        """What was not given yet, up to and with this sequence number."""
        while True:
            for place, (sequence, _) in enumerate(self._ahead):
                if last is not None and sequence > last:
                    self._ahead = self._ahead[place:]
                    return
                yield self._ahead[place]
            self._ahead = []
            if self._is_done:
                return
            self._read()

    def _read(self) -> None:
        number = self._table.c[SEQUENCE]
        query = sa.select(number).order_by(number).limit(_ROWS_AT_ONCE)
        if self._after is not None:
            query = query.where(number > self._after)
        sequences = list(self._connection.execute(query).scalars())
        self._is_done = len(sequences) < _ROWS_AT_ONCE
        if not sequences:
            return
        self._after = sequences[-1]
        try:
            self._ahead = self._digests(sequences[0], sequences[-1])
        except _NOT_WRITTEN_BY_WEFT:
            for sequence in sequences:
                try:
                    self._ahead += self._digests(sequence, sequence)
                except _NOT_WRITTEN_BY_WEFT:
                    self._ahead.append((sequence, _UNREADABLE))

    def _digests(self, first: int, last: int) -> list[tuple[int, bytes]]:
        name, columns = self._table.name, digested_columns(self._table.name)
        number = self._table.c[SEQUENCE]
        query = sa.select(self._table).where(number.between(first, last)).order_by(number)
        rows = self._connection.execute(query).mappings()
        return [(row[SEQUENCE], digest_of(name, columns, row)) for row in rows]


# What reading a row raises whose JSON, instant or number was overwritten with something else.
_NOT_WRITTEN_BY_WEFT = (ValueError, TypeError, LookupError, OverflowError, OperationalError)


def _links(connection: sa.Connection, start: int) -> Iterator[Any]:
    while True:
        query = sa.select(CHAIN).where(CHAIN.c.position >= start).order_by(CHAIN.c.position).limit(_LINKS_AT_ONCE)
        links = connection.execute(query).all()
        yield from links
        if len(links) < _LINKS_AT_ONCE:
            return
        start = links[-1].position + 1


def _start(connection: sa.Connection, newest: int | None) -> tuple[int, int]:
    """The position to begin at, and how many facts stand from there on."""
    size = CHAIN.c.last_seq - CHAIN.c.first_seq + 1
    if newest is None:
        return 1, int(connection.execute(sa.select(sa.func.coalesce(sa.func.sum(size), 0))).scalar_one())
    start, facts = 1, 0
    query = sa.select(CHAIN.c.position, size).order_by(CHAIN.c.position.desc()).limit(newest)
    for position, count in connection.execute(query):
        start, facts = position, facts + count
        if facts >= newest:
            break
    return start, facts


def _hash_at(connection: sa.Connection, position: int) -> str | None:
    return connection.execute(sa.select(CHAIN.c.hash).where(CHAIN.c.position == position)).scalar_one_or_none()


def _covered(connection: sa.Connection, table: str) -> int | None:
    """The last fact of a table that some link stands for."""
    query = sa.select(CHAIN.c.last_seq).where(CHAIN.c.table_name == table).order_by(CHAIN.c.position.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()
