"""The chain of hashes, on SQLite and on Postgres: what is recorded verifies, and every change behind it is named."""

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weft.ledger.anchor import Anchor
from weft.ledger.canonical import ADDED_LATER
from weft.ledger.chain import MOST_FACTS
from weft.ledger.connection import connect
from weft.ledger.facts import CheckFinding, Fact, Maintained, ReadServed, RunEnded, RunStarted
from weft.ledger.ledger import Ledger
from weft.ledger.migrate import migrate
from weft.ledger.tables import CHAIN, METADATA, table_of

NOW = datetime(2026, 1, 31, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    server = request.getfixturevalue("postgres_server")
    name = f"c{uuid4().hex}"
    with connect(server + "postgres").connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    return f"{server}{name}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    opened = Ledger.open(url)
    yield opened
    opened.close()


def read(number: int) -> ReadServed:
    return ReadServed(
        at=NOW + timedelta(seconds=number),
        actor="ada",
        query_hash=f"h{number}",
        ports={"sales/orders": {"snapshot": number, "columns": ["id", "amount"]}},
        rows=number,
        duration_seconds=number / 7,
        decision="allowed",
    )


def finding(number: int) -> CheckFinding:
    return CheckFinding(
        at=NOW,
        run_id="r1",
        port="sales/orders",
        rule=f"rule{number}",
        kind="minimum",
        severity="error",
        status="passed",
    )


def tampered(url: str, *statements: str) -> None:
    """What somebody does who owns the database: take the guards away, change, put nothing back."""
    with connect(url).begin() as connection:
        if connection.dialect.name == "postgresql":
            for name in METADATA.tables:
                connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        else:
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            for name in list(triggers):
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def told(ledger: Ledger, newest: int | None = None) -> list[str]:
    """Each break as `table 3 changed`."""
    lines = []
    for found in ledger.verify(newest).breaks:
        numbers = f"{found.first}" if found.first == found.last else f"{found.first}-{found.last}"
        moved = f" from {found.moved_from}" if found.moved_from else ""
        lines.append(f"{found.table} {numbers} {found.kind}{moved}")
    return lines


def test_what_was_recorded_verifies(ledger: Ledger) -> None:
    ledger.record(*(read(n) for n in range(3)), finding(1), read(3))
    ledger.record(read(4))
    seen = ledger.verify()
    assert (seen.facts, seen.links, seen.is_whole, seen.is_sound, seen.breaks) == (6, 4, True, True, ())
    assert seen.head == ledger.head()
    assert seen.head is not None
    assert seen.head.position == 4
    assert ledger.facts(ReadServed) == [read(n) for n in range(5)]


def test_a_ledger_without_facts_verifies_and_has_no_head(ledger: Ledger) -> None:
    assert (ledger.verify().is_sound, ledger.head()) == (True, None)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE reads SET actor = 'bo' WHERE seq = 3"], ["reads 3 changed"]),
        (["UPDATE reads SET ports = '{}' WHERE seq = 3"], ["reads 3 changed"]),
        (["UPDATE reads SET rows = 0 WHERE seq IN (2, 3, 5)"], ["reads 2-3 changed", "reads 5 changed"]),
        (["DELETE FROM reads WHERE seq = 3"], ["reads 3 gone"]),
        (["DELETE FROM reads WHERE seq IN (1, 6)"], ["reads 1 gone", "reads 6 gone"]),
        (["DELETE FROM reads"], ["reads 1-6 gone"]),
        (["DELETE FROM findings"], ["findings 1 gone"]),
        (
            ["UPDATE reads SET seq = 99 WHERE seq = 2", "UPDATE reads SET seq = 2 WHERE seq = 5",
             "UPDATE reads SET seq = 5 WHERE seq = 99"],
            ["reads 2 moved from 5", "reads 5 moved from 2"],
        ),
        (["UPDATE reads SET seq = 99 WHERE seq = 2"], ["reads 2 gone", "reads 99 moved from 2"]),
        (["INSERT INTO reads SELECT 7, at, actor, query_hash, ports, rows, duration_seconds, decision, purpose"
          " FROM reads WHERE seq = 1"], ["reads 7 added"]),
        (["UPDATE chain SET digests = (SELECT digests FROM chain WHERE position = 3) WHERE position = 4"],
         ["chain 4 link changed", "reads 5 changed"]),
        (["UPDATE chain SET hash = 'f00' WHERE position = 2"], ["chain 2-3 link changed"]),
        (["DELETE FROM chain WHERE position = 2"], ["chain 2 link gone", "findings 1 added"]),
        (["DELETE FROM chain WHERE position = 5"], ["reads 6 added"]),
        (["DELETE FROM chain"], ["findings 1 added", "reads 1-6 added"]),
    ],
)  # fmt: skip
def test_what_was_changed_behind_the_ledger_is_named(
    url: str, ledger: Ledger, statements: list[str], found: list[str]
) -> None:
    ledger.record(*(read(n) for n in range(3)), finding(1))  # links 1 and 2
    for number in range(3, 6):
        ledger.record(read(number))  # links 3 to 5
    tampered(url, *statements)
    assert told(ledger) == found
    assert ledger.verify().broken >= len(found)


