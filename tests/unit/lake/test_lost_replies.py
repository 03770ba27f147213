"""A commit whose answer is lost happened or not: asked again, it never happens twice."""

import pytest
from sqlalchemy.exc import OperationalError

from weft.base.problem import Problem
from weft.lake import retry_commit

KEY = {"weft.publication": "run-1:sales/orders/orders"}


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setattr(retry_commit, "_PAUSES_SECONDS", (0.0, 0.0, 0.0))


@pytest.fixture
def lose_replies(bench, monkeypatch):
    """Let the catalogue commit, or not, and then drop the connection, so many times."""

    def lose(times: int, *, after_commit: bool):
        catalog, left = bench.lake.catalog.opened, [times]
        commit = type(catalog).commit_table

        def commit_table(self, *arguments, **options):
            if left[0] <= 0:
                return commit(self, *arguments, **options)
            left[0] -= 1
            if after_commit:
                commit(self, *arguments, **options)
            raise OperationalError("COMMIT", {}, ConnectionResetError("the server closed the connection"))

        monkeypatch.setattr(type(catalog), "commit_table", commit_table)

    return lose


@pytest.mark.parametrize("after_commit", [True, False])
@pytest.mark.parametrize("mode", ["replace", "append"])
def test_a_lost_reply_does_not_publish_twice(bench, lose_replies, mode, after_commit):
    bench.publish("SELECT 1 AS id")
    lose_replies(1, after_commit=after_commit)
    snapshot = bench.publish("SELECT 2 AS id", mode=mode, properties=KEY)
    assert bench.rows() == ([(2,)] if mode == "replace" else [(1,), (2,)])
    assert bench.lake.snapshots(bench.port)[0] == snapshot
    assert len(bench.lake.snapshots(bench.port)) == 2


@pytest.mark.parametrize("after_commit", [True, False])
def test_nor_does_the_lost_reply_of_a_first_publication(bench, lose_replies, after_commit):
    lose_replies(1, after_commit=after_commit)
    bench.publish("SELECT 1 AS id", properties=KEY)
    assert bench.rows() == [(1,)]
    assert len(bench.lake.snapshots(bench.port)) == 1


def test_a_catalogue_that_stays_away_is_told(bench, lose_replies):
    bench.publish("SELECT 1 AS id")
    lose_replies(99, after_commit=False)
    with pytest.raises(Problem, match="LAKE001"):
        bench.publish("SELECT 2 AS id", properties=KEY)
    assert bench.rows() == [(1,)]


def test_a_publication_is_found_by_its_key_after_later_ones_and_a_compaction(bench):
    first = bench.publish("SELECT 1 AS id", properties=KEY)
    bench.publish("SELECT 2 AS id", mode="append")
    bench.lake.compact(bench.port, bench.engine)
    assert bench.lake.publication(bench.port, KEY["weft.publication"]) == first
    assert bench.lake.publication(bench.port, "run-2:sales/orders/orders") is None


def test_the_same_publication_asked_for_again_is_the_one_that_happened(bench):
    first = bench.publish("SELECT 1 AS id", properties=KEY)
    bench.publish("SELECT 2 AS id")
    again = bench.publish("SELECT 3 AS id", parent=first.snapshot_id, properties=KEY)
    assert again == first
    assert bench.rows() == [(2,)]
