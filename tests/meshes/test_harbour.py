"""The harbour mesh builds on any machine, and holds back what its README says."""

import shutil
from dataclasses import replace

import pytest

from weft.ledger.facts import Published


@pytest.fixture(scope="module")
def harbour(copy_of):
    mesh = copy_of("harbour")
    mesh.build()
    return mesh


@pytest.fixture
def changed(harbour, tmp_path):
    """A mesh of its own that a test may change: what was built is not copied, for tables know where they lie."""
    folder = shutil.copytree(harbour.folder, tmp_path / "harbour", ignore=shutil.ignore_patterns(".weft"))
    mesh = replace(harbour, folder=folder)
    mesh.build()
    return mesh


def test_the_mesh_has_no_mistake(harbour):
    done = harbour.weft("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_of_its_models_pass(harbour):
    done = harbour.weft("test")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_port_is_published(harbour):
    assert harbour.rows_published() == {
        "operations/calls": 362,
        "operations/calls/berths": 10,
        "operations/calls/ships": 37,
        "billing/fees": 1251,
        "planning/visits": 362,
        "planning/visits/by_month": 12,
    }


def test_what_is_held_back_is_what_the_readme_lists(harbour):
    # Six calls; of the fees five of their own and those of the five calls that nobody can see yet.
    assert harbour.rows_held_back() == {
        "operations/calls": 6,
        "billing/fees": 26,
    }


def test_each_planted_mistake_breaks_the_promise_that_the_readme_names(harbour):
    assert harbour.rules_broken("operations/calls") == {
        "ship_imo.pattern": 1,
        "ship_name.required": 1,
        "cargo.enum": 1,
        "gross_tonnage.minimum": 1,
        "primaryKey": 1,
        "berth.relationship": 1,
    }
    assert harbour.rules_broken("billing/fees") == {
        "call_id.relationship": 22,
        "kind.enum": 1,
        "amount.exclusiveMinimum": 1,
        "currency.pattern": 1,
        "issued_on.required": 1,
    }


def test_a_wrong_check_digit_warns_and_the_ship_is_published(harbour):
    assert [name for name in harbour.warnings() if "check_digits" in name] == [
        "operations/calls/ships: check_digits_are_right"
    ]
    ships = harbour.ask("SELECT ship_name FROM operations.calls.ships WHERE NOT is_imo_valid")
    assert ships == [("Harrier",)]


def test_income_by_quay_adds_up(harbour):
    total = harbour.ask("SELECT sum(fees_total) FROM planning.visits")
    assert total == harbour.ask("SELECT sum(amount) FROM billing.fees")
    assert total == harbour.ask("SELECT sum(fees_total) FROM planning.visits.by_month")


def test_a_second_build_does_nothing(harbour):
    before = harbour.facts(Published)
    said = harbour.build()
    assert harbour.facts(Published) == before
    assert "up to date" in said.casefold()


def test_a_repaired_line_brings_the_call_and_its_fees_back(changed):
    # C00141 carried "contianers".
    path = changed.folder / "data" / "calls-2026-05.csv"
    path.write_text(path.read_text().replace("contianers", "containers"))
    changed.build()
    held = changed.rows_held_back()
    assert held["operations/calls"] == 5
    assert changed.ask("SELECT count(*) FROM operations.calls WHERE call_id = 'C00141'") == [(1,)]
    assert changed.ask("SELECT count(*) FROM billing.fees WHERE call_id = 'C00141'")[0][0] > 0
