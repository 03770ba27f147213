"""How tables grow over several builds, one materialization after the other."""

from datetime import UTC, datetime
from typing import Any

import pytest

from weft.base.names import PortName
from weft.base.problem import Problems
from weft.build.quarantine.batches import open_batches

PORT = PortName.parse("log/events")


@pytest.fixture
def log(empty_mesh):
    """One port made from one file."""
    mesh = empty_mesh
    mesh.product("log/events")
    mesh.contract("log/events", "id:int! what:text seen:time")
    mesh.model("log/events", "events", "SELECT id::BIGINT AS id, what, seen::TIMESTAMP AS seen FROM raw")
    return mesh


def settle(mesh: Any, settings: str, load: str = "full") -> None:
    mesh.making(
        "log/events",
        f"""
        sources: {{raw: {{kind: csv, path: data/events.csv, load: {load}, columns: {{id: bigint, seen: timestamp}}}}}}
        models: {{events: {{{settings}}}}}
        """,
    )


def build_with(mesh: Any, *lines: str, **options: Any) -> list[tuple[Any, ...]]:
    """Build from these rows; what readers see then, without the time."""
    mesh.rows_file("data/events.csv", "id,what,seen", *lines)
    result = mesh.build(**options)
    assert not result.is_failed, [str(problem) for problem in result.problems]
    return [row[:2] for row in mesh.rows("log/events")]


def test_replace_keeps_nothing(log) -> None:
    settle(log, "materialization: replace")
    assert build_with(log, "1,a,2026-01-01", "2,b,2026-01-02") == [(1, "a"), (2, "b")]
    assert build_with(log, "3,c,2026-01-03") == [(3, "c")]


def test_append_adds_what_is_not_there_yet_and_touches_nothing(log) -> None:
    settle(log, "materialization: append")
    assert build_with(log, "1,a,2026-01-01") == [(1, "a")]
    first = log.workspace().lake.files(PORT).paths
    assert build_with(log, "1,z,2026-01-01", "2,b,2026-01-02") == [(1, "a"), (2, "b")]
    assert set(first) < set(log.workspace().lake.files(PORT).paths), "appended, not written again"
    assert build_with(log, "9,z,2026-01-09", full=True) == [(1, "a"), (2, "b"), (9, "z")]


def test_append_without_a_key_counts_rows_as_a_bag(log) -> None:
    log.contract("log/events", "id:int what:text seen:time")
    settle(log, "materialization: append")
    assert build_with(log, "1,a,2026-01-01", "1,a,2026-01-01") == [(1, "a"), (1, "a")]
    assert build_with(log, *["1,a,2026-01-01"] * 3) == [(1, "a")] * 3
    assert build_with(log, "2,b,2026-01-02") == [(1, "a")] * 3 + [(2, "b")]


def test_append_checks_new_rows_against_those_that_are_there(log) -> None:
    log.contract("log/events", "id:int what:text! seen:time", version="1.0.0")
    settle(log, "materialization: append, key: [id]")
    assert build_with(log, "1,a,2026-01-01") == [(1, "a")]
    log.rows_file("data/events.csv", "id,what,seen", "2,a,2026-01-02")
    assert log.build().is_failed, "another row with that primary key is published already"


def test_upsert_replaces_rows_of_the_same_key(log) -> None:
    settle(log, "materialization: upsert")
    assert build_with(log, "1,a,2026-01-01", "2,b,2026-01-02") == [(1, "a"), (2, "b")]
    assert build_with(log, "2,B,2026-01-03", "3,c,2026-01-03") == [(1, "a"), (2, "B"), (3, "c")]


def test_upsert_with_a_watermark_takes_the_newest_of_a_key_and_no_older_one(log) -> None:
    settle(log, "materialization: upsert, watermark: seen")
    assert build_with(log, "1,old,2026-01-01", "1,new,2026-01-05") == [(1, "new")]
    assert build_with(log, "1,late,2026-01-03", "2,b,2026-01-03") == [(1, "new"), (2, "b")]


