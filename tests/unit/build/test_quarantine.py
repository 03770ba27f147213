"""Held-back rows stay until they are published or made again, are corrected, and are never counted twice."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.context import BuildContext
from weft.build.quarantine.batch_changes import By
from weft.build.quarantine.batches import REFUSED, forget_closed, open_batches, quarantine_folder
from weft.build.quarantine.corrections import apply_corrections
from weft.build.quarantine.held_rows import HeldRows, Look, held_rows
from weft.build.quarantine.hold_back import hold
from weft.build.quarantine.replay import replay
from weft.build.quarantine.replay_request import Replayed, ReplayRequest
from weft.build.quarantine.visible_columns import Reader
from weft.ledger.facts import Published, Quarantined, ReadServed, RunEnded
from weft.spec.column_type import columns_of
from weft.workspace.building import build_context

PORT = PortName("sales", "orders", "orders")
CONTRACT = """
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, physicalType: INTEGER, primaryKey: true, required: true}
      - {name: total, logicalType: integer, physicalType: INTEGER, logicalTypeOptions: {minimum: 0}}
      - {name: email, logicalType: string, tags: [pii]}
customProperties: [{property: quarantineTolerance, value: 90%}]
"""
FIRST = "SELECT * FROM (VALUES (1, 10, 'a@x'), (2, -2, 'b@x'), (3, -3, NULL), (4, 40, 'd@x')) t(id, total, email)"


@dataclass
class Shop:
    """One port, built by hand: audit, publication, quarantine, in the order of a build."""

    mesh: object
    builds: int = 0

    @property
    def context(self) -> BuildContext:
        return build_context(self.mesh.workspace())  # type: ignore[attr-defined]

    def build(self, rows: str, *, remade: bool = True) -> Audit:
        context = self.context
        self.builds += 1
        run = f"run{self.builds}"
        port = context.mesh.output_port(PORT)
        assert port is not None and port.table is not None and port.contract is not None  # noqa: PT018
        folder = quarantine_folder(context.storage, PORT)
        head = context.lake.snapshot(PORT)
        with context.new_engine() as engine:
            engine.add_view("made", rows)
            if not remade:
                engine.add_files("published", context.lake.files(PORT))
            fields = context.lake.fields_for(PORT, columns_of(port.table.columns))
            checked = audit(
                engine,
                apply_corrections(engine, "made", port.table, folder),
                port.table,
                port.contract,
                port=PORT,
                references={},
                now=context.clock.now(),
                tolerance="5%",
                write=AuditTargets(
                    fields, context.lake.data_folder(PORT) / f"{run}.parquet", folder / f"{run}.parquet", run
                ),
                published=None if remade else "published",
            )
            facts = hold(
                engine,
                context.ledger,
                context.storage,
                PORT,
                checked,
                port.table,
                by=By(run, context.clock.now(), "ada"),
                remade=remade,
            )
        if not checked.refused:
            context.lake.publish(
                PORT,
                fields,
                checked.good,
                mode="replace" if remade else "append",
                parent=head.snapshot_id if head else None,
                properties={},
            )
        context.ledger.record(*facts)
        forget_closed(context.ledger, context.storage, PORT)
        return checked

    def held(self) -> list[tuple[int | None, list[str]]]:
        found = self.look()
        return sorted((row[1], row[0]) for row in found.rows)

    def look(self, **how: object) -> HeldRows:
        context = self.context
        look = Look(PORT, **how)  # type: ignore[arg-type]
        reader = Reader("bob", "repair")
        return held_rows(context.mesh, context.ledger, context.storage, context.new_engine, context.clock, look, reader)

    def published(self) -> list[tuple[object, ...]]:
        return self.mesh.rows("sales/orders")  # type: ignore[attr-defined, no-any-return]

    def replay(self, **how: object) -> Replayed:
        return replay(self.context, ReplayRequest(PORT, **how))  # type: ignore[arg-type]

    def files(self) -> list[str]:
        folder = quarantine_folder(self.context.storage, PORT)
        return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.parquet"))

    def contract(self, text: str) -> None:
        self.mesh.write("domains/sales/orders/contracts/orders.yaml", text)  # type: ignore[attr-defined]


@pytest.fixture
def shop(empty_mesh) -> Shop:
    empty_mesh.product("sales/orders")
    made = Shop(empty_mesh)
    made.contract(CONTRACT)
    return made


def test_a_build_that_makes_all_rows_again_overtakes_the_earlier_batch(shop):
    shop.build(FIRST)
    assert shop.held() == [(2, ["total.minimum"]), (3, ["total.minimum"])]
    shop.build(FIRST.replace("-2", "2"))
    assert shop.held() == [(3, ["total.minimum"])]
    assert [(b.batch, b.rows, b.rules) for b in open_batches(shop.context.ledger, shop.context.storage)] == [
        ("run2", 1, {"total.minimum": 1})
    ]
    assert shop.files() == ["run2.parquet"]
    shop.build(FIRST.replace("-", ""))
    assert (shop.held(), shop.files()) == ([], [])


def test_a_build_that_adds_rows_leaves_those_that_are_held_unless_they_came_again(shop):
    shop.build(FIRST)
    shop.build("SELECT 5 AS id, -5 AS total, 'e@x' AS email", remade=False)
    assert shop.held() == [(2, ["total.minimum"]), (3, ["total.minimum"]), (5, ["total.minimum"])]
    again = "SELECT * FROM (VALUES (2, 20, 'b@x'), (5, -5, 'e@x')) t(id, total, email)"
    shop.build(again, remade=False)
    assert shop.held() == [(3, ["total.minimum"]), (5, ["total.minimum"])]
    assert [row[0] for row in shop.published()] == [1, 2, 4]


def test_a_refused_build_leaves_what_was_held_and_shows_what_broke(shop):
    shop.build(FIRST)
    shop.contract(CONTRACT.replace("90%", "0"))
    assert shop.build("SELECT 9 AS id, -9 AS total, NULL::VARCHAR AS email").refused
    batches = open_batches(shop.context.ledger, shop.context.storage, PORT, states=(REFUSED,))
    assert [(b.batch, b.rows) for b in batches] == [("run2", 1)]
    assert [row[0] for row in shop.published()] == [1, 4]
    shop.contract(CONTRACT)
    shop.build(FIRST)
    assert shop.files() == ["run3.parquet"]


def test_personal_values_are_masked_and_missing_ones_shown_as_missing(shop):
    shop.build(FIRST)
    found = shop.look(rule="total.minimum", limit=5)
    assert found.columns == ("_broken_rules", "id", "total", "email")
    assert found.rows == ((["total.minimum"], 2, -2, "•••"), (["total.minimum"], 3, -3, None))
    with pytest.raises(Problem, match="QUARANTINE009"):
        shop.look(rule="total.maximum")
    reads = [
        (r.actor, r.purpose, r.decision, r.rows, r.ports[str(PORT)]) for r in shop.context.ledger.facts(ReadServed)
    ]
    there = {"snapshot": None, "quarantine": ["run1"], "columns": ["id", "total"], "masked": ["email"]}
    nothing = {"snapshot": None, "quarantine": [], "columns": [], "masked": []}
    assert reads == [("bob", "repair", "allowed", 2, there), ("bob", "repair", "QUARANTINE009", 0, nothing)]


def fix(tmp_path: Path, text: str, name: str = "fix.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_corrected_rows_are_published_and_the_others_stay_as_they_were(shop, tmp_path):
    shop.build(FIRST)
    found = shop.replay(fix=fix(tmp_path, "id,total\n2,22\n3,-33\n8,1\n"))
    assert (found.rows, found.corrected, found.published, found.still_held, found.unmatched) == (2, 2, 1, 1, 1)
    assert shop.published() == [(1, 10, "a@x"), (2, 22, "b@x"), (4, 40, "d@x")]
    assert shop.held() == [(3, ["total.minimum"])]
    assert shop.look().rows[0][2] == -3  # not the value that was no better


def test_a_row_is_in_one_place_and_counted_once_after_a_replay(shop, tmp_path):
    made = shop.build(FIRST)
    shop.replay(fix=fix(tmp_path, "id,total\n2,22\n"))
    context = shop.context
    held = sum(batch.rows for batch in open_batches(context.ledger, context.storage, PORT))
    assert len(shop.published()) + held == made.rows_in
    ended = context.ledger.latest(RunEnded)
    assert (ended.rows_in, ended.rows_published, ended.rows_quarantined) == (2, 1, 1)
    published = context.ledger.latest(Published, port=str(PORT))
    assert (published.rows, published.quarantined, published.mode) == (3, 1, "append")
    states = [(fact.batch, fact.state, fact.rows, fact.moved) for fact in context.ledger.facts(Quarantined)]
    assert states == [("run1", "recorded", 2, {"held": 2}), ("run1", "recorded", 1, {"replayed": 1})]
    assert shop.replay(fix=fix(tmp_path, "id,total\n3,33\n")).still_held == 0
    with pytest.raises(Problem, match="QUARANTINE001"):
        shop.replay()


def test_a_correction_is_made_again_by_the_next_build_and_not_once_the_source_changed(shop, tmp_path):
    shop.build(FIRST)
    shop.replay(fix=fix(tmp_path, "id,total\n2,22\n3,33\n"))
    shop.build(FIRST)
    assert [row[:2] for row in shop.published()] == [(1, 10), (2, 22), (3, 33), (4, 40)]
    shop.build(FIRST.replace("-2", "-7").replace("-3", "5"))
    assert [row[:2] for row in shop.published()] == [(1, 10), (3, 5), (4, 40)]
    assert shop.held() == [(2, ["total.minimum"])]


def test_a_correction_fits_the_row_however_its_types_were_made(shop, tmp_path):
    texts = FIRST.replace("SELECT *", "SELECT id::VARCHAR AS id, total::VARCHAR AS total, email")
    shop.build(texts)
    shop.replay(fix=fix(tmp_path, "id,total\n2,22\n3,33\n"))
    assert not shop.build(FIRST).rows_quarantined
    assert not shop.build(texts).rows_quarantined


def test_a_changed_contract_lets_rows_go_as_they_are(shop):
    shop.build(FIRST)
    shop.contract(CONTRACT.replace("minimum: 0", "minimum: -2"))
    found = shop.replay()
    assert (found.published, found.still_held, found.corrected) == (1, 1, 0)
    assert [row[0] for row in shop.published()] == [1, 2, 4]
    assert [path for path in shop.files() if path.startswith("corrections")] == []


def test_a_query_corrects_rows_even_by_their_key(shop):
    shop.build("SELECT * FROM (VALUES (1, 10, 'a@x'), (1, 20, 'b@x'), (4, 40, 'd@x')) t(id, total, email)")
    assert shop.held() == [(1, ["primaryKey"]), (1, ["primaryKey"])]
    found = shop.replay(sql="SELECT * REPLACE (CASE WHEN total = 20 THEN 2 ELSE id END AS id) FROM quarantined")
    assert (found.published, found.still_held) == (2, 0)
    assert [row[:2] for row in shop.published()] == [(1, 10), (2, 20), (4, 40)]


def test_a_key_that_is_published_keeps_a_row_where_it_is(shop):
    shop.build(FIRST)
    found = shop.replay(assign=("id = 4", "total = 1"), where="id = 2")
    assert (found.published, found.still_held) == (0, 2)
    assert [row[:2] for row in shop.published()] == [(1, 10), (4, 40)]
    assert shop.held() == [(2, ["total.minimum"]), (3, ["total.minimum"])]


def test_a_dry_run_changes_nothing(shop, tmp_path):
    shop.build(FIRST)
    before = (shop.published(), shop.held(), shop.files())
    found = shop.replay(fix=fix(tmp_path, "id,total\n2,22\n"), dry_run=True)
    assert (found.published, found.still_held, found.snapshot_id) == (1, 1, None)
    assert (shop.published(), shop.held(), shop.files()) == before


def test_a_replay_that_would_break_the_whole_table_is_refused(shop, tmp_path):
    shop.build(FIRST)
    quality = "    quality: [{name: few, metric: rowCount, mustBeLessThan: 3}]\ncustomProperties"
    shop.contract(CONTRACT.replace("customProperties", quality))
    with pytest.raises(Problem, match="QUARANTINE008"):
        shop.replay(fix=fix(tmp_path, "id,total\n2,22\n"))
    assert [row[0] for row in shop.published()] == [1, 4]
    assert len(shop.held()) == 2


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"fix": "id\n2\n"}, "QUARANTINE005"),
        ({"fix": "total\n2\n"}, "QUARANTINE005"),
        ({"fix": "id,totl\n2,2\n"}, "QUARANTINE005"),
        ({"fix": "id,total\n2,2\n2,3\n"}, "QUARANTINE006"),
        ({"sql": "SELECT _row, id, total FROM quarantined"}, "QUARANTINE007"),
        ({"sql": "SELECT id + 10 AS id, total, email FROM quarantined"}, "QUARANTINE007"),
        ({"sql": "SELECT * FROM quarantined WHERE id = 2"}, "QUARANTINE010"),
        ({"sql": "SELECT * REPLACE (content AS email) FROM quarantined, read_text('weft.yaml')"}, "ENGINE"),
        ({"assign": ("totl = 1",)}, "QUARANTINE005"),
        ({"assign": ("total",)}, "QUARANTINE007"),
        ({"fix": "id,total\n2,2\n", "name": "fix.docx"}, "QUARANTINE005"),
        ({"sql": "SELECT * FROM quarantined UNION ALL FROM quarantined"}, "QUARANTINE007"),
        ({"sql": "SELECT * REPLACE (99 AS _row) FROM quarantined"}, "QUARANTINE007"),
        ({"sql": "SELECT nothing FROM quarantined"}, "ENGINE001"),
    ],
)
def test_a_correction_that_cannot_be_applied_is_a_problem_and_changes_nothing(shop, tmp_path, how, code):
    shop.build(FIRST)
    if "fix" in how:
        how = {"fix": fix(tmp_path, how["fix"], how.get("name", "fix.csv"))}
    with pytest.raises(Problem, match=code):
        shop.replay(**how)
    assert len(shop.held()) == 2


def test_a_missing_file_and_a_contract_without_a_key_are_told(shop, tmp_path):
    shop.build(FIRST)
    with pytest.raises(Problem, match="QUARANTINE003"):
        shop.replay(fix=tmp_path / "nowhere.csv")
    shop.contract(CONTRACT.replace("primaryKey: true, ", ""))
    with pytest.raises(Problem, match="QUARANTINE004"):
        shop.replay(fix=fix(tmp_path, "id,total\n2,2\n"))


def test_what_was_never_published_has_nothing_to_replay(shop):
    with pytest.raises(Problem, match="QUARANTINE001"):
        shop.replay()
    with pytest.raises(Problem, match="QUARANTINE002"):
        replay(shop.context, replace(ReplayRequest(PORT), port=PortName("sales", "orders", "lines")))


def test_a_replay_that_somebody_overtakes_leaves_no_trace(shop, tmp_path, monkeypatch):
    shop.build(FIRST)
    before = (shop.published(), shop.held(), shop.files())
    context = shop.context
    publish = context.lake.publish
    monkeypatch.setattr(context.lake, "publish", lambda *given, **options: publish(*given, **{**options, "parent": 1}))
    with pytest.raises(Problem, match="LAKE002"):
        replay(context, ReplayRequest(PORT, fix=fix(tmp_path, "id,total\n2,22\n")))
    assert (shop.published(), shop.held(), shop.files()) == before
