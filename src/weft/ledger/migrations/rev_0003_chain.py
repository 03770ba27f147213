"""A chain of hashes over all facts, those that are there already included."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from weft.ledger.canonical import columns_of, digest_of
from weft.ledger.chain import MOST_FACTS, Writer

revision = "0003"
down_revision = "0002"

_TABLES = (
    "runs_started",
    "runs_ended",
    "steps",
    "findings",
    "publications",
    "contracts",
    "profiles",
    "quarantine_batches",
    "landings",
    "reads",
    "rollbacks",
    "maintenance",
)


def upgrade() -> None:
    """Make the table, link what was recorded before it, and let nobody change it."""
    op.create_table(
        "chain",
        sa.Column(
            "position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
    )
    op.create_index("ix_chain_table_name", "chain", ["table_name", "position"])
    connection = op.get_bind()
    writer = Writer(connection, _TABLES)
    for table in _TABLES:
        for first, digests in _digests(connection, table):
            writer.link(table, first, digests)
            writer.write()
    if connection.dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER chain_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON chain "
            "FOR EACH STATEMENT EXECUTE FUNCTION weft_refuse_change()"
        )
    else:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER chain_no_{verb} BEFORE {verb.upper()} ON chain "
                f"BEGIN SELECT RAISE(ABORT, 'facts are only ever added'); END"
            )


def _digests(connection: sa.Connection, name: str) -> Iterator[tuple[int, list[bytes]]]:
    """Digests of facts that follow each other without a gap, each time with the number of the first.

    The table is taken as it is at this revision: later ones may add columns.
    """
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    columns = columns_of(table, without="seq")
    after: int | None = None
    while True:
        query = sa.select(table).order_by(table.c.seq).limit(MOST_FACTS)
        if after is not None:
            query = query.where(table.c.seq > after)
        rows = connection.execute(query).mappings().all()
        if not rows:
            return
        yield from _runs(rows, [digest_of(name, columns, row) for row in rows])
        after = rows[-1]["seq"]


def _runs(rows: Any, digests: list[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    begin = 0
    for place in range(1, len(rows) + 1):
        if place == len(rows) or rows[place]["seq"] != rows[place - 1]["seq"] + 1:
            yield rows[begin]["seq"], digests[begin:place]
            begin = place
