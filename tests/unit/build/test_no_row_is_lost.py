"""Whatever comes and whatever people decide: every row is in one place, and the ledger's sums say which.

The model of the truth is small. A row that a build takes in is published or held back; rows leave the quarantine by the
ways that the ledger counts; and what the ledger counts is what lies in the files.
"""

import itertools
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.build.conftest import MeshOnDisk

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.quarantine.batches import open_batches
from weft.build.quarantine.dismiss import DismissRequest, dismiss
from weft.build.quarantine.replay import replay
from weft.build.quarantine.replay_request import ReplayRequest
from weft.build.quarantine.row_balance import run_balance, standing_by_port
from weft.ledger.facts import Quarantined, RunEnded
from weft.workspace.building import build_context

PORT = PortName("log", "events", "events")
PLAIN = "id:int! what:text seen:time"
HISTORY = f"{PLAIN} valid_from:time! valid_to:time is_current:bool"
KINDS = {
    "replace": ("replace", PLAIN),
    "append by key": ("append", PLAIN),
    "append": ("append", "id:int what:text seen:time"),
    "upsert": ("upsert", PLAIN),
    "incremental": ("incremental, watermark: seen, lookback: 2 days", PLAIN),
    "snapshot": ("snapshot, key: [id]", HISTORY),
}
BY_KEY = ("upsert", "incremental")
ROW = st.tuples(st.integers(1, 5), st.sampled_from(["", "a", "b", "bad"]), st.integers(1, 4))
STEP = st.one_of(
    st.tuples(st.just("build"), st.lists(ROW, max_size=6)),
    st.tuples(st.just("full"), st.lists(ROW, max_size=6)),
    st.tuples(st.just("correct"), st.integers(1, 5)),
    st.tuples(st.just("wait"), st.integers(1, 5)),
    st.tuples(st.just("again"), st.none()),
    st.tuples(st.just("dismiss"), st.integers(1, 5)),
)
_NUMBER = itertools.count()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(steps=st.lists(STEP, min_size=2, max_size=5), tolerance=st.sampled_from(["100%", "50%"]))
def test_the_sums_hold_after_every_step(tmp_path_factory, kind, steps, tolerance):
    mesh = _mesh(tmp_path_factory.mktemp(f"mesh{next(_NUMBER)}"), kind, tolerance)
    for what, given_to_it in [("build", [(1, "a", 1), (2, "", 1), (3, "bad", 1)]), *steps]:
        before = _published(mesh)
        held = _held(mesh)
        gone = _do(mesh, what, given_to_it)
        _check_sums(mesh)
        after, left = _published(mesh), _held(mesh)
        if gone is not None:  # a decision of a person: nothing came, so nothing may be lost
            published, dismissed = gone
            assert sum(held.values()) == sum(left.values()) + published + dismissed
            if kind in BY_KEY:  # a replayed row may take the place of the version before it
                assert {row[0] for row in before} <= {row[0] for row in after}
                assert len(after) <= len(before) + published
            else:
                assert len(after) == len(before) + published
        elif what == "build" and kind != "replace":
            waited = {step[1] for step in steps if step[0] == "wait"}
            came = {row[0] for row in given_to_it} | waited
            assert {row[0] for row in held - left} <= came, "a row left the quarantine that nobody spoke of"


def _mesh(folder: Path, kind: str, tolerance: str) -> MeshOnDisk:
    making, columns = KINDS[kind]
    mesh = MeshOnDisk(folder)
    mesh.write("weft.yaml", "name: test\nenvironments: {dev: {}}\ndefault_environment: dev\n")
    mesh.write("teams.yaml", "teams: [{name: team}]\n")
    mesh.product("log/events")
    mesh.model("log/events", "events", "SELECT id::BIGINT AS id, what, seen::TIMESTAMP AS seen FROM raw")
    more = f"customProperties: [{{property: quarantineTolerance, value: '{tolerance}'}}]\n"
    mesh.contract("log/events", columns, more=more)
    path = mesh.root / "domains/log/events/contracts/events.yaml"
    rule = "name: what\n        required: true\n        logicalTypeOptions: {maxLength: 2}\n"
    text = path.read_text().replace("name: what\n", rule)
    for column in ("valid_from", "valid_to"):
        text = text.replace(f"{column}\n", f"{column}\n        physicalType: TIMESTAMP WITH TIME ZONE\n")
    path.write_text(text)
    mesh.making(
        "log/events",
        "sources: {raw: {kind: csv, path: data/events.csv, columns: {id: varchar, what: varchar, seen: varchar}}}\n"
        f"models: {{events: {{materialization: {making}}}}}\n",
    )
    return mesh


def _do(mesh: MeshOnDisk, what: str, given_to_it) -> tuple[int, int] | None:
    """One step; what a decision of a person published and dismissed, None of a build."""
    if what in ("build", "full"):
        lines = [f"{i},{word},2026-01-0{day}" for i, word, day in given_to_it]
        mesh.rows_file("data/events.csv", "id,what,seen", *lines)
        mesh.build(full=what == "full")
        return None
    context = build_context(mesh.workspace())
    try:
        if what == "dismiss":
            return 0, dismiss(context, DismissRequest(PORT, "a test", key={"id": str(given_to_it)})).dismissed
        how = {} if what == "again" else {"assign": ("what = 'ok'",), "where": f"id = {given_to_it}"}
        found = replay(context, ReplayRequest(PORT, is_next=what == "wait", **how))
    except Problem as problem:
        if problem.code not in ("QUARANTINE001", "QUARANTINE002", "QUARANTINE011"):
            raise
        return 0, 0
    assert found.rows == found.published + found.still_held + found.dismissed
    return found.published, 0


def _check_sums(mesh: MeshOnDisk) -> None:
    """What the ledger says adds up, and is what the files hold."""
    context = build_context(mesh.workspace())
    ledger = context.ledger
    for ended in ledger.facts(RunEnded):
        assert run_balance(ledger, ended.run_id).adds_up, ended
    for balance in standing_by_port(ledger):
        assert balance.adds_up, balance
        assert balance.went["open"] == sum(_held(mesh).values())
    for batch in open_batches(ledger, context.storage, PORT):
        assert sum(_rows_in(context, batch.files).values()) == batch.rows
        assert standing_of_batch(ledger, batch.batch) == batch.rows
    named = {file for fact in ledger.facts(Quarantined) for file in fact.files}
    still = {path.relative_to(context.storage).as_posix() for path in context.storage.glob("quarantine/*/*/*/*")}
    files = {name for name in still if name.endswith(".parquet")}
    assert files <= named, "a file that no fact names"


def standing_of_batch(ledger, batch: str) -> int:
    """Rows of a batch that are open by what the facts moved, not by what they say is left."""
    moved: Counter[str] = Counter()
    for fact in ledger.facts(Quarantined, batch=batch):
        moved.update(fact.moved or {})
    return moved.pop("held") - sum(moved.values())


def _held(mesh: MeshOnDisk) -> Counter:
    """The open rows, as a bag."""
    context = build_context(mesh.workspace())
    batches = open_batches(context.ledger, context.storage, PORT)
    return sum((_rows_in(context, batch.files) for batch in batches), Counter())


def _rows_in(context, files) -> Counter:
    with context.new_engine() as engine:
        engine.add_parquet("held", [str(file) for file in files])
        return Counter(engine.rows("SELECT id, what, CAST(seen AS VARCHAR) FROM held"))


def _published(mesh: MeshOnDisk) -> list[tuple]:
    if build_context(mesh.workspace()).lake.snapshot(PORT) is None:
        return []
    return mesh.rows("log/events")
