"""The whole ledger as text, in parts that never change: what a backup keeps of it.

A part holds facts of one table whose sequence numbers lie between two round numbers, one line of JSON each. Facts are
only ever added, so every part but the last of a table is the same in every later dump, whatever database it came
from. The links of the chain are dumped as they are: what is loaded again can be held against them.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from weft.ledger.chain import Head, read_head
from weft.ledger.facts import Fact
from weft.ledger.migrate import revision_of
from weft.ledger.tables import CHAIN, METADATA, SEQUENCE, table_of

_FACTS_OF_A_PART = 5_000
_LINKS_OF_A_PART = 500  # a link is up to 32 KB
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Part:
    """Rows of one table that follow each other."""

    table: str
    first: int  # the sequence number, or position, that the part begins at
    rows: int
    lines: bytes


class FrozenLedger:
    """The ledger as it was at one instant, whatever is recorded meanwhile. Made by `Ledger.frozen`.

    Args:
        connection: in a transaction that sees one state throughout; the state is that of the making of this object.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.head: Head | None = read_head(connection)  # the first question fixes what the transaction sees
        self.revision = revision_of(connection)

    def parts(self) -> Iterator[Part]:
        """All that the ledger holds, table after table."""
        for table in METADATA.sorted_tables:
            key = key_of(table)
            step = _LINKS_OF_A_PART if table is CHAIN else _FACTS_OF_A_PART
            highest = self._connection.execute(sa.select(sa.func.max(key))).scalar_one() or 0
            for first in range(1, highest + 1, step):
                query = sa.select(table).where(key >= first, key < first + step).order_by(key)
                rows = self._connection.execute(query).mappings().all()
                if rows:
                    yield Part(table.name, first, len(rows), b"".join(map(_line, rows)))

    def latest_by(self, kind: type[F], *keys: str) -> dict[tuple[Any, ...], F]:
        """The fact recorded last for each value of some fields."""
        table = table_of(kind)
        newest = sa.select(sa.func.max(table.c[SEQUENCE])).group_by(*(table.c[key] for key in keys))
        rows = self._connection.execute(sa.select(table).where(table.c[SEQUENCE].in_(newest))).mappings()
        names = [field.name for field in fields(kind)]
        facts = [kind(**{name: row[name] for name in names}) for row in rows]
        return {tuple(getattr(fact, key) for key in keys): fact for fact in facts}


def key_of(table: sa.Table) -> "sa.Column[int]":
    """The column that says the order of a table's rows."""
    return table.c.position if table is CHAIN else table.c[SEQUENCE]


def read_lines(table: sa.Table, lines: bytes) -> list[dict[str, Any]]:
    """The rows of a part, with the values that the table's columns take.

    Raises:
        ValueError, KeyError: this is no part of that table.
    """
    return [
        {name: _typed(table.c[name].type, value) for name, value in json.loads(line).items()}
        for line in lines.splitlines()
    ]


def _line(row: "Mapping[Any, Any]") -> bytes:
    return json.dumps(dict(row), ensure_ascii=False, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return base64.b64encode(bytes(value)).decode("ascii")


def _typed(type_: "sa.types.TypeEngine[Any]", value: Any) -> Any:
    if value is None:
        return None
    kept_as = getattr(type_, "impl_instance", type_)
    if isinstance(kept_as, sa.DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kept_as, sa.LargeBinary):
        return base64.b64decode(value)
    return value
