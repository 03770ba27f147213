"""Migrations, on a database that holds rows, on SQLite and on Postgres."""

import threading
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from weft.base.problem import Problem
from weft.ledger.connection import connect
from weft.ledger.facts import RunStarted
from weft.ledger.ledger import Ledger
from weft.ledger.migrate import _FOLDER, HEAD, migrate, revision_of
from weft.ledger.tables import METADATA, table_of

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
RUN = RunStarted(
    at=NOW, run_id="r1", command="build", actor="ada", environment="dev", host="h", pid=7, weft_version="0.1.0"
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    server = request.getfixturevalue("postgres_server")
    name = f"t{abs(hash(request.node.name)) % 10**9}"
    with connect(server + "postgres").connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return f"{server}{name}"


def test_migrating_keeps_the_rows_of_the_earlier_revision(url: str) -> None:
    engine = connect(url)
    migrate(engine, to="0001")
    with engine.begin() as connection:
        connection.execute(sa.insert(table_of(RunStarted)), [asdict(RUN)])
    ledger = Ledger.open(url)
    with engine.connect() as connection:
        assert revision_of(connection) == HEAD
    assert ledger.facts(RunStarted) == [RUN]
    with pytest.raises(Exception, match="facts are only ever added"), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM runs_started"))
    assert ledger.facts(RunStarted) == [RUN]


def test_the_migrations_make_the_tables_that_the_facts_need(url: str) -> None:
    Ledger.open(url)
    inspector = sa.inspect(connect(url))
    made = {
        name: [(c["name"], c["nullable"], _family(c["type"])) for c in inspector.get_columns(name)]
        for name in inspector.get_table_names()
        if name != "alembic_version"
    }
    wanted = {
        name: [(c.name, c.nullable, _family(c.type)) for c in table.columns] for name, table in METADATA.tables.items()
    }
    assert made == wanted
    indexes = {index["name"] for name in made for index in inspector.get_indexes(name)}
    assert indexes == {index.name for table in METADATA.tables.values() for index in table.indexes}


def _family(type_: sa.types.TypeEngine[object]) -> str:
    impl = getattr(type_, "impl", type_)
    for family in (sa.DateTime, sa.JSON, sa.Boolean, sa.Integer, sa.Float, sa.Text, sa.LargeBinary):
        if isinstance(impl, family):
            return family.__name__
    return str(type_)


def test_the_newest_migration_is_the_one_that_opening_expects() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(_FOLDER), version_locations=[str(_FOLDER)]).get_heads() == [HEAD]


def test_a_migration_that_is_killed_half_way_leaves_nothing_of_itself(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic.operations import Operations

    execute, calls = Operations.execute, []

    def dies_later(self: Operations, *args: object, **kwargs: object) -> None:
        calls.append(1)
        if len(calls) == 5:
            raise SystemExit
        execute(self, *args, **kwargs)  # type: ignore[arg-type]

    engine = connect(url)
    migrate(engine, to="0001")
    monkeypatch.setattr(Operations, "execute", dies_later)
    with pytest.raises(SystemExit):
        Ledger.open(url)
    monkeypatch.undo()
    with engine.connect() as connection:
        assert revision_of(connection) == "0001"
    Ledger.open(url).record(RUN)


def test_processes_that_open_a_new_ledger_at_once_migrate_it_once(url: str) -> None:
    failures: list[BaseException] = []

    def open_it() -> None:
        try:
            Ledger.open(url).record(RUN)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Ledger.open(url).count(RunStarted) == 4


def test_a_ledger_of_a_newer_weft_is_left_alone(url: str) -> None:
    Ledger.open(url)
    with connect(url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Problem) as caught:
        Ledger.open(url)
    assert (caught.value.code, caught.value.found) == ("LEDGER002", "revision 9999")


def test_a_lock_in_postgres_is_held_by_one_session_only(url: str) -> None:
    first, second = Ledger.open(url), Ledger.open(url)
    with first.advisory_lock(42) as is_mine, second.advisory_lock(42) as is_theirs:
        assert (is_mine, is_theirs) == (True, first.family == "sqlite")
    with second.advisory_lock(42) as is_free:
        assert is_free
