"""The catalogue on a Postgres server."""

import contextlib
import threading
import urllib.parse
import uuid

import pg8000
import pytest

from weft.base.problem import Problem
from weft.lake.iceberg_lake import Lake

pytestmark = pytest.mark.services


@pytest.fixture
def server(postgres_server: str) -> str:
    """A database of its own on the server of this test run."""
    name = f"lake_{uuid.uuid4().hex}"
    address = urllib.parse.urlsplit(postgres_server)
    with contextlib.closing(
        pg8000.connect(user=address.username, host=address.hostname, port=address.port, database="postgres")
    ) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return f"{postgres_server}{name}"


def test_publishing_reading_and_maintaining_work_the_same_on_postgres(bench, server):
    from datetime import UTC, datetime

    bench.lake = Lake(server, str(bench.folder / "tables"))
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id, 'x' AS note", mode="append")
    assert sorted(bench.rows(), key=str) == [(1, None), (2, "x")]
    again = Lake(server, str(bench.folder / "tables"))
    assert again.head_snapshots() == {bench.port: bench.lake.snapshot(bench.port)}
    bench.lake.rollback(bench.port, first.snapshot_id)
    assert bench.rows() == [(1,)]
    bench.publish("SELECT 3 AS id")
    bench.lake.expire(bench.port, older_than=datetime.now(UTC))
    assert again.ports() == (bench.port,)
    with pytest.raises(Problem, match="LAKE002"):
        bench.publish("SELECT 4 AS id", parent=first.snapshot_id)
    for lake in (bench.lake, again):
        lake.close()


def test_of_many_writers_on_postgres_one_publishes(bench, server):
    from weft.base.names import PortName

    port = PortName("race", "race", "race")
    start, said = threading.Barrier(4), []
    folder = bench.folder

    def publish(number):
        lake = Lake(server, str(folder / "tables"))
        fields = lake.fields_for(port, {"id": "INTEGER"})
        start.wait()
        try:
            lake.publish(port, fields, [files[number]], mode="replace", parent=None, properties={})
            said.append("won")
        except Problem as problem:
            said.append(problem.code)
        lake.close()

    bench.lake = Lake(server, str(folder / "tables"))
    fields = bench.lake.fields_for(port, {"id": "INTEGER"})
    data = bench.lake.data_folder(port)
    files = [bench.engine.write_parquet(f"SELECT {n} AS id", str(data / f"{n}.parquet"), fields) for n in range(4)]
    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["LAKE002", "LAKE002", "LAKE002", "won"]
    assert len(bench.lake.snapshots(port)) == 1


@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
@pytest.mark.parametrize("mode", ["replace", "append"])
def test_a_server_that_breaks_the_connection_around_the_commit_publishes_once(
    bench, postgres_database, postgres_proxy, monkeypatch, when, mode
):
    monkeypatch.setattr("weft.lake.retry_commit._PAUSES_SECONDS", (0.0, 0.1, 0.1))
    with postgres_proxy(postgres_database) as proxy:
        bench.lake = Lake(proxy.url, str(bench.folder / "tables"))
        bench.publish("SELECT 1 AS id", properties={"weft.publication": "one"})
        setattr(proxy, when, 1)
        bench.publish("SELECT 2 AS id", mode=mode, properties={"weft.publication": "two"})
        assert proxy.lost
        bench.lake.close()
    bench.lake = Lake(postgres_database, str(bench.folder / "tables"))
    assert bench.rows() == ([(2,)] if mode == "replace" else [(1,), (2,)])
    assert [s.publication_key for s in bench.lake.snapshots(bench.port)] == ["two", "one"]
