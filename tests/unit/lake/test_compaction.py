from datetime import UTC, datetime, timedelta

import pytest

from weft.base.data_files import WrittenFile
from weft.base.problem import Problem
from weft.lake.compaction import small_file_groups


def test_many_small_files_become_one_with_the_same_rows_in_the_same_order(bench):
    for number in range(5):
        bench.publish(f"SELECT {number} AS id, 'x' AS note", mode="append", properties={"weft.run-id": f"r{number}"})
    before, head = bench.rows(), bench.lake.snapshot(bench.port)
    report = bench.lake.compact(bench.port, bench.engine)
    after = bench.lake.snapshot(bench.port)
    assert (report.files_before, report.files_after, report.rows) == (5, 1, 5)
    assert (len(bench.lake.files(bench.port).paths), bench.rows(), after.rows) == (1, before, 5)
    assert report.snapshot_id == after.snapshot_id
    assert (after.content_id, after.properties["weft.run-id"]) == (head.snapshot_id, "r4")


def test_a_second_compaction_does_nothing_and_the_content_stays_the_same(bench):
    for number in range(3):
        bench.publish(f"SELECT {number} AS id", mode="append")
    head = bench.lake.snapshot(bench.port)
    bench.lake.compact(bench.port, bench.engine)
    assert bench.lake.compact(bench.port, bench.engine).snapshot_id is None
    bench.publish("SELECT 9 AS id", mode="append")
    assert bench.lake.snapshot(bench.port).content_id == bench.lake.snapshot(bench.port).snapshot_id != head.snapshot_id


def test_older_columns_and_types_are_merged_into_those_of_today(bench):
    bench.publish("SELECT 1::INTEGER AS id, 'gone' AS old")
    bench.publish("SELECT 5000000000 AS id, 'x' AS note", mode="append")
    before = bench.rows()
    bench.lake.compact(bench.port, bench.engine)
    assert bench.rows() == before == [(1, None), (5000000000, "x")]


def test_former_snapshots_stay_readable(bench):
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id", mode="append")
    bench.lake.compact(bench.port, bench.engine)
    assert bench.rows(first.snapshot_id) == [(1,)]


def test_files_planned_from_the_manifests_agree_with_the_kept_list(bench):
    for number in range(4):
        bench.publish(f"SELECT {number} AS id, repeat('x', {number * 3000}) AS v", mode="append")
    bench.lake.compact(bench.port, bench.engine, target_bytes=1200)
    kept = bench.lake.files(bench.port)
    for path in bench.folder.rglob("files-*.json"):
        path.unlink()
    planned = bench.reopened().files(bench.port)
    assert sorted(planned.paths) == sorted(kept.paths)
    assert (planned.rows, planned.size_bytes) == (kept.rows, kept.size_bytes) == (4, kept.size_bytes)


def test_somebody_who_publishes_meanwhile_wins(bench, monkeypatch):
    for number in range(3):
        bench.publish(f"SELECT {number} AS id", mode="append")
    write = bench.engine.write_parquet

    def publish_first(*arguments):
        monkeypatch.undo()
        bench.publish("SELECT 7 AS id")
        return write(*arguments)

    monkeypatch.setattr(bench.engine, "write_parquet", publish_first)
    with pytest.raises(Problem, match="LAKE002"):
        bench.lake.compact(bench.port, bench.engine)
    assert bench.rows() == [(7,)]


def test_a_dry_run_changes_nothing(bench):
    for number in range(3):
        bench.publish(f"SELECT {number} AS id", mode="append")
    before = sorted(bench.folder.rglob("*"))
    report = bench.lake.compact(bench.port, bench.engine, dry_run=True)
    assert (report.files_before, report.files_after, report.dry_run) == (3, 1, True)
    assert sorted(bench.folder.rglob("*")) == before


def test_compaction_then_expiry_leaves_one_data_file(bench):
    for number in range(6):
        bench.publish(f"SELECT {number} AS id", mode="append")
    bench.lake.compact(bench.port, bench.engine)
    bench.lake.expire(bench.port, older_than=datetime.now(UTC) + timedelta(days=1))
    assert len(list(bench.folder.rglob("*.parquet"))) == 1
    assert sorted(bench.rows()) == [(number,) for number in range(6)]


def test_only_neighbours_are_merged_and_large_files_left_alone():
    files = [WrittenFile(str(number), 1, size) for number, size in enumerate([10, 90, 10, 10, 80, 50, 60, 10])]
    merged = [[int(file.path) for file in group] for group in small_file_groups(files, target_bytes=100)]
    assert merged == [[2, 3], [6, 7]]