@pytest.mark.parametrize(
    "value",
    ["ports = 'no json'", "at = 'never'", "rows = 'many'", "rows = 3.5", "actor = x'ff'", "duration_seconds = 'long'"],
)
def test_a_value_that_no_reader_understands_is_a_changed_fact(tmp_path: Path, value: str) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    ledger = Ledger.open(url)
    ledger.record(*(read(n) for n in range(5)))
    tampered(url, f"UPDATE reads SET {value} WHERE seq = 3")
    assert told(ledger) == ["reads 3 changed"]


def test_a_column_that_came_after_the_chain_leaves_earlier_digests_as_they_are(url: str) -> None:
    engine = connect(url)
    migrate(engine, to="0003")
    inspector = sa.inspect(engine)
    of_then = {name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()}
    later = {
        (name, column.name)
        for name, table in METADATA.tables.items()
        for column in table.columns
        if name in of_then and column.name not in of_then[name] and not column.nullable
    }
    assert later <= set(ADDED_LATER)


def test_facts_cut_off_at_the_end_with_their_links_are_found_by_an_anchor_alone(url: str, ledger: Ledger) -> None:
    ledger.record(read(1))
    early = anchor(ledger)
    ledger.record(read(2))
    late = anchor(ledger)
    assert ledger.not_held([(1, early), (2, late)]) == []
    tampered(url, "DELETE FROM reads WHERE seq = 2", "DELETE FROM chain WHERE position = 2")
    assert told(ledger) == []
    assert ledger.not_held([(1, early), (2, late)]) == [
        (2, late, "the chain ends at link 1: what was recorded since was cut off")
    ]
    ledger.record(read(3))
    assert told(ledger) == []
    assert ledger.not_held([(1, early), (2, late)]) == [(2, late, "the chain was written anew since")]


def anchor(ledger: Ledger) -> Anchor:
    head = ledger.head()
    assert head is not None
    return Anchor("shop", "dev", head.position, head.hash, NOW)


def test_a_fact_that_was_removed_at_the_end_does_not_give_its_number_to_the_next(url: str, ledger: Ledger) -> None:
    ledger.record(read(1), read(2))
    tampered(url, "DELETE FROM reads WHERE seq = 2")
    ledger.record(read(3))
    assert told(ledger) == ["reads 2 gone"]


def test_a_fact_that_was_slipped_in_is_not_taken_into_the_chain_later(url: str, ledger: Ledger) -> None:
    ledger.record(read(1))
    values = "2, at, 'eve', query_hash, ports, rows, duration_seconds, decision, purpose"
    tampered(url, f"INSERT INTO reads SELECT {values} FROM reads")
    ledger.record(read(3))
    assert told(ledger) == ["reads 2 added"]


def test_the_newest_facts_can_be_verified_alone(url: str, ledger: Ledger) -> None:
    for number in range(20):
        ledger.record(read(number), finding(number))
    tampered(url, "UPDATE reads SET actor = 'bo' WHERE seq IN (2, 19)")
    seen = ledger.verify(newest=6)
    assert (seen.facts, seen.is_whole) == (6, False)
    assert told(ledger, newest=6) == ["reads 19 changed"]
    assert told(ledger, newest=1000) == ["reads 2 changed", "reads 19 changed"]
    tampered(url, "INSERT INTO rollbacks (seq, at, actor, port, to_snapshot_id)"
             " SELECT 1, at, actor, 'a/b', 1 FROM reads WHERE seq = 1")  # fmt: skip
    assert told(ledger, newest=6) == ["reads 19 changed", "rollbacks 1 added"]


def test_the_chain_refuses_to_be_changed(url: str, ledger: Ledger) -> None:
    ledger.record(read(1))
    for statement in ("UPDATE chain SET position = position", "DELETE FROM chain"):
        with pytest.raises(Exception, match="facts are only ever added"), connect(url).begin() as connection:
            connection.exec_driver_sql(statement)


def test_many_facts_at_once_become_links_of_a_bounded_size(ledger: Ledger) -> None:
    progress: list[tuple[int, int]] = []
    ledger.record(*(finding(n) for n in range(2 * MOST_FACTS + 1)))
    seen = ledger.verify(on_progress=lambda done, all_facts: progress.append((done, all_facts)))
    assert (seen.facts, seen.links, seen.breaks) == (2 * MOST_FACTS + 1, 3, ())
    assert progress == [(MOST_FACTS, 2001), (2 * MOST_FACTS, 2001), (2001, 2001)]


def _record_some(url: str, worker: int) -> None:
    ledger = Ledger.open(url)
    for number in range(10):
        ledger.record(read(worker * 100 + number), finding(number), finding(number + 1))
    ledger.close()


