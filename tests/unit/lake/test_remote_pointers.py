"""The catalogue on a Postgres server."""

import getpass
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest

from weft.base.problem import Problem
from weft.lake.iceberg_lake import Lake

pytestmark = pytest.mark.services


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Postgres server of its own for this file."""
    initdb, pg_ctl = shutil.which("initdb"), shutil.which("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("no Postgres server (initdb, pg_ctl) on this machine")
    folder = tmp_path_factory.mktemp("postgres")
    as_user: list[str] = []
    if getpass.getuser() == "root":  # Postgres refuses to run as root
        if shutil.which("runuser") is None:
            pytest.skip("running as root, and there is no runuser to start Postgres as somebody else")
        as_user = ["runuser", "-u", "nobody", "--"]
        shutil.chown(folder, "nobody")
        for parent in list(folder.parents)[:2]:
            parent.chmod(parent.stat().st_mode | 0o055)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = str(folder / "data")
    made = subprocess.run([*as_user, initdb, "-D", data, "-A", "trust", "-U", "weft"], capture_output=True, cwd="/")
    assert made.returncode == 0, made.stderr
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    started = [*as_user, pg_ctl, "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"]
    subprocess.run(started, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    yield f"postgresql://weft@127.0.0.1:{port}/postgres"
    stop = [*as_user, pg_ctl, "-D", data, "-m", "immediate", "stop"]
    subprocess.run(stop, check=False, capture_output=True, cwd="/")


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
