"""The olist mesh reproduces figures that were counted before weft existed, on real data, to the cent."""

from decimal import Decimal

import pytest

from weft.ledger.facts import Published


@pytest.fixture(scope="module")
def olist(copy_of, shared_data):
    folder = shared_data / "order_to_cash" / "olist"
    if not folder.is_dir():
        pytest.skip("WEFT_TEST_DATA holds no order_to_cash/olist: this test needs the real data set")
    mesh = copy_of("olist", OLIST_DATA=str(folder))
    mesh.build()
    return mesh


def test_the_mesh_has_no_mistake(olist):
    done = olist.weft("check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tests_of_its_models_pass(olist):
    done = olist.weft("test")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_port_is_published_with_its_known_rows(olist):
    assert olist.rows_published() == {
        "sales/customers": 6_887,
        "sales/orders": 6_887,
        "sales/order_items": 7_880,
        "marketplace/products": 32_945,
        "marketplace/sellers": 3_074,
        "finance/payments": 7_208,
        "care/reviews": 6_859,
        "insight/order_lines": 7_790,
        "insight/order_lines/balances": 6_887,
        "insight/seller_performance": 1_408,
    }


def test_items_and_freight_add_up_to_the_cent(olist):
    assert olist.ask("SELECT count(*), sum(price + freight) FROM sales.order_items") == [(7_880, Decimal("1094412.73"))]


def test_payments_add_up_to_the_cent(olist):
    assert olist.ask("SELECT count(*), sum(payment_value) FROM finance.payments") == [(7_208, Decimal("1098002.10"))]


def test_orders_without_items_are_known(olist):
    assert olist.ask("SELECT count(*) FROM insight.order_lines.balances WHERE lines = 0") == [(46,)]


def test_late_deliveries_are_known_from_the_orders_and_from_the_lines(olist):
    assert olist.ask("SELECT count(*) FROM sales.orders WHERE delivered_at > promised_at") == [(556,)]
    assert olist.ask("SELECT count(DISTINCT order_id) FROM insight.order_lines WHERE is_late") == [(556,)]


def test_orders_off_by_more_than_a_cent_as_they_were_counted_and_as_they_are(olist):
    as_floats, as_decimals, each_item_once = olist.ask(
        """
        SELECT
            count(*) FILTER (WHERE abs(value_exported::DOUBLE - paid::DOUBLE) > 0.01),
            count(*) FILTER (WHERE abs(value_exported - paid) > 0.01),
            count(*) FILTER (WHERE abs(paid_too_much) > 0.01)
        FROM insight.order_lines.balances
        WHERE lines > 0
        """
    )[0]
    assert (as_floats, as_decimals, each_item_once) == (111, 105, 26)


def test_items_that_were_exported_twice_count_once_in_the_order_lines(olist):
    assert olist.ask("SELECT count(*) FROM sales.order_items WHERE copy_number > 1") == [(90,)]
    assert olist.ask("SELECT sum(value) FROM insight.order_lines") == [(Decimal("1085334.73"),)]
    assert olist.ask("SELECT sum(value), sum(items) FROM insight.seller_performance") == [
        (Decimal("1085334.73"), 7_790)
    ]


def test_what_breaks_a_contract_is_held_back(olist):
    assert olist.rows_held_back() == {"marketplace/products": 6, "marketplace/sellers": 21, "care/reviews": 7}


def test_rows_that_the_figures_count_only_warn(olist):
    measured = {name.split(": ")[1]: value for name, value in olist.warnings().items()}
    assert measured == {
        "how_it_was_paid_is_known": 1,
        "every_item_is_exported_once": 90,
        "delivered_orders_were_approved": 1,
        "nothing_leaves_before_its_approval": 103,
        "translated_categories": 2,
        "payments_meet_the_items": 26,
        "articles_are_published": 1,
        "sellers_are_published": 7,
    }


def test_a_second_build_does_nothing_and_says_so(olist):
    before = olist.facts(Published)
    said = olist.build()
    assert olist.facts(Published) == before
    assert "up to date" in said.casefold()
