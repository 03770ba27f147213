"""The order-to-cash mesh: what is held back is what the simulator planted, and no payment is matched wrongly."""

import contextlib
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from weft.ledger.facts import Published


def simulate(folder: Path, *arguments: str) -> None:
    subprocess.run([sys.executable, "-B", "simulate", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def mesh(copy_of) -> Iterator:
    """A mesh of 1,000 orders whose invoicing system answers; shared by the tests that only look."""
    with answering(copy_of) as copy:
        yield copy


@contextlib.contextmanager
def answering(copy_of) -> Iterator:
    copy = copy_of("order-to-cash", INVOICING_TOKEN="t")
    simulate(copy.folder, "--scale", "1", "--seed", "7", "--out", "data")
    command = [sys.executable, "-B", "simulate", "serve", "--data", "data", "--port", "0", "--token", "t"]
    with subprocess.Popen(command, cwd=copy.folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            copy.environ = {**copy.environ, "INVOICING_URL": server.stdout.readline().strip()}
            yield copy
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def built(mesh):
    mesh.build()
    return mesh


@pytest.fixture(scope="module")
def truth(mesh):
    return json.loads((mesh.folder / "data" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def true_invoice(mesh):
    """Payment -> the row of the truth."""
    with (mesh.folder / "data" / "truth" / "payments.csv").open(newline="", encoding="utf-8") as file:
        return {row["event_id"]: row for row in csv.DictReader(file)}


def test_the_mesh_has_no_mistake(built):
    done = built.weft("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_of_its_models_pass(built):
    done = built.weft("test")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_rows_held_back_are_exactly_the_planted_ones(built, truth):
    assert built.rows_held_back() == truth["held_back"]


def test_the_lines_that_cannot_be_read_are_exactly_the_planted_ones(built, truth):
    assert built.lines_rejected() == truth["rejected_lines"]


def test_every_row_of_a_system_is_published_or_accounted_for(built, truth):
    rows, held, published = truth["rows"], truth["held_back"], built.rows_published()
    late = sum(file["rows"] for file in truth["late_files"])
    shipments = rows["northern shipments"] + rows["southern shipments"] - late - sum(truth["rejected_lines"].values())
    assert {port: published[port] + held.get(port, 0) for port in published if not _is_computed(port)} == {
        "orders/customers": rows["customers"],
        "orders/orders": rows["orders"],
        "orders/orders/lines": rows["order_lines"],
        "credit/decisions": rows["credit decisions"],
        "fulfilment/shipments": shipments,
        "invoicing/invoices": rows["invoices"],
        "receivables/accounts": rows["accounts"],
        "receivables/accounts/open_items": rows["open items"],
        "payments/payments": rows["payments"],
    }


def test_no_payment_is_matched_to_a_wrong_invoice(built, true_invoice):
    matches = built.ask("SELECT event_id, invoice_no FROM receivables.cash_application.matches")
    assert len(matches) > 700
    assert [event for event, invoice in matches if true_invoice[event]["invoice_no"] != invoice] == []


def test_every_payment_whose_reference_can_be_read_is_matched(built, true_invoice):
    published = {row[0] for row in built.ask("SELECT invoice_no FROM invoicing.invoices")}
    payments = [row[0] for row in built.ask("SELECT event_id FROM payments.payments")]
    matched = {row[0] for row in built.ask("SELECT event_id FROM receivables.cash_application.matches")}
    readable = {"clean", "spaced", "misread"}
    missed = [
        event
        for event in payments
        if true_invoice[event]["reference_is"] in readable
        and true_invoice[event]["invoice_no"] in published
        and event not in matched
    ]
    assert missed == []


def test_a_payment_is_matched_or_unmatched_and_never_both(built):
    assert built.ask(
        """
        SELECT
            (SELECT count(*) FROM receivables.cash_application.matches)
            + (SELECT count(*) FROM receivables.cash_application.unmatched)
            - (SELECT count(*) FROM payments.payments)
        """
    ) == [(0,)]


def test_the_flow_has_one_row_an_order_and_knows_how_far_each_came(built):
    flow = dict(built.ask("SELECT stage, count(*) FROM controlling.order_to_cash GROUP BY stage"))
    assert sum(flow.values()) == built.rows_published()["orders/orders"]
    assert flow["paid"] > 700
    assert flow["shipped"] > 0  # delivered and never billed: what the view is there to find


def test_money_is_the_same_on_both_ends_of_the_flow(built):
    assert built.ask(
        """
        SELECT
            (SELECT sum(paid) FROM controlling.order_to_cash)
            = (SELECT sum(m.amount) FROM receivables.cash_application.matches AS m
               JOIN orders.orders.orders AS o ON o.order_no = m.order_no)
        """
    ) == [(True,)]


def test_days_sales_outstanding_lie_within_the_period(built):
    rows = built.ask(
        "SELECT min(days_sales_outstanding) >= 0, max(days_sales_outstanding) <= 90, count(*) > 100 "
        "FROM controlling.days_sales_outstanding"
    )
    assert rows == [(True, True, True)]


def test_a_second_build_does_nothing_and_late_files_bring_their_rows(copy_of):
    with answering(copy_of) as mesh:
        mesh.build()
        truth = json.loads((mesh.folder / "data" / "truth.json").read_text(encoding="utf-8"))
        check_late_files(mesh, truth)


def check_late_files(built, truth):
    before = built.facts(Published)
    assert "0 built, 10 unchanged" in built.build()
    assert built.facts(Published) == before

    shipments = built.rows_published()["fulfilment/shipments"]
    simulate(built.folder, "deliver", "--out", "data")
    built.build()
    late = sum(file["rows"] for file in truth["late_files"])
    assert built.rows_published()["fulfilment/shipments"] == shipments + late
    made_again = {fact.port for fact in built.facts(Published)[len(before) :]}
    assert made_again == {"fulfilment/shipments", "controlling/order_to_cash"}


def _is_computed(port: str) -> bool:
    return port.startswith(("controlling/", "receivables/cash_application"))
