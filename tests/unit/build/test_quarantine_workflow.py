"""What people decide about held-back rows, on ports that are made in every way: no row is lost or comes twice."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.quarantine.batches import RECORDED, REFUSED, open_batches, quarantine_folder
from weft.build.quarantine.dismiss import DismissRequest, dismiss
from weft.build.quarantine.expire import expire, proof_of
from weft.build.quarantine.groups import grouped
from weft.build.quarantine.held_rows import Look, held_rows
from weft.build.quarantine.replay import replay
from weft.build.quarantine.replay_request import Replayed, ReplayRequest
from weft.build.quarantine.row_balance import run_balance, standing_by_port
from weft.build.quarantine.visible_columns import Reader
from weft.ledger.facts import Quarantined, RunEnded
from weft.workspace.building import build_context

PORT = PortName("log", "events", "events")
HISTORY = " valid_from:time! valid_to:time is_current:bool"


class Log:
    """One port of events, its `what` required, made of a file."""

    def __init__(self, mesh) -> None:
        self.mesh = mesh
        mesh.product("log/events")
        mesh.model("log/events", "events", "SELECT id::BIGINT AS id, what, seen::TIMESTAMP AS seen FROM raw")

    def settle(self, settings: str, columns: str = "id:int! what:text seen:time", tolerance: str = "100%") -> "Log":
        more = f"customProperties: [{{property: quarantineTolerance, value: '{tolerance}'}}]\n"
        self.mesh.contract("log/events", columns, more=more)
        path = self.mesh.root / "domains/log/events/contracts/events.yaml"
        text = path.read_text().replace("name: what\n", "name: what\n        required: true\n")
        for column in ("valid_from", "valid_to"):
            physical = f"name: {column}\n        physicalType: TIMESTAMP WITH TIME ZONE\n"
            text = text.replace(f"name: {column}\n", physical)
        path.write_text(text)
        self.mesh.making(
            "log/events",
            f"sources: {{raw: {{kind: csv, path: data/events.csv, columns: {{what: varchar, seen: varchar}}}}}}\n"
            f"models: {{events: {{materialization: {settings}}}}}\n",
        )
        return self

    def build(self, *lines: str, **options: object):
        if lines:
            self.mesh.rows_file("data/events.csv", "id,what,seen", *lines)
        return self.mesh.build(**options)

    @property
    def context(self):
        return build_context(self.mesh.workspace())

    def replay(self, **how: object) -> Replayed:
        return replay(self.context, ReplayRequest(PORT, **how))  # type: ignore[arg-type]

    def dismiss(self, **which: object):
        return dismiss(self.context, DismissRequest(PORT, "a test", **which))  # type: ignore[arg-type]

    def rows(self) -> list[tuple]:
        return [row[:2] for row in self.mesh.rows("log/events")]

    def look(self, **how: object):
        c = self.context
        look = Look(PORT, **how)  # type: ignore[arg-type]
        return held_rows(c.mesh, c.ledger, c.storage, c.new_engine, c.clock, look, Reader("ada"))

    def held(self) -> list[tuple]:
        return sorted(row[1:3] for row in self.look(limit=1000).rows)

    def standing(self) -> dict[str, int]:
        (balance,) = standing_by_port(self.context.ledger)
        assert balance.adds_up
        return {"held": balance.came, **{way: rows for way, rows in balance.went.items() if rows}}


@pytest.fixture
def log(empty_mesh) -> Log:
    return Log(empty_mesh)


def test_a_replay_that_was_published_and_not_recorded_is_recorded_by_the_next_command(log, monkeypatch):
    log.settle("append", columns="id:int what:text seen:time").build("1,a,2026-01-01", "2,,2026-01-01")
    context = log.context
    record = context.ledger.record

    def fails(*facts):
        raise Problem("LEDGER003", "The ledger does not answer.")

    monkeypatch.setattr(context.ledger, "record", fails)
    with pytest.raises(Problem, match="LEDGER003"):
        replay(context, ReplayRequest(PORT, assign=("what = 'b'",)))
    monkeypatch.setattr(context.ledger, "record", record)
    assert log.rows() == [(1, "a"), (2, "b")]
    with pytest.raises(Problem, match="QUARANTINE001"):
        log.replay(assign=("what = 'c'",))
    log.build("1,a,2026-01-01", "2,,2026-01-01", "3,c,2026-01-01")
    assert log.rows() == [(1, "a"), (2, "b"), (3, "c")]
    assert log.standing() == {"held": 1, "replayed": 1}


def test_a_replay_names_the_batches_that_it_is_made_of_in_its_publication(log):
    log.settle("replace").build("1,a,2026-01-01", "2,,2026-01-01")
    (batch,) = open_batches(log.context.ledger, log.context.storage, PORT)
    log.replay(assign=("what = 'b'",))
    assert log.context.lake.snapshot(PORT).properties["weft.replayed"] == batch.batch


@pytest.mark.parametrize("settings", ["upsert", "incremental, watermark: seen"])
def test_a_held_version_stays_while_others_come_and_takes_over_when_it_is_replayed(log, settings):
    log.settle(settings).build("1,a,2026-01-01", "2,b,2026-01-01")
    log.build("2,,2026-01-02")
    log.build("3,c,2026-01-03")
    assert (log.rows(), [row[0] for row in log.held()]) == ([(1, "a"), (2, "b"), (3, "c")], [2])
    log.replay(assign=("what = 'B'",))
    assert (log.rows(), log.held()) == ([(1, "a"), (2, "B"), (3, "c")], [])
    assert log.standing() == {"held": 1, "replayed": 1}


def test_a_version_that_came_after_the_held_one_is_not_overtaken_by_it(log):
    log.settle("upsert, watermark: seen").build("1,a,2026-01-01")
    log.build("1,,2026-01-02")
    log.build("1,c,2026-01-03")
    assert (log.rows(), log.held()) == ([(1, "c")], [])
    assert log.standing() == {"held": 1, "superseded": 1}


def versions(log: Log) -> list[tuple]:
    """What each row says, whether it is current, and which minute it is true from and to."""
    rows = log.mesh.rows("log/events")
    return sorted((i, what, now, begin.minute, end and end.minute) for i, what, _, begin, end, now in rows)


def test_a_history_keeps_the_last_good_version_open_until_a_repaired_one_closes_it(log):
    log.settle("snapshot, key: [id]", columns=f"id:int! what:text seen:time{HISTORY}")
    log.build("1,a,2026-01-01", "2,b,2026-01-01")
    log.build("1,,2026-01-02", "2,B,2026-01-02")
    assert versions(log) == [(1, "a", True, 1, None), (2, "B", True, 2, None), (2, "b", False, 1, 2)]
    log.replay(assign=("what = 'A'",))
    mended = [(1, "A", True, 2, None), (1, "a", False, 1, 2), (2, "B", True, 2, None), (2, "b", False, 1, 2)]
    assert versions(log) == mended
    log.build(full=True)  # the source is as broken as before: the correction stands for its row
    assert versions(log) == mended
    assert log.standing() == {"held": 1, "replayed": 1}


def test_rows_that_share_the_key_of_a_history_are_held_back_and_the_others_published(log):
    log.settle("snapshot, key: [id], updated_at: seen", columns=f"id:int! what:text seen:time{HISTORY}")
    log.build("1,a,2026-01-01", "2,b,2026-01-01")
    result = log.build("1,x,2026-01-02", "1,a,2026-01-01", "2,B,2026-01-02", "3,c,2026-01-01", "3,c,2026-01-01")
    assert not result.is_failed
    now = sorted(row[:2] for row in log.mesh.rows("log/events") if row[-1])
    assert now == [(1, "a"), (2, "B"), (3, "c")]
    assert log.held() == [(1, "a"), (1, "x"), (3, "c")]


@pytest.mark.parametrize("settings", ["replace", "append", "upsert"])
def test_corrections_can_wait_for_the_next_build(log, settings):
    log.settle(settings).build("1,a,2026-01-01", "2,,2026-01-01", "3,,2026-01-01")
    waits = log.replay(assign=("what = 'b'",), where="id = 2", is_next=True)
    assert (waits.published, waits.waiting, log.rows()) == (0, 1, [(1, "a")])
    assert [str(reason) for reason in log.mesh.plan().products[0].steps[0].reasons] == ["corrections wait for it"]
    log.build()
    assert (log.rows(), [row[0] for row in log.held()]) == ([(1, "a"), (2, "b")], [3])
    assert log.mesh.plan().is_empty
    log.standing()


def test_dismissed_rows_go_and_are_not_held_back_again(log):
    log.settle("replace").build("1,a,2026-01-01", "2,,2026-01-01", "3,,2026-01-01")
    found = log.dismiss(key={"id": "2"})
    assert (found.dismissed, found.left, [row[0] for row in log.held()]) == (1, 1, [3])
    log.build(full=True)
    assert [row[0] for row in log.held()] == [3]
    assert log.standing() == {"held": 4, "superseded": 1, "dismissed": 2, "open": 1}
    log.build("1,a,2026-01-01", "2,,2026-01-09")  # another row: somebody has to decide again
    assert [row[0] for row in log.held()] == [2]
    reasons = {fact.reason for fact in log.context.ledger.facts(Quarantined) if fact.reason}
    assert reasons == {"a test"}


@pytest.mark.parametrize(
    ("which", "code"),
    [
        ({"rule": "what.requird"}, "QUARANTINE009"),
        ({"batch": "last"}, "QUARANTINE013"),
        ({"key": {"idd": "2"}}, "QUARANTINE005"),
        ({"key": {"id": "7"}}, "QUARANTINE011"),
    ],
)
def test_a_dismissal_of_nothing_is_a_problem(log, which, code):
    log.settle("replace").build("1,a,2026-01-01", "2,,2026-01-01")
    with pytest.raises(Problem, match=code):
        log.dismiss(**which)
    with pytest.raises(Problem, match="QUARANTINE012"):
        dismiss(log.context, DismissRequest(PORT, " "))
    assert [row[0] for row in log.held()] == [2]


def test_a_query_may_drop_rows_that_it_dismisses(log):
    log.settle("replace").build("1,a,2026-01-01", "2,,2026-01-01", "3,,2026-01-01")
    sql = "SELECT * REPLACE ('b' AS what) FROM quarantined WHERE id = 2"
    found = log.replay(sql=sql, dismiss="test rows")
    assert (found.rows, found.published, found.dismissed, found.still_held) == (2, 1, 1, 0)
    assert log.standing() == {"held": 2, "replayed": 1, "dismissed": 1}
    log.build(full=True)
    assert (log.rows(), log.held()) == ([(1, "a"), (2, "b")], [])


def test_expired_rows_are_gone_and_their_going_is_proven(log):
    log.settle("append").build("1,a,2026-01-01", "2,,2026-01-01")
    log.mesh.clock.instant += timedelta(days=2)
    log.build("2,,2026-01-01", "3,,2026-01-01")
    context = log.context
    _, would = expire(context, None, timedelta(days=1), dry_run=True)
    assert would == []  # row 2 came again: it is held back since today
    ((file,),) = [batch.files for batch in open_batches(context.ledger, context.storage, PORT)]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    log.mesh.clock.instant += timedelta(days=2)
    run_id, expired = expire(context, PORT, timedelta(days=1))
    assert [one.batch.rows for one in expired] == [2]
    folder = quarantine_folder(context.storage, PORT)
    assert list(folder.glob("*.parquet")) == []
    proof = proof_of(context.ledger, context.storage, expired[0].batch.batch)
    last = proof.facts[-1]
    assert (proof.adds_up, proof.files_there, last.state, last.actor, last.run_id) == (
        True,
        (),
        "expired",
        "ada",
        run_id,
    )
    assert last.proof == {"files": expired[0].sha256_by_file, "rows": 2, "rules": {"what.required": 2}}
    assert expired[0].sha256_by_file == {file.relative_to(context.storage).as_posix(): digest}
    assert log.standing() == {"held": 3, "superseded": 1, "expired": 2}
    with pytest.raises(Problem, match="QUARANTINE013"):
        proof_of(context.ledger, context.storage, "nothing")


def test_a_row_that_is_open_and_refused_once_more_is_shown_once(log):
    log.settle("append").build("1,a,2026-01-01", "2,,2026-01-01")
    log.settle("append", tolerance="0")
    assert log.build("2,,2026-01-01", "3,,2026-01-01").is_failed
    assert [row[0] for row in log.held()] == [2, 3]


def test_what_is_held_back_is_grouped_by_rule_origin_run_and_port(log):
    log.settle("replace").build("1,a,2026-01-01", "2,,2026-01-01", ",b,2026-01-01")
    first = log.mesh.clock.instant
    log.build("1,a,2026-01-01", "2,,2026-01-02", "3,,2026-01-02")
    context = log.context
    batches = open_batches(context.ledger, context.storage, states=(RECORDED, REFUSED))
    history = context.ledger.facts(Quarantined)

    def keys(by):
        return [(group.key, group.rows, group.first_seen) for group in grouped(batches, by, history)]

    assert keys("rule") == [("what.required", 2, first)]
    assert keys("origin") == [("raw (data/events.csv)", 2, first)]
    assert keys("port") == [("log/events", 2, first)]
    assert keys("run") == [(batches[0].batch, 2, log.mesh.clock.instant)]


def test_a_sample_is_the_same_for_the_same_seed(log):
    log.settle("replace", tolerance="100%").build("0,a,2026-01-01", *(f"{n},,2026-01-01" for n in range(1, 60)))
    samples = [tuple(row[1] for row in log.look(limit=5, is_sample=True, seed=seed).rows) for seed in (1, 1, 2)]
    assert samples[0] == samples[1] != samples[2]
    assert all(len(set(sample)) == 5 for sample in samples)


def _write_parquet(path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet

    pyarrow.parquet.write_table(pa.table({"id": [2], "what": ["b"]}), path)


def _write_workbook(path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["id", "what"], [2, "b"]):
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("fix.csv", lambda path: path.write_text("id,what\n2,b\n")),
        ("fix.tsv", lambda path: path.write_text("id\twhat\n2\tb\n")),
        ("fix.ndjson", lambda path: path.write_text(json.dumps({"id": 2, "what": "b"}))),
        ("fix.parquet", _write_parquet),
        ("fix.xlsx", _write_workbook),
    ],
)
def test_a_correction_file_may_be_written_in_any_of_these_ways(log, tmp_path, name, write):
    log.settle("replace").build("1,a,2026-01-01", "2,,2026-01-01")
    write(tmp_path / name)
    assert log.replay(fix=tmp_path / name).published == 1
    assert log.rows() == [(1, "a"), (2, "b")]


def test_every_run_says_where_its_rows_went(log):
    log.settle("append").build("1,a,2026-01-01", "2,,2026-01-01", "3,,2026-01-01")
    log.replay(assign=("what = 'b'",), where="id = 2")
    log.dismiss(key={"id": "3"})
    ledger = log.context.ledger
    balances = [run_balance(ledger, ended.run_id) for ended in ledger.facts(RunEnded)]
    assert all(balance.adds_up for balance in balances)
    build, replayed, dismissed = balances
    assert [part.as_json() for part in build.sources] == [
        {"name": "log/events raw", "rows": 3, "landed": 3, "rejected": 0, "adds_up": True}
    ]
    assert [part.as_json() for part in build.ports] == [
        {"name": "log/events", "rows": 3, "published": 1, "held": 2, "refused": 0, "adds_up": True}
    ]
    assert (replayed.total.came, dict(replayed.total.went)) == (2, {"published": 1, "held": 1, "refused": 0})
    assert [dict(part.went) for part in (*replayed.quarantine, *dismissed.quarantine)] == [
        {"replayed": 1},
        {"dismissed": 1},
    ]


def test_a_row_that_comes_again_and_is_good_now_leaves_the_quarantine_so_that_no_replay_adds_it_twice(empty_mesh):
    log = Log(empty_mesh).settle("append", columns="id:int what:text seen:time")
    path = empty_mesh.root / "domains/log/events/contracts/events.yaml"
    log.build("1,,2026-01-01", "2,a,2026-01-02")
    path.write_text(path.read_text().replace("required: true", "required: false"))
    for file in (path, path.parent.parent / "product.yaml"):
        file.write_text(file.read_text().replace("version: 1.0.0", "version: 2.0.0"))
    log.build()
    assert [row[0] for row in empty_mesh.rows("log/events")] == [1, 2]
    with pytest.raises(Problem, match="QUARANTINE001"):
        replay(log.context, ReplayRequest(PORT))
    (balance,) = standing_by_port(log.context.ledger)
    assert (balance.adds_up, balance.came, balance.went["superseded"]) == (True, 1, 1)


@pytest.mark.parametrize("settings", ["append", "upsert"])
def test_a_row_that_shared_its_key_and_comes_alone_now_is_published_and_held_no_more(empty_mesh, settings):
    log = Log(empty_mesh).settle(settings)
    log.build("1,a,2026-01-01", "1,b,2026-01-02", "2,c,2026-01-03")
    log.build("1,a,2026-01-01", "3,d,2026-01-04")
    assert [row[:2] for row in empty_mesh.rows("log/events")] == [(1, "a"), (2, "c"), (3, "d")]
    batches = open_batches(log.context.ledger, log.context.storage, PORT)
    assert [batch.rows for batch in batches] == [1]  # the other row of that key, which did not come again
