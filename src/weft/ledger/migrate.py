"""Bring a ledger to the tables of this version, one migration after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from weft.base.problem import Problem

# The newest migration. It stands here so that opening a ledger that is up to date need not
# import Alembic, which takes longer than the rest of the command; a test holds it against the files.
HEAD = "0007"

_FOLDER = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 7_137_502  # any number; the same in every weft


def revision_of(connection: sa.Connection) -> str | None:
    """The migration that a database is at; None where it is no ledger yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def migrate(engine: sa.Engine, to: str = HEAD) -> None:
    """Run the migrations that are missing, alone.

    Raises:
        Problem: LEDGER002, the database was written by a newer weft.
    """
    with _alone(engine), engine.begin() as connection:  # all of them or none, whenever the process is killed
        current = revision_of(connection)
        if current != to:  # else another process was quicker
            _upgrade(connection, current, to)


def _upgrade(connection: sa.Connection, current: str | None, to: str) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory
    from alembic.script.revision import ResolutionError
    from alembic.util import CommandError

    scripts = ScriptDirectory(str(_FOLDER), version_locations=[str(_FOLDER)])

    def steps(revision: object, _context: object) -> list[RevisionStep]:
        return scripts._upgrade_revs(to, revision)  # type: ignore[arg-type]

    context = MigrationContext.configure(connection, opts={"fn": steps, "transactional_ddl": True})
    try:
        with Operations.context(context), context.begin_transaction():
            context.run_migrations()
    except (CommandError, ResolutionError):
        raise Problem(
            "LEDGER002",
            "The ledger was written by a newer version of weft.",
            found=f"revision {current}",
            expected=f"at most revision {HEAD}",
            fix="Use that version, or another ledger.",
        ) from None


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[None]:
    """Let one process migrate at a time."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_LOCK})
        return
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    from filelock import FileLock

    with FileLock(f"{database}.migrating"):
        yield
