"""The database itself refuses to change or remove a fact."""

from alembic import op

revision = "0002"
down_revision = "0001"

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
    """Add a trigger to each table."""
    if op.get_bind().dialect.name == "postgresql":
        _postgres()
    else:
        _sqlite()


def _sqlite() -> None:
    for table in _TABLES:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'facts are only ever added'); END"
            )


def _postgres() -> None:
    op.execute(
        "CREATE FUNCTION weft_refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'facts are only ever added'; END $$"
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION weft_refuse_change()"
        )