def test_eight_processes_that_record_at_once_make_one_chain(url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=_record_some, args=(url, number)) for number in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0] * 8
    ledger = Ledger.open(url)
    seen = ledger.verify()
    assert (seen.facts, seen.links, seen.breaks) == (240, 160, ())


def test_threads_that_record_while_another_verifies_disturb_nobody(ledger: Ledger) -> None:
    ledger.record(read(0))
    failures: list[BaseException] = []
    broken: list[int] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            failures.append(error)

    def record() -> None:
        for number in range(20):
            ledger.record(read(number), finding(number))

    def verify() -> None:
        broken.extend(ledger.verify().broken for _ in range(10))

    threads = [threading.Thread(target=run, args=(work,)) for work in (record, record, record, verify)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, broken) == ([], [0] * 10)
    assert ledger.verify().facts == 121


def test_facts_of_before_the_chain_are_linked_by_the_migration(url: str) -> None:
    engine = connect(url)
    migrate(engine, to="0002")
    numbers = [1, 2, 3, 7, 8]  # a transaction of Postgres that failed leaves a gap
    with engine.begin() as connection:
        rows = [{"seq": number, **asdict(read(number))} for number in numbers]
        connection.execute(sa.insert(table_of(ReadServed)), rows)
        connection.execute(sa.insert(table_of(RunStarted)), [asdict(started(n)) for n in range(1500)])
    ledger = Ledger.open(url)
    assert [fact.rows for fact in ledger.facts(ReadServed)] == numbers
    ledger.record(read(9))
    seen = ledger.verify()
    assert (seen.facts, seen.links, seen.breaks) == (1506, 5, ())
    tampered(url, "UPDATE reads SET actor = 'bo' WHERE seq = 7", "DELETE FROM runs_started WHERE seq = 1200")
    assert told(ledger) == ["reads 7 changed", "runs_started 1200 gone"]


def started(number: int) -> RunStarted:
    return RunStarted(
        at=NOW, run_id=f"r{number}", command="build", actor="ada", environment="dev", host="h", pid=number,
        weft_version="0.1.0", selection=("a+", "b"), options={"full": True, "jobs": 2, "weight": 0.1},
    )  # fmt: skip


def test_a_chain_has_the_same_hashes_on_every_database(url: str, tmp_path: Path) -> None:
    other = Ledger.open(f"sqlite:///{tmp_path / 'other.db'}")
    ledger = Ledger.open(url)
    for each in (other, ledger):
        each.record(*(read(n) for n in range(5)), started(1), finding(2))
        each.record(ended(0.1 + 0.2))
    assert ledger.head() == other.head()


def ended(seconds: float) -> RunEnded:
    return RunEnded(at=NOW, run_id="r1", status="done", duration_seconds=seconds)


@pytest.mark.parametrize(
    "fact",
    [
        ended(-0.0),
        ended(5),
        ended(1e300),
        ended(5e-324),
        started(2**62),
        replace(read(1), at=datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=2)))),
        Maintained(
            at=NOW, actor="Gegenüber \U0001f6a2 \u2028", port="a/b", action="expire", report={"z": 1, "a": None}
        ),
        Maintained(at=NOW, actor="", port="a/b", action="expire", report=MappingProxyType({10: 1, 9: 2, 2: (3, 4)})),
        Maintained(at=NOW, actor="a", port="a/b", action="x", report={"d": Decimal("1.10"), "t": ({2: 1, 10: 2},)}),
        Maintained(at=NOW, actor="a", port="a/b", action="x", report={"at": NOW, "id": 2**70, "share": 1.0}),
    ],
    ids=str,
)
def test_a_fact_has_the_digest_of_what_comes_back(ledger: Ledger, fact: Fact) -> None:
    ledger.record(fact)
    assert told(ledger) == []


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_FACTS = st.one_of(
    st.builds(
        Maintained,
        at=st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - naive bounds
        actor=_TEXT,
        port=_TEXT,
        action=_TEXT,
        report=st.dictionaries(_TEXT, _JSON, max_size=3),
    ),
    st.builds(ended, st.floats(allow_nan=False)),
    st.builds(read, st.integers(min_value=0, max_value=10**6)),
)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(_FACTS, min_size=1, max_size=6), max_size=4))
def test_any_sequence_of_recordings_verifies(ledger: Ledger, batches: list[list[Fact]]) -> None:
    before = ledger.verify().facts
    for batch in batches:
        ledger.record(*batch)
    seen = ledger.verify()
    assert (seen.facts - before, seen.breaks) == (sum(map(len, batches)), ())


def test_links_stand_without_a_gap(url: str, ledger: Ledger) -> None:
    for number in range(5):
        ledger.record(read(number), finding(number))
    with connect(url).connect() as connection:
        positions = list(connection.execute(sa.select(CHAIN.c.position).order_by(CHAIN.c.position)).scalars())
    assert positions == list(range(1, 11))
