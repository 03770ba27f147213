"""Publishing while others read, publish at the same time, or are killed."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import uuid

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake import publish
from weft.lake.local_io import LocalFileIO

PREAMBLE = """
import sys, uuid, json, os, time
from pathlib import Path
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.engine.duckdb_engine import DuckDBEngine
from weft.lake.iceberg_lake import Lake
folder = Path(sys.argv[1])
lake = Lake(f"sqlite:///{folder / 'catalog.db'}", str(folder / "tables"))
port = PortName("sales", "orders", "orders")
engine = DuckDBEngine(threads=1)
def write(sql):
    fields = lake.fields_for(port, engine.describe(sql))
    return fields, engine.write_parquet(sql, str(lake.data_folder(port) / f"{uuid.uuid4()}.parquet"), fields)
"""


def start(folder, code, *arguments):
    """Another process on the same lake."""
    program = PREAMBLE + textwrap.dedent(code)
    command = [sys.executable, "-c", program, str(folder), *map(str, arguments)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


RACE = """
lake.catalog.opened
head = lake.snapshot(port)
fields, file = write(f"SELECT {int(sys.argv[2])} AS id")
print("ready", flush=True)
sys.stdin.readline()
try:
    lake.publish(port, fields, [file], mode=sys.argv[3], parent=head and head.snapshot_id, properties={})
    print("won")
except Problem as problem:
    print(problem.code)
"""


@pytest.mark.parametrize("published_before", [True, False])
@pytest.mark.parametrize("mode", ["replace", "append"])
def test_of_two_processes_that_read_the_same_state_exactly_one_publishes(bench, mode, published_before):
    if published_before:
        bench.publish("SELECT 0 AS id")
    racers = [start(bench.folder, RACE, number, mode) for number in (1, 2)]
    for racer in racers:
        assert racer.stdout.readline() == "ready\n", racer.stderr.read()
    for racer in racers:
        racer.stdin.write("go\n")
        racer.stdin.flush()
    said = [racer.communicate()[0].strip() for racer in racers]
    assert sorted(said) == ["LAKE002", "won"]
    winner = said.index("won") + 1
    before = [(0,)] if published_before and mode == "append" else []
    assert sorted(bench.rows()) == sorted([*before, (winner,)])


READ_ALL_THE_TIME = """
print("ready", flush=True)
seen = []
while not (folder / "stop").exists():
    files = lake.files(port)
    engine.add_files("read", files)
    seen.append(engine.rows("SELECT count(*), min(v), max(v) FROM read")[0])
print(json.dumps(seen))
"""


def test_a_reader_sees_the_old_rows_or_the_new_ones_and_never_a_mixture(bench):
    bench.publish("SELECT 0 AS v FROM range(1000)")
    reader = start(bench.folder, READ_ALL_THE_TIME)
    assert reader.stdout.readline() == "ready\n"
    for version in range(1, 25):
        bench.publish(f"SELECT {version} AS v{', 1 AS added' if version % 2 else ''} FROM range({1000 + version})")
    (bench.folder / "stop").touch()
    out, err = reader.communicate()
    assert err == ""
    seen = json.loads(out)
    assert all(least == most and count == 1000 + least for count, least, most in seen)
    assert [least for _, least, _ in seen] == sorted(least for _, least, _ in seen)
    assert len({least for _, least, _ in seen}) > 2, "the reader was running while others published"


def test_a_thread_may_read_while_another_publishes(bench):
    bench.publish("SELECT 0 AS v")
    stop, wrong = threading.Event(), []

    def read():
        while not stop.is_set():
            files = bench.lake.files(bench.port)
            if files is None or files.rows != 1:
                wrong.append(files)

    reader = threading.Thread(target=read)
    reader.start()
    for version in range(10):
        bench.publish(f"SELECT {version} AS v")
    stop.set()
    reader.join()
    assert wrong == []


PUBLISH_ALL_THE_TIME = """
lake.catalog.opened
number = 1
print("ready", flush=True)
while True:
    head = lake.snapshot(port)
    fields, file = write(f"SELECT {number} AS v FROM range(100)")
    lake.publish(port, fields, [file], mode="replace", parent=head.snapshot_id, properties={})
    number += 1
