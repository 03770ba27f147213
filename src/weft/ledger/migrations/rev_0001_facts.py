"""The first tables: one for each kind of fact."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "runs_started",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("weft_version", sa.Text(), nullable=False),
        sa.Column("selection", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
    )
    op.create_index("ix_runs_started_actor", "runs_started", ["actor"])
    op.create_index("ix_runs_started_run_id", "runs_started", ["run_id"])
    op.create_table(
        "runs_ended",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("products_built", sa.BigInteger(), nullable=False),
        sa.Column("products_unchanged", sa.BigInteger(), nullable=False),
        sa.Column("products_failed", sa.BigInteger(), nullable=False),
        sa.Column("products_skipped", sa.BigInteger(), nullable=False),
        sa.Column("rows_in", sa.BigInteger(), nullable=False),
        sa.Column("rows_published", sa.BigInteger(), nullable=False),
        sa.Column("rows_quarantined", sa.BigInteger(), nullable=False),
        sa.Column("rows_refused", sa.BigInteger(), nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", sa.Float(53), nullable=False),
    )
    op.create_index("ix_runs_ended_run_id", "runs_ended", ["run_id"])
    op.create_table(
        "steps",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("rows_in", sa.BigInteger(), nullable=False),
        sa.Column("rows_published", sa.BigInteger(), nullable=False),
        sa.Column("rows_quarantined", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", sa.Float(53), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
    )
    op.create_index("ix_steps_port", "steps", ["port"])
    op.create_index("ix_steps_product", "steps", ["product"])
    op.create_index("ix_steps_run_id", "steps", ["run_id"])
    op.create_table(
        "findings",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("measured", sa.Float(53), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("threshold", sa.Text(), nullable=True),
        sa.Column("broken_rows", sa.BigInteger(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
    )
    op.create_index("ix_findings_port", "findings", ["port"])
    op.create_index("ix_findings_run_id", "findings", ["run_id"])
    op.create_table(
        "publications",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("contract_version", sa.Text(), nullable=False),
        sa.Column("contract_digest", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.Column("rejected", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("materialization", sa.Text(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
    )
    op.create_index("ix_publications_port", "publications", ["port"])
    op.create_index("ix_publications_run_id", "publications", ["run_id"])
    op.create_table(
        "contracts",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("contract_id", sa.Text(), nullable=False),
        sa.Column("contract_version", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("standard_version", sa.Text(), nullable=False),
    )
    op.create_index("ix_contracts_port", "contracts", ["port"])
    op.create_index("ix_contracts_run_id", "contracts", ["run_id"])
    op.create_table(
        "profiles",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
    )
    op.create_index("ix_profiles_port", "profiles", ["port"])
    op.create_index("ix_profiles_run_id", "profiles", ["run_id"])
    op.create_table(
        "quarantine_batches",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
    )
    op.create_index("ix_quarantine_batches_actor", "quarantine_batches", ["actor"])
    op.create_index("ix_quarantine_batches_port", "quarantine_batches", ["port"])
    op.create_index("ix_quarantine_batches_run_id", "quarantine_batches", ["run_id"])
    op.create_table(
        "landings",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("rows_in_files", sa.BigInteger(), nullable=False),
        sa.Column("rows_landed", sa.BigInteger(), nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("landing", sa.JSON(), nullable=False),
        sa.Column("duration_seconds", sa.Float(53), nullable=False),
    )
    op.create_index("ix_landings_product", "landings", ["product"])
    op.create_index("ix_landings_run_id", "landings", ["run_id"])
    op.create_table(
        "reads",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("query_hash", sa.Text(), nullable=False),
        sa.Column("ports", sa.JSON(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", sa.Float(53), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
    )
    op.create_index("ix_reads_actor", "reads", ["actor"])
    op.create_table(
        "rollbacks",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("to_snapshot_id", sa.BigInteger(), nullable=False),
        sa.Column("from_snapshot_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
    )
    op.create_index("ix_rollbacks_actor", "rollbacks", ["actor"])
    op.create_index("ix_rollbacks_port", "rollbacks", ["port"])
    op.create_table(
        "maintenance",
        _sequence(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
    )
    op.create_index("ix_maintenance_actor", "maintenance", ["actor"])
    op.create_index("ix_maintenance_port", "maintenance", ["port"])


def _sequence() -> "sa.Column[int]":
    type_ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    return sa.Column("seq", type_, primary_key=True, autoincrement=True)
