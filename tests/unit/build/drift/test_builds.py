"""What a build remembers of drift, and what a contract lets it refuse."""

import random
from datetime import timedelta

import pytest
from tests.unit.build.conftest import MeshOnDisk

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.drift.publication import publications_of
from weft.ledger.facts import CheckFinding, DriftMeasured, Profiled
from weft.workspace.drift import drift_of
from weft.workspace.roll_back import roll_back

PORT = PortName("sales", "orders", "orders")


@pytest.fixture
def sales(empty_mesh: MeshOnDisk) -> MeshOnDisk:
    mesh = empty_mesh
    mesh.product("sales/orders")
    mesh.contract("sales/orders", "id:int! total:int channel:text email:text")
    path = mesh.root / "domains/sales/orders/contracts/orders.yaml"
    path.write_text(path.read_text().replace("- name: email", "- name: email\n        classification: pii"))
    mesh.making("sales/orders", "sources: {raw: {kind: csv, path: data/orders.csv}}\n")
    mesh.model(
        "sales/orders",
        "orders",
        "SELECT id::BIGINT AS id, total::BIGINT AS total, channel, email FROM raw",
    )
    return mesh


def _day(mesh, seed, *, shift=0, channels="shop web phone", rows=300):
    chance = random.Random(seed)
    mesh.rows_file(
        "data/orders.csv",
        "id,total,channel,email",
        *(
            f"{number},{round(chance.gauss(100 + shift, 20))},{chance.choice(channels.split())},secret{number}@x.org"
            for number in range(rows)
        ),
    )
    mesh.clock.instant += timedelta(days=1)
    result = mesh.build()
    return result.products[0].steps[-1]


def _rule(mesh, implementation, more=""):
    path = mesh.root / "domains/sales/orders/contracts/orders.yaml"
    path.write_text(
        path.read_text() + f"    quality:\n      - {{name: calm, type: custom, engine: weft{more},\n"
        f"         implementation: {{{implementation}}}}}\n"
    )


def test_drift_is_told_and_blocks_nothing(sales):
    steps = [_day(sales, seed) for seed in range(3)]
    steps.append(_day(sales, 3, shift=40, channels="shop web app"))
    assert [step.status for step in steps] == ["made"] * 4
    assert [step.drifted for step in steps[:3]] == [()] * 3
    assert {"total.psi", "channel.unseen_categories", "channel.gone_categories"} <= set(steps[3].drifted)
    ledger = sales.workspace().ledger
    facts = ledger.facts(DriftMeasured)
    assert [fact.drifted for fact in facts] == [0, 0, len(steps[3].drifted)]
    assert not [step for product in sales.build().products for step in product.steps]
    assert len(ledger.facts(DriftMeasured)) == 3


def test_nothing_personal_is_in_the_ledger(sales):
    for seed in range(2):
        _day(sales, seed)
    kept = [fact.columns for fact in sales.workspace().ledger.facts(Profiled)]
    assert "secret" not in str(kept)
    assert "distribution" in kept[1]["channel"]
    assert set(kept[1]["email"]) == {"type", "distinct", "is_personal", "null_share"}


@pytest.mark.parametrize(
    ("implementation", "more", "status", "finding"),
    [
        ("drift: psi, column: total, mustBeLessThan: 0.25", "", "refused", "failed"),
        ("drift: psi, column: total", "", "refused", "failed"),
        ("drift: psi, column: total, mustBeLessThan: 0.25", ", severity: warning", "made", "warned"),
        ("drift: psi, column: total, mustBeLessThan: 0.25, severity: warning", "", "made", "warned"),
        ("drift: psi, column: total, mustBeLessThan: 99", "", "made", "passed"),
        ("drift: volume, mustBeLessOrEqualTo: 0.5", "", "made", "passed"),
        ("drift: psi, column: email, mustBeLessThan: 0.25", "", "made", "not_applicable"),
        ("drift: surprise, column: total", "", "made", "not_run"),
    ],
)
def test_a_contract_may_let_drift_refuse(sales, implementation, more, status, finding):
    _rule(sales, implementation, more)
    for seed in range(3):
        assert _day(sales, seed).status == "made"
    before = sales.rows("sales/orders/orders")
    step = _day(sales, 3, shift=40)
    said = next(one for one in step.findings if one.rule == "calm")
    assert (step.status, said.status, bool(step.problems)) == (status, finding, status == "refused")
    assert (sales.rows("sales/orders/orders") == before) == (status == "refused")
    if status == "refused":
        assert "calm is" in step.problems[0].found
        assert not list((sales.workspace().storage / "quarantine").rglob("*.parquet"))
        assert _day(sales, 4).status == "made"  # the next that is as before is published


def test_the_first_publication_is_never_refused_for_drift_and_its_rule_does_not_count_as_passed(sales):
    _rule(sales, "drift: psi, column: total, mustBeLessThan: 0.01")
    step = _day(sales, 1)
    said = next(one for one in step.findings if one.rule == "calm")
    assert (step.status, said.status, said.message) == (
        "made",
        "not_applicable",
        "There is no earlier publication to compare with.",
    )
    assert [fact.status for fact in sales.workspace().ledger.facts(CheckFinding, rule="calm")] == ["not_applicable"]


def test_after_a_roll_back_it_is_compared_with_what_readers_see(sales):
    for seed in range(3):
        _day(sales, seed)
    workspace = sales.workspace()
    good = workspace.lake.snapshot(PORT).snapshot_id
    assert "total.psi" in _day(sales, 4, shift=60).drifted
    roll_back(sales.workspace(), PORT, good)
    assert [one.snapshot_id for one in publications_of(sales.workspace().ledger, PORT)][-1] == good
    assert _day(sales, 5).drifted == ()
    line = publications_of(sales.workspace().ledger, PORT)
    assert len(line) == 4  # the one that was rolled back is not among them


def test_drift_of_a_port_and_of_a_column_are_shown(sales):
    for seed in range(3):
        _day(sales, seed)
    _day(sales, 3, shift=40, channels="shop web app")
    (found,) = drift_of(sales.workspace(), "sales/orders", column="channel")
    assert (found.profiled, len(found.publications), found.is_drifted) == (4, 3, True)
    assert [one.label for one in found.picture.bins] == ["phone", "shop", "web", "app (new)"]
    assert sum(one.now for one in found.picture.bins) == pytest.approx(1)
    for subject, column, code in (
        ("sales/orders", "email", "DRIFT001"),
        ("sales/orders", "totl", "DRIFT001"),
        ("sales/ordres", None, "SHOW001"),
    ):
        with pytest.raises(Problem) as raised:
            drift_of(sales.workspace(), subject, column=column)
        assert raised.value.code == code
