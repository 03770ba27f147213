"""Batches of the quarantine say how many rows went which way, when they came, of what they were made, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns; batches of before have none of it."""
    for column in (
        sa.Column("moved", sa.JSON(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("origin", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proof", sa.JSON(), nullable=True),
    ):
        op.add_column("quarantine_batches", column)
