"""The ledger on SQLite: facts come back whole, and only ever accumulate."""

import sqlite3
import subprocess
import sys
import threading
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from weft.base.problem import Problem
from weft.ledger.facts import FACTS, Published, ReadServed, RunEnded, RunStarted, StepEnded
from weft.ledger.ledger import Ledger

NOW = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")


def started(run_id: str, at: datetime = NOW) -> RunStarted:
    return RunStarted(
        at=at,
        run_id=run_id,
        command="build",
        actor="ada",
        environment="dev",
        host="h",
        pid=7,
        weft_version="0.1.0",
        selection=("sales/orders+", "tag:pii"),
        options={"full": True, "jobs": 2},
    )


def published(port: str, snapshot_id: int) -> Published:
    return Published(
        at=NOW,
        run_id="r1",
        port=port,
        snapshot_id=snapshot_id,
        rows=3,
        contract_id=port,
        contract_version="1.0.0",
        contract_digest="d",
    )


def test_a_fact_comes_back_as_it_was_recorded(ledger: Ledger) -> None:
    step = StepEnded(
        at=NOW,
        run_id="r1",
        product="sales/orders",
        step="orders",
        status="failed",
        reasons=("new",),
        parts={"text": "a1"},
        snapshot_id=2**62,
        problem={"code": "BUILD010", "what": "Gegenüber"},
    )
    ledger.record(started("r1"), step)
    assert ledger.facts(RunStarted) == [started("r1")]
    assert ledger.facts(StepEnded) == [step]


def test_an_instant_of_another_zone_comes_back_in_utc(ledger: Ledger) -> None:
    here = datetime(2026, 7, 1, 9, 0, tzinfo=timezone(timedelta(hours=2)))
    ledger.record(started("r1", here))
    assert ledger.facts(RunStarted)[0].at.isoformat() == "2026-07-01T07:00:00+00:00"


def test_an_instant_without_a_zone_is_a_bug(ledger: Ledger) -> None:
    with pytest.raises(Exception, match="needs a time zone"):
        ledger.record(started("r1", datetime(2026, 1, 1)))  # noqa: DTZ001


def test_facts_are_filtered_limited_and_turned_round(ledger: Ledger) -> None:
    ledger.record(*(published(port, n) for n, port in enumerate(["a/a", "b/b", "a/a", "c/c"])))
    ids = [fact.snapshot_id for fact in ledger.facts(Published, port="a/a")]
    assert ids == [0, 2]
    assert [f.snapshot_id for f in ledger.facts(Published, newest_first=True, limit=2)] == [3, 2]
    assert [f.snapshot_id for f in ledger.facts(Published, port=["b/b", "c/c"])] == [1, 3]
    assert [f.snapshot_id for f in ledger.facts(Published, parent_id=None, port="c/c")] == [3]
    assert ledger.facts(Published, since=NOW + timedelta(seconds=1)) == []


def test_the_latest_of_each_port_comes_in_one_answer(ledger: Ledger) -> None:
    ledger.record(*(published(port, n) for n, port in enumerate(["a/a", "b/b", "a/a"])))
    assert {key: fact.snapshot_id for key, fact in ledger.latest_by(Published, "port").items()} == {
        ("a/a",): 2,
        ("b/b",): 1,
    }
    latest = ledger.latest(Published, port="a/a")
    assert latest is not None
    assert latest.snapshot_id == 2
    assert ledger.latest(RunEnded) is None
    assert ledger.count(Published, port="a/a") == 2


def test_a_transaction_that_fails_leaves_none_of_its_facts(ledger: Ledger) -> None:
    broken = ReadServed(
        at=NOW,
        actor="ada",
        query_hash="h",
        ports={},
        rows=None,  # type: ignore[arg-type]
        duration_seconds=0.1,
        decision="allowed",
    )
    with pytest.raises(Exception, match="NOT NULL"):
        ledger.record(started("r1"), broken)
    assert ledger.facts(RunStarted) == []


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.table)
@pytest.mark.parametrize("statement", ["UPDATE {} SET seq = seq", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_fact(tmp_path: Path, kind: type, statement: str) -> None:
    Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}").close()
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        known = {
            row[1]: ("1" if row[2] in ("BIGINT", "FLOAT", "BOOLEAN", "FLOAT(53)") else "'{}'")
            for row in connection.execute(f"PRAGMA table_info({kind.table})")  # type: ignore[attr-defined]
            if row[1] != "seq"
        }
        assert set(known) == {field.name for field in fields(kind)}
        columns, values = ", ".join(known), ", ".join(known.values())
        connection.execute(f"INSERT INTO {kind.table} ({columns}) VALUES ({values})")  # type: ignore[attr-defined]
        with pytest.raises(sqlite3.IntegrityError, match="facts are only ever added"):
            connection.execute(statement.format(kind.table))  # type: ignore[attr-defined]


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    ledgers = [Ledger.open(url) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda own=own, n=n: [own.record(published(f"p/p{n}", i)) for i in range(25)])  # type: ignore[misc]
        for n, own in enumerate(ledgers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledgers[0].count(Published) == 100


def test_sqlite_runs_in_wal_mode_with_foreign_keys_and_patience(ledger: Ledger) -> None:
    with ledger._engine.connect() as connection:
        ask = lambda pragma: connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()  # noqa: E731
        assert (ask("journal_mode"), ask("foreign_keys"), ask("busy_timeout")) == ("wal", 1, 30_000)


def test_opening_an_up_to_date_ledger_does_not_import_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    Ledger.open(url).close()
    program = (
        "import sys; from weft.ledger.ledger import Ledger; "
        f"Ledger.open({url!r}).close(); print('alembic' in sys.modules)"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == "False\n"


@pytest.mark.parametrize("url", ["mongodb://u:secret@h/db", "nonsense", "oracle://u:secret@h/db"])
def test_a_url_that_names_no_usable_database_is_a_problem_without_the_url(url: str) -> None:
    with pytest.raises(Problem) as caught:
        Ledger.open(url)
    assert caught.value.code == "LEDGER001"
    assert "secret" not in str(caught.value)


def test_a_database_that_does_not_answer_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").mkdir()
    with pytest.raises(Problem) as caught:
        Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert (caught.value.code, caught.value.found) == ("LEDGER003", "unable to open database file")


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("not a ledger\n" * 100)
    with pytest.raises(Problem) as caught:
        Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert (caught.value.code, caught.value.found) == ("LEDGER003", "file is not a database")
