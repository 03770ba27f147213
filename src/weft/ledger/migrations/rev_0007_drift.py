"""How publications differ from those before them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table, and let nobody change it."""
    op.create_table(
        "drifts",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("drifted", sa.BigInteger(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
    )
    for column in ("port", "run_id"):
        op.create_index(f"ix_drifts_{column}", "drifts", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER drifts_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON drifts "
            "FOR EACH STATEMENT EXECUTE FUNCTION weft_refuse_change()"
        )
    else:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER drifts_no_{verb} BEFORE {verb.upper()} ON drifts "
                f"BEGIN SELECT RAISE(ABORT, 'facts are only ever added'); END"
            )
