"""Fill an empty ledger with what `weft.ledger.dump` wrote, on whichever database."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from weft.base.problem import Problem
from weft.ledger.answering import answering
from weft.ledger.chain import read_head
from weft.ledger.connection import WRITES, connect
from weft.ledger.dump import read_lines
from weft.ledger.migrate import HEAD, migrate, revision_of
from weft.ledger.tables import METADATA

if TYPE_CHECKING:
    from weft.ledger.chain import Head


def load_ledger(url: str, revision: str, parts: Iterable[tuple[str, bytes]]) -> "Head | None":
    """Add the rows of a dump to a ledger that has none, in one transaction, and bring it to this weft's tables.

    Args:
        url: the database's.
        revision: the migration that the dump was made at.
        parts: table and lines of each part.

    Returns:
        The newest link of the chain.

    Raises:
        Problem: BACKUP009, the database holds facts already; BACKUP011, the dump is of a newer weft; LEDGER001..003.
    """
    if revision > HEAD:
        raise Problem(
            "BACKUP011",
            "The backup was made by a newer version of weft.",
            found=f"a ledger of revision {revision}",
            expected=f"at most revision {HEAD}",
            fix="Restore it with that version.",
        )
    engine = connect(url)
    try:
        with answering():
            with engine.connect() as connection:
                is_new = revision_of(connection) is None
            if is_new:
                migrate(engine, to=revision)
            with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
                _refuse_filled(connection)
                for table, lines in parts:
                    if rows := read_lines(METADATA.tables[table], lines):
                        connection.execute(sa.insert(METADATA.tables[table]), rows)
                head = read_head(connection)
            migrate(engine)
    finally:
        engine.dispose()
    return head


def ledger_head(url: str) -> "tuple[bool, Head | None]":
    """Whether a database holds facts, and where its chain ends."""
    engine = connect(url)
    try:
        with answering(), engine.connect() as connection:
            if revision_of(connection) is None:
                return False, None
            return _filled(connection) is not None, read_head(connection)
    finally:
        engine.dispose()


def _refuse_filled(connection: sa.Connection) -> None:
    if (table := _filled(connection)) is not None:
        raise Problem(
            "BACKUP009",
            "The ledger's database is not empty: what is there would be mixed with what is restored.",
            found=f"facts in table {table}",
            expected="a database without facts",
            fix="Name an empty database as `ledger:` of the environment, or let this user make one. "
            "weft never removes facts.",
        )


def _filled(connection: sa.Connection) -> str | None:
    present = set(sa.inspect(connection).get_table_names())
    for table in METADATA.sorted_tables:
        if table.name in present and connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
            return table.name
    return None