def test_full_makes_an_upsert_of_its_inputs_alone(log) -> None:
    settle(log, "materialization: upsert")
    build_with(log, "1,a,2026-01-01")
    assert build_with(log, "2,b,2026-01-02", full=True) == [(2, "b")]


def test_incremental_takes_rows_past_the_watermark_less_the_look_back(log) -> None:
    settle(log, "materialization: incremental, watermark: seen, lookback: 2 days")
    assert build_with(log, "1,a,2026-01-01", "2,b,2026-01-10") == [(1, "a"), (2, "b")]
    assert build_with(log, "1,A,2026-01-02", "2,B,2026-01-09", "3,c,2026-01-11") == [(1, "a"), (2, "B"), (3, "c")]
    assert build_with(log, "1,A,2026-01-02", full=True) == [(1, "A")]


def test_incremental_takes_rows_without_a_watermark_and_without_a_look_back_none_at_the_newest(log) -> None:
    settle(log, "materialization: incremental, watermark: seen")
    assert build_with(log, "1,a,2026-01-02") == [(1, "a")]
    assert build_with(log, "2,b,", "3,c,2026-01-02", "4,d,2026-01-03") == [(1, "a"), (2, "b"), (4, "d")]


def test_appended_landings_are_merged_without_doubling(log) -> None:
    settle(log, "materialization: upsert, watermark: seen", load="append")
    assert build_with(log, "1,a,2026-01-01") == [(1, "a")]
    assert build_with(log, "1,b,2026-01-02", "2,c,2026-01-02") == [(1, "b"), (2, "c")]


def test_a_snapshot_keeps_every_version_with_its_time(log) -> None:
    log.contract(
        "log/events",
        "id:int! what:text seen:time valid_from:time! valid_to:time is_current:bool",
    )
    settle(log, "materialization: snapshot, key: [id]")
    build_with(log, "1,a,2026-01-01", "2,b,2026-01-01")
    build_with(log, "1,A,2026-01-01", "3,c,2026-01-01")
    minute = [datetime(2026, 3, 1, 12, n, tzinfo=UTC).replace(tzinfo=None) for n in (0, 1, 2)]
    seen = [(i, what, _naive(begin), _naive(end), now) for i, what, _, begin, end, now in log.rows("log/events")]
    assert seen == [
        (1, "A", minute[2], None, True),
        (1, "a", minute[1], minute[2], False),
        (2, "b", minute[1], minute[2], False),
        (3, "c", minute[2], None, True),
    ]


def _naive(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=None) if instant else None


def test_a_snapshot_refuses_two_rows_of_one_key_where_no_promise_holds_them_back(log) -> None:
    log.contract("log/events", "id:int what:text seen:time valid_from:time valid_to:time is_current:bool")
    settle(log, "materialization: snapshot, key: [id]")
    log.rows_file("data/events.csv", "id,what,seen", "1,a,2026-01-01", "1,b,2026-01-01")
    result = log.build()
    assert [(p.code, p.found) for p in result.problems] == [("BUILD009", "1 keys with more than one row")]


@pytest.mark.parametrize(
    ("settings", "rule", "code", "expected"),
    [
        ("materialization: upsert, key: [nr]", "MODEL111", "BUILD008", "one of id, what, seen"),
        ("materialization: incremental", "MODEL112", "BUILD007", None),
        ("materialization: incremental, watermark: moment", "MODEL111", "BUILD008", "one of id, what, seen"),
    ],
)
def test_a_setting_that_is_missing_or_names_no_column_is_a_problem(log, settings, rule, code, expected) -> None:
    settle(log, settings)
    log.rows_file("data/events.csv", "id,what,seen", "1,a,2026-01-01")
    with pytest.raises(Problems) as refused:
        log.build()
    assert [problem.code for problem in refused.value.problems] == [rule]
    (problem,) = log.build_without_rules().problems
    assert (problem.code, problem.expected) == (code, expected)
    assert problem.where.path == "domains/log/events/build.yaml"


