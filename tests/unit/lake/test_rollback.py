import pytest

from weft.base.problem import Problem


def test_a_rollback_brings_back_rows_and_columns_of_that_time(bench):
    first = bench.publish("SELECT 1 AS id, 'x' AS note")
    bench.publish("SELECT 2 AS id, 3 AS n")
    assert bench.lake.rollback(bench.port, first.snapshot_id) == first
    assert (bench.rows(), bench.columns()) == ([(1, "x")], ["id", "note"])
    assert bench.lake.catalog.table(bench.port).scan().to_arrow().to_pylist() == [{"id": 1, "note": "x"}]


def test_a_rollback_can_be_rolled_forward_again(bench):
    first = bench.publish("SELECT 1 AS id")
    second = bench.publish("SELECT 2 AS id")
    bench.lake.rollback(bench.port, first.snapshot_id)
    bench.lake.rollback(bench.port, second.snapshot_id)
    assert bench.lake.snapshot(bench.port) == second


def test_publishing_goes_on_after_a_rollback(bench):
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id, 'lost' AS note")
    bench.lake.rollback(bench.port, first.snapshot_id)
    third = bench.publish("SELECT 3 AS id, 'new' AS note", mode="append")
    assert sorted(bench.rows(), key=str) == [(1, None), (3, "new")]
    assert third.parent_id == first.snapshot_id


def test_a_builder_that_read_the_state_rolled_back_from_is_refused(bench):
    first = bench.publish("SELECT 1 AS id")
    second = bench.publish("SELECT 2 AS id")
    bench.lake.rollback(bench.port, first.snapshot_id)
    with pytest.raises(Problem, match="LAKE002"):
        bench.publish("SELECT 3 AS id", parent=second.snapshot_id)
    assert bench.rows() == [(1,)]


def test_rolling_back_to_what_is_published_changes_nothing(bench):
    bench.publish("SELECT 1 AS id")
    only = bench.lake.snapshot(bench.port)
    assert bench.lake.rollback(bench.port, only.snapshot_id) == only
    assert bench.rows() == [(1,)]


def test_an_unknown_snapshot_is_refused_with_the_candidates(bench):
    first = bench.publish("SELECT 1 AS id")
    with pytest.raises(Problem) as caught:
        bench.lake.rollback(bench.port, 99)
    assert (caught.value.code, str(first.snapshot_id) in caught.value.expected) == ("LAKE005", True)


def test_a_port_that_was_never_published_cannot_be_rolled_back(bench):
    with pytest.raises(Problem, match="Publish it first: weft build sales/orders"):
        bench.lake.rollback(bench.port, 99)
