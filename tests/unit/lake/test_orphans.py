import os
import time
from datetime import UTC, datetime, timedelta

from weft.lake.maintenance_report import OrphansRemoved


def make_old(folder, hours=48):
    """Let every file look as if it had been written some hours ago."""
    then = time.time() - hours * 3600
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def a_day_ago():
    return datetime.now(UTC) - timedelta(days=1)


def test_files_that_no_snapshot_needs_go_and_all_others_stay(bench):
    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id", mode="append")
    bench.publish("SELECT 3 AS id")
    folder = bench.lake.data_folder(bench.port)
    needed = {path for path in folder.parent.rglob("*") if path.is_file()}
    orphans = [folder / "killed.parquet", folder.parent / "metadata" / "x-m0.avro", folder / "tmp_half.parquet"]
    for orphan in orphans:
        orphan.write_bytes(b"1234567890")
    make_old(bench.folder)
    report = bench.lake.remove_orphans(bench.port, older_than=a_day_ago())
    assert report == OrphansRemoved(bench.port, files=3, size_bytes=30)
    assert {path for path in folder.parent.rglob("*") if path.is_file()} == needed
    assert [len(bench.rows(s.snapshot_id)) for s in bench.lake.snapshots(bench.port)] == [1, 2, 1]


def test_a_young_file_may_belong_to_a_build_that_has_not_published_yet(bench):
    bench.publish("SELECT 1 AS id")
    make_old(bench.folder)
    young = bench.lake.data_folder(bench.port) / "candidate.parquet"
    young.write_bytes(b"1")
    assert bench.lake.remove_orphans(bench.port, older_than=a_day_ago()).files == 0
    assert young.exists()


def test_a_port_that_was_never_published_may_have_left_files(bench):
    (bench.lake.data_folder(bench.port) / "refused.parquet").write_bytes(b"123")
    make_old(bench.folder)
    assert bench.lake.remove_orphans(bench.port, older_than=a_day_ago()).files == 1


def test_a_dry_run_counts_and_removes_nothing(bench):
    orphan = bench.lake.data_folder(bench.port) / "refused.parquet"
    orphan.write_bytes(b"123")
    make_old(bench.folder)
    report = bench.lake.remove_orphans(bench.port, older_than=a_day_ago(), dry_run=True)
    assert (report.files, report.size_bytes, orphan.exists()) == (1, 3, True)


def test_what_a_rollback_left_behind_is_no_orphan(bench):
    first = bench.publish("SELECT 1 AS id")
    second = bench.publish("SELECT 2 AS id")
    bench.lake.rollback(bench.port, first.snapshot_id)
    make_old(bench.folder)
    bench.lake.remove_orphans(bench.port, older_than=a_day_ago())
    bench.lake.rollback(bench.port, second.snapshot_id)
    assert bench.rows() == [(2,)]


def test_an_unrelated_port_keeps_its_files(bench):
    from weft.base.names import PortName

    nested = PortName("sales", "orders", "data")  # its folder lies beside, not within
    bench.publish("SELECT 1 AS id", port=nested)
    bench.publish("SELECT 1 AS id")
    make_old(bench.folder)
    assert bench.lake.remove_orphans(bench.port, older_than=a_day_ago()).files == 0
    assert bench.rows(port=nested) == [(1,)]
