from datetime import UTC, datetime, timedelta

from weft.lake.maintenance_report import Expired

LATER = timedelta(days=1)


def data_files(bench):
    return sorted(path for path in bench.folder.rglob("data/*.parquet"))


def test_expired_snapshots_go_with_the_files_that_only_they_needed(bench):
    for number in range(3):
        bench.publish(f"SELECT {number} AS id")
    newest = bench.written[-1]
    report = bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER)
    assert (report.snapshots, data_files(bench)) == (2, [newest])
    assert report.files >= 2 * 4, "two data files, and a manifest, a manifest list and a file list of each"
    assert report.size_bytes > 0
    assert bench.rows() == [(2,)]
    assert len(bench.lake.snapshots(bench.port)) == 1


def test_files_that_a_kept_snapshot_shares_stay(bench):
    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id", mode="append")
    bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER)
    assert (sorted(bench.rows()), len(data_files(bench))) == ([(1,), (2,)], 2)


def test_what_readers_saw_since_the_limit_stays_readable(bench):
    first, second, third = (bench.publish(f"SELECT {number} AS id") for number in range(3))
    limit = third.committed_at - timedelta(microseconds=1)
    bench.lake.expire(bench.port, older_than=limit)
    assert [s.snapshot_id for s in bench.lake.snapshots(bench.port)] == [third.snapshot_id, second.snapshot_id]
    assert bench.lake.as_of(bench.port, limit) == bench.lake.snapshots(bench.port)[1]
    assert bench.lake.as_of(bench.port, first.committed_at) is None


def test_an_instant_whose_snapshot_is_gone_is_not_answered_with_an_older_one(bench):
    first = bench.publish("SELECT 1 AS id")
    second = bench.publish("SELECT 2 AS id")
    bench.lake.rollback(bench.port, first.snapshot_id)
    bench.publish("SELECT 3 AS id", mode="append")
    bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER, keep_last=1)
    assert bench.lake.as_of(bench.port, second.committed_at) is None


def test_the_newest_few_stay_however_old(bench):
    for number in range(4):
        bench.publish(f"SELECT {number} AS id")
    bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER, keep_last=3)
    assert [bench.rows(s.snapshot_id) for s in bench.lake.snapshots(bench.port)] == [[(3,)], [(2,)], [(1,)]]


def test_what_readers_see_after_a_rollback_never_expires(bench):
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id")
    bench.lake.rollback(bench.port, first.snapshot_id)
    bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER)
    assert bench.rows() == [(1,)]


def test_a_dry_run_counts_and_changes_nothing(bench):
    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id")
    before = sorted(bench.folder.rglob("*"))
    dry = bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER, dry_run=True)
    assert sorted(bench.folder.rglob("*")) == before
    real = bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER)
    assert (dry.snapshots, dry.files, dry.size_bytes) == (real.snapshots, real.files, real.size_bytes)
    assert (dry.dry_run, real.dry_run) == (True, False)


def test_a_port_that_was_never_published_has_nothing_to_expire(bench):
    assert bench.lake.expire(bench.port, older_than=datetime.now(UTC)) == Expired(bench.port, 0, 0, 0)


def test_publishing_and_rolling_back_go_on_after_expiry(bench):
    for number in range(3):
        bench.publish(f"SELECT {number} AS id")
    bench.lake.expire(bench.port, older_than=datetime.now(UTC) + LATER)
    kept = bench.lake.snapshot(bench.port)
    bench.publish("SELECT 9 AS id")
    bench.lake.rollback(bench.port, kept.snapshot_id)
    assert bench.rows() == [(2,)]
