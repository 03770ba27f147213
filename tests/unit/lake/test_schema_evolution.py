import pytest

from weft.base.problem import Problem
from weft.lake.schema_evolution import evolve


def ids(fields):
    return {field.name: field.field_id for field in fields}


def test_an_added_column_is_null_in_rows_published_before(bench):
    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id, 'x' AS note", mode="append")
    assert sorted(bench.rows(), key=str) == [(1, None), (2, "x")]


def test_a_dropped_column_is_gone_for_readers_but_not_from_its_snapshot(bench):
    first = bench.publish("SELECT 1 AS id, 'x' AS note")
    bench.publish("SELECT 2 AS id", mode="append")
    assert (bench.columns(), sorted(bench.rows())) == (["id"], [(1,), (2,)])
    assert bench.rows(first.snapshot_id) == [(1, "x")]


def test_a_column_that_comes_back_does_not_show_the_data_of_its_former_namesake(bench):
    bench.publish("SELECT 1 AS id, 'old' AS note")
    bench.publish("SELECT 2 AS id", mode="append")
    bench.publish("SELECT 3 AS id, 'new' AS note", mode="append")
    assert sorted(bench.rows(), key=str) == [(1, None), (2, None), (3, "new")]


def test_a_renamed_column_keeps_its_data(bench):
    first = bench.publish("SELECT 1 AS id, 'x' AS note")
    bench.publish("SELECT 2 AS id, 'y' AS remark", mode="append", renames={"remark": "note"})
    assert (bench.columns(), sorted(bench.rows())) == (["id", "remark"], [(1, "x"), (2, "y")])
    assert bench.columns(first.snapshot_id) == ["id", "note"]


def test_two_columns_can_swap_their_names(bench):
    bench.publish("SELECT 1 AS a, 2 AS b")
    bench.publish("SELECT 3 AS a, 4 AS b", mode="append", renames={"a": "b", "b": "a"})
    assert sorted(bench.rows()) == [(2, 1), (3, 4)]


def test_a_name_that_only_changed_its_case_is_the_same_column(bench):
    bench.publish("SELECT 1 AS Total")
    bench.publish("SELECT 2 AS total", mode="append")
    assert (bench.columns(), sorted(bench.rows())) == (["total"], [(1,), (2,)])


@pytest.mark.parametrize(
    ("before", "after", "rows"),
    [
        ("1::INTEGER", "5000000000::BIGINT", [(1,), (5000000000,)]),
        ("0.5::FLOAT", "0.25::DOUBLE", [(0.25,), (0.5,)]),
        ("[1::INTEGER]", "[5000000000::BIGINT]", [([1],), ([5000000000],)]),
        ("{'a': 1::INTEGER}", "{'a': 2::BIGINT, 'b': 'x'}", [({"a": 1, "b": None},), ({"a": 2, "b": "x"},)]),
        ("{'a': 1, 'b': 2}", "{'b': 4, 'a': 3}", [({"b": 2, "a": 1},), ({"b": 4, "a": 3},)]),
        ("MAP {'k': 1::INTEGER}", "MAP {'k': 2::BIGINT}", [({"k": 1},), ({"k": 2},)]),
    ],
)
def test_a_widened_type_reads_older_files_too(bench, before, after, rows):
    bench.publish(f"SELECT {before} AS v")
    bench.publish(f"SELECT {after} AS v", mode="append")
    assert sorted(bench.rows(), key=str) == sorted(rows, key=str)


def test_a_decimal_with_more_digits_reads_older_files_too(bench):
    bench.publish("SELECT 1.25::DECIMAL(5,2) AS v")
    bench.publish("SELECT 1000000000.75::DECIMAL(30,2) AS v", mode="append")
    assert [str(v) for (v,) in sorted(bench.rows())] == ["1.25", "1000000000.75"]


def test_a_type_that_cannot_be_widened_is_a_new_column_and_old_snapshots_stay_readable(bench):
    first = bench.publish("SELECT 'x' AS v")
    bench.publish("SELECT 1 AS v")
    assert (bench.rows(), bench.rows(first.snapshot_id)) == ([(1,)], [("x",)])


def test_rows_cannot_be_appended_when_a_column_changed_its_type_for_good(bench):
    bench.publish("SELECT 1 AS id, {'a': 1, 'b': 2} AS v")
    for changed in ("'x'", "{'a': 1}"):
        with pytest.raises(Problem) as caught:
            bench.publish(f"SELECT 1 AS id, {changed} AS v", mode="append")
        assert (caught.value.code, caught.value.found) == ("LAKE003", "column v")
    assert bench.rows() == [(1, {"a": 1, "b": 2})]


def test_a_schema_that_the_table_had_before_is_taken_up_again(bench):
    bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 1 AS id, 2 AS n")
    bench.publish("SELECT 1 AS id")
    assert len(bench.lake.state(bench.port).document["schemas"]) == 2


def test_columns_are_read_in_the_order_of_the_newest_publication(bench):
    bench.publish("SELECT 1 AS a, 2 AS b")
    bench.publish("SELECT 4 AS b, 3 AS a", mode="append")
    assert (bench.columns(), sorted(bench.rows())) == (["b", "a"], [(2, 1), (4, 3)])


def test_a_refused_publication_leaves_columns_as_they_were(bench):
    first = bench.publish("SELECT 1 AS id")
    bench.publish("SELECT 2 AS id")
    with pytest.raises(Problem):
        bench.publish("SELECT 3 AS id, 4 AS n", parent=first.snapshot_id)
    assert bench.columns() == ["id"]


def test_ids_are_never_given_twice():
    before = evolve((), 0, {"a": "INTEGER", "s": "STRUCT(x INTEGER, y INTEGER[])"})
    assert ids(before) == {"a": 1, "s": 2}
    assert ids(before[1].children) == {"x": 3, "y": 4}
    assert ids(before[1].children[1].children) == {"element": 5}
    after = evolve(before, 9, {"s": "STRUCT(x INTEGER, y INTEGER[], z DATE)", "b": "DATE"})
    assert ids(after) == {"s": 2, "b": 10}
    assert ids(after[0].children) == {"x": 3, "y": 4, "z": 11}


def test_a_type_that_no_table_can_hold_is_a_problem_that_names_the_column():
    with pytest.raises(Problem) as caught:
        evolve((), 0, {"id": "INTEGER", "lasts": "INTERVAL"})
    assert (caught.value.code, caught.value.found) == ("LAKE004", "INTERVAL")
    assert 'Column "lasts"' in caught.value.what