def test_a_table_that_is_merged_gains_and_loses_columns(log) -> None:
    settle(log, "materialization: upsert")
    build_with(log, "1,a,2026-01-01")
    log.contract("log/events", "id:int! what:text size:int", version="2.0.0")
    log.model("log/events", "events", "SELECT id::BIGINT AS id, what, 7::BIGINT AS size FROM raw")
    log.rows_file("data/events.csv", "id,what,seen", "2,b,2026-01-02")
    assert log.build().status == "done"
    assert log.rows("log/events") == [(1, "a", None), (2, "b", 7)]


def test_a_view_that_is_a_port_is_published_all_the_same(log) -> None:
    settle(log, "materialization: view")
    assert build_with(log, "1,a,2026-01-01") == [(1, "a")]


def test_rows_without_a_key_are_not_lost_in_a_merge(log) -> None:
    log.contract(
        "log/events",
        "id:int! what:text seen:time",
        more="customProperties: [{property: quarantineTolerance, value: '50'}]\n",
    )
    settle(log, "materialization: upsert, watermark: seen")
    build_with(log, "1,a,2026-01-01", ",x,2026-01-01", ",y,2026-01-02")
    result = log.build(full=True)
    assert (result.totals.rows_in, result.totals.rows_published, result.totals.rows_quarantined) == (3, 1, 2)


@pytest.mark.parametrize("settings", ["materialization: upsert", "materialization: incremental, watermark: seen"])
def test_a_version_that_is_held_back_leaves_the_one_before_it_to_readers(log, settings) -> None:
    more = "customProperties: [{property: quarantineTolerance, value: '50%'}]\n"
    log.contract("log/events", "id:int! what:text seen:time", more=more)
    contract = log.root / "domains/log/events/contracts/events.yaml"
    contract.write_text(contract.read_text().replace("name: what\n", "name: what\n        required: true\n"))
    settle(log, settings)
    build_with(log, "1,a,2026-01-01", "2,b,2026-01-01")
    log.rows_file("data/events.csv", "id,what,seen", "1,,2026-01-02", "2,B,2026-01-02")
    result = log.build()
    assert [row[:2] for row in log.rows("log/events")] == [(1, "a"), (2, "B")]
    totals = result.totals
    assert (totals.rows_in, totals.rows_published, totals.rows_quarantined) == (3, 2, 1)
    assert build_with(log, "1,A,2026-01-03", "2,B,2026-01-02") == [(1, "A"), (2, "B")]


def test_a_row_of_a_history_that_is_held_back_on_every_build_is_held_once(log) -> None:
    more = "customProperties: [{property: quarantineTolerance, value: '90%'}]\n"
    log.contract("log/events", "id:int what:text seen:time valid_from:time valid_to:time is_current:bool", more=more)
    contract = log.root / "domains/log/events/contracts/events.yaml"
    contract.write_text(
        contract.read_text()
        .replace("name: what\n", "name: what\n        required: true\n")
        .replace("name: valid_from\n", "name: valid_from\n        physicalType: TIMESTAMP WITH TIME ZONE\n")
        .replace("name: valid_to\n", "name: valid_to\n        physicalType: TIMESTAMP WITH TIME ZONE\n")
    )
    settle(log, "materialization: snapshot, key: [id]")
    for day in (1, 2, 3):
        log.rows_file("data/events.csv", "id,what,seen", "1,a,2026-01-01", f"2,,2026-01-0{day}", "3,c,2026-01-01")
        assert not log.build().is_failed
    workspace = log.workspace()
    held = sum(batch.rows for batch in open_batches(workspace.ledger, workspace.storage, PORT))
    assert held == 3  # three different rows came
    log.rows_file("data/events.csv", "id,what,seen", "1,b,2026-01-01", "2,,2026-01-03", "3,c,2026-01-01")
    assert not log.build().is_failed
    assert sum(batch.rows for batch in open_batches(workspace.ledger, workspace.storage, PORT)) == 3