"""


@pytest.mark.parametrize("milliseconds", [3, 11, 23, 37, 61, 90])
def test_a_publisher_that_is_killed_leaves_the_old_table_or_the_new_one(bench, milliseconds):
    bench.publish("SELECT 0 AS v FROM range(100)")
    victim = start(bench.folder, PUBLISH_ALL_THE_TIME)
    assert victim.stdout.readline() == "ready\n"
    time.sleep(milliseconds / 1000)
    os.kill(victim.pid, signal.SIGKILL)
    victim.communicate()
    values = bench.rows()
    assert len(values) == 100
    assert len(set(values)) == 1
    bench.publish("SELECT -1 AS v")
    assert bench.rows() == [(-1,)]


class DiskFull(OSError):
    """Stands for any failure in the middle of a commit."""


@pytest.mark.parametrize("suffix", ["-m0.avro", "snap-", ".metadata.json"])
def test_a_commit_that_fails_half_way_changes_nothing(bench, monkeypatch, suffix):
    first = bench.publish("SELECT 1 AS id")
    create = LocalFileIO.new_output

    def failing(self, location):
        if suffix in location:
            raise DiskFull(location)
        return create(self, location)

    monkeypatch.setattr(LocalFileIO, "new_output", failing)
    with pytest.raises(DiskFull):
        bench.publish("SELECT 2 AS id, 3 AS n")
    monkeypatch.undo()
    assert (bench.rows(), bench.columns()) == ([(1,)], ["id"])
    assert bench.lake.snapshot(bench.port) == first
    bench.publish("SELECT 2 AS id, 3 AS n")
    assert bench.rows() == [(2, 3)]


def test_maintenance_in_between_does_not_refuse_a_publication(bench, monkeypatch):
    from datetime import UTC, datetime

    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id")
    commit_next = publish._commit_next
    expired = []

    def expire_first(table, publication):
        if not expired:
            expired.append(bench.reopened().expire(bench.port, older_than=datetime.now(UTC)))
        return commit_next(table, publication)

    monkeypatch.setattr(publish, "_commit_next", expire_first)
    bench.publish("SELECT 3 AS id")
    assert (bench.rows(), expired[0].snapshots) == ([(3,)], 1)


def test_several_files_are_published_together_and_empty_ones_left_out(bench):
    fields = bench.lake.fields_for(bench.port, {"id": "INTEGER"})
    folder = bench.lake.data_folder(bench.port)
    files = [
        bench.engine.write_parquet(sql, str(folder / f"{uuid.uuid4()}.parquet"), fields)
        for sql in ("SELECT 1 AS id", "SELECT 1 AS id WHERE false", "SELECT 2 AS id")
    ]
    bench.lake.publish(bench.port, fields, files, mode="replace", parent=None, properties={})
    published = bench.lake.files(bench.port)
    assert (len(published.paths), published.rows, sorted(bench.rows())) == (2, 2, [(1,), (2,)])


def test_many_appends_keep_the_count_of_manifests_low(bench):
    from pyiceberg.manifest import read_manifest_list

    for number in range(45):
        bench.publish(f"SELECT {number} AS id", mode="append")
    state = bench.lake.state(bench.port)
    manifest_list = state.manifest_list(state.head_id)
    manifests = list(read_manifest_list(LocalFileIO().new_input(manifest_list)))
    assert len(manifests) <= 20
    assert sorted(bench.rows()) == [(number,) for number in range(45)]


def test_many_replacements_keep_the_count_of_manifests_low(bench):
    from pyiceberg.manifest import read_manifest_list

    for number in range(6):
        bench.publish(f"SELECT {number} AS id")
    state = bench.lake.state(bench.port)
    manifests = list(read_manifest_list(LocalFileIO().new_input(state.manifest_list(state.head_id))))
    assert [(one.added_files_count, one.deleted_files_count) for one in manifests] == [(1, 0), (0, 1)]
    assert bench.lake.catalog.table(bench.port).scan().to_arrow().to_pylist() == [{"id": 5}]


def test_a_table_of_unequal_files_and_rows_is_a_bug_that_publishes_nothing(bench):
    from dataclasses import replace

    fields = bench.lake.fields_for(bench.port, {"id": "INTEGER"})
    path = bench.lake.data_folder(bench.port) / "x.parquet"
    file = bench.engine.write_parquet("SELECT 1 AS id", str(path), fields)
    with pytest.raises(AssertionError, match="counted 7 rows"):
        bench.lake.publish(bench.port, fields, [replace(file, rows=7)], mode="replace", parent=None, properties={})
    assert bench.lake.files(bench.port) is None


def test_the_losers_problem_names_the_port_and_the_way_on(bench):
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id")
    with pytest.raises(Problem) as caught:
        bench.publish("SELECT 3 AS id", parent=first.snapshot_id)
    assert str(caught.value) == (
        'LAKE002\n  Port "sales/orders" was published by somebody else while this build ran; nothing was changed.\n'
        "  Fix: Build again: it will start from what is published now."
    )


def test_who_read_a_table_that_is_gone_since_publishes_nothing(bench):
    with pytest.raises(Problem, match="LAKE002"):
        bench.publish("SELECT 1 AS id", parent=4711)
    assert bench.lake.snapshot(PortName("sales", "orders", "orders")) is None
