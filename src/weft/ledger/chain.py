"""One chain of hashes over all facts of all tables, so that nobody changes the past unseen.

A link stands for facts of one table that were recorded together: it keeps the digest of each, and its hash takes in
the hash of the link before. Whoever changes, removes, adds or moves a fact breaks the link that stands for it; whoever
mends that link breaks all later ones. What was cut off at the end is found by an anchor only: a hash that was written
down somewhere else. Decision: docs/decisions/0011-one-hash-chain.md.
"""

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from weft.ledger.canonical import DIGEST_BYTES, Columns, columns_of, digest_of
from weft.ledger.tables import CHAIN, METADATA, SEQUENCE

BEGINNING = "0" * 64  # stands for the hash before the first link
MOST_FACTS = 1000  # of one link, so that one of them is never large in memory
LOCK = 7_137_503  # advisory lock of Postgres, held while facts are added; the same in every weft


@dataclass(frozen=True)
class Head:
    """The newest link: whoever knows its hash knows all facts up to it."""

    position: int  # from 1
    hash: str


class Writer:
    """Adds links to the chain, inside a transaction that nobody else adds in."""

    def __init__(self, connection: sa.Connection, tables: Sequence[str]) -> None:
        """Read where the chain and these tables end."""
        self._connection = connection
        row = connection.exec_driver_sql(_where_they_end(tuple(tables))).one()
        self.head = Head(row[0] or 0, row[1] or BEGINNING)
        # The chain's own word counts too: a fact that was removed at the end must not give its number to the next.
        self._next = {
            table: max(row[2 + 2 * place] or 0, row[3 + 2 * place] or 0) + 1 for place, table in enumerate(tables)
        }
        self._links: list[dict[str, Any]] = []

    def number(self, table: str, count: int) -> range:
        """The sequence numbers of the next facts of a table."""
        first = self._next[table]
        self._next[table] = first + count
        return range(first, first + count)

    def link(self, table: str, first: int, digests: Sequence[bytes]) -> None:
        """Note facts that follow each other without a gap; `write` adds their links."""
        for start in range(0, len(digests), MOST_FACTS):
            part = digests[start : start + MOST_FACTS]
            joined, position, from_ = b"".join(part), self.head.position + 1, first + start
            to = from_ + len(part) - 1
            self.head = Head(position, hash_of(self.head.hash, position, table, from_, to, joined))
            self._links.append(
                {
                    "position": position,
                    "table_name": table,
                    "first_seq": from_,
                    "last_seq": to,
                    "digests": joined,
                    "hash": self.head.hash,
                }
            )

    def write(self) -> None:
        """Add the links that were noted."""
        if self._links:
            self._connection.execute(sa.insert(CHAIN), self._links)
            self._links = []


def hash_of(before: str, position: int, table: str, first: int, last: int, digests: bytes) -> str:
    """The hash of a link, 64 hexadecimal digits.

    >>> hash_of(BEGINNING, 1, "reads", 1, 1, bytes(32))[:12]
    '11b97f88636a'
    """
    head = f"{before} {position} {table} {first} {last}\n".encode()
    return hashlib.sha256(head + digests).hexdigest()


def digests_of(table: str, rows: Sequence[Mapping[Any, Any]]) -> list[bytes]:
    """The digests of facts of one table."""
    columns = digested_columns(table)
    return [digest_of(table, columns, row) for row in rows]


@functools.cache
def digested_columns(table: str) -> Columns:
    """The columns of a table of facts that its digests are made of."""
    return columns_of(METADATA.tables[table], without=SEQUENCE)


def split_digests(digests: bytes) -> list[bytes]:
    """The single digests of a link."""
    return [digests[start : start + DIGEST_BYTES] for start in range(0, len(digests), DIGEST_BYTES)]


def take_turn(connection: sa.Connection) -> None:
    """Wait until nobody else adds facts; SQLite is told so by the way its transaction begins."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def read_head(connection: sa.Connection) -> Head | None:
    """The newest link, or None where nothing was recorded yet."""
    query = sa.select(CHAIN.c.position, CHAIN.c.hash).order_by(CHAIN.c.position.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Head(*row)


def has_link(connection: sa.Connection, head: Head) -> bool:
    """Whether the chain holds this very link."""
    query = sa.select(CHAIN.c.hash).where(CHAIN.c.position == head.position)
    return connection.execute(query).scalar_one_or_none() == head.hash


@functools.cache
def _where_they_end(tables: tuple[str, ...]) -> str:
    """One query for all, since it runs before each recording."""
    parts = ["(SELECT max(position) FROM chain)", "(SELECT hash FROM chain ORDER BY position DESC LIMIT 1)"]
    for table in tables:
        newest = f"WHERE table_name = '{table}' ORDER BY position DESC LIMIT 1"
        parts += [f"(SELECT max({SEQUENCE}) FROM {table})", f"(SELECT last_seq FROM chain {newest})"]
    return f"SELECT {', '.join(parts)}"
