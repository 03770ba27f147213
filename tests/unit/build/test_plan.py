"""What a plan says, before anything is made."""

from typing import Any

import pytest

from weft.base.problem import Problem, Problems
from weft.build.context import BuildRequest
from weft.build.plan import plan_build
from weft.cli.plan_report import plan_report
from weft.workspace.building import build_context


def reasons(plan: Any) -> dict[str, list[str]]:
    """Reasons by step, of the steps that would be made."""
    return {
        str(step.step): [str(reason) for reason in step.reasons]
        for product in plan.products
        for step in product.steps
        if step.is_made
    }


def test_everything_is_new_at_first(shop) -> None:
    assert reasons(shop.plan()) == {
        "crm/people": ["it was never made"],
        "sales/orders:cleaned": ["it was never made"],
        "sales/orders": ["it was never made"],
        "sales/report": ["it was never made"],
    }
    assert not (shop.root / ".weft/landings").exists()


def test_nothing_is_planned_after_a_build(shop) -> None:
    shop.build()
    plan = shop.plan()
    assert (plan.is_empty, plan_report(plan)) == (True, "Nothing to make: 3 products up to date.")


def test_a_changed_text_is_planned_with_all_that_lies_behind_it(shop) -> None:
    shop.build()
    shop.model("sales/orders", "cleaned", "SELECT id::BIGINT AS id, customer, 1::BIGINT AS total FROM raw")
    assert reasons(shop.plan()) == {
        "sales/orders:cleaned": ["its text changed"],
        "sales/orders": ["model cleaned will be made anew"],
        "sales/report": ["input orders will be made anew"],
    }


def test_a_changed_source_is_planned(shop) -> None:
    shop.build()
    shop.rows_file("data/people.csv", "name", "eve", "kim", "lea")
    assert reasons(shop.plan()) == {"crm/people": ["source raw changed"]}


def test_changed_settings_and_tolerance_are_planned(shop) -> None:
    shop.build()
    shop.making(
        "crm/people",
        "sources: {raw: {kind: csv, path: data/people.csv}}\nmodels: {people: {materialization: upsert}}\n",
    )
    assert reasons(shop.plan()) == {"crm/people": ["its settings in build.yaml changed"]}
    shop.write("weft.yaml", "name: test\nenvironments: {dev: {quarantine_tolerance: 7%}}\ndefault_environment: dev\n")
    planned = reasons(shop.plan())
    assert planned["crm/people"] == [
        "its settings in build.yaml changed",
        "the environment's quarantine tolerance changed",
    ]
    assert planned["sales/orders"] == ["the environment's quarantine tolerance changed"]


def test_a_change_of_a_contract_is_classed(shop) -> None:
    shop.build()
    shop.contract("sales/orders", "id:int! customer:text extra:int")
    (orders,) = (product for product in shop.plan().products if str(product.product) == "sales/orders")
    (step,) = (step for step in orders.steps if step.step.port)
    assert [(change.kind, str(change.change_class), change.column) for change in step.contract_changes] == [
        ("column_removed", "breaking", "total"),
        ("column_added", "non-breaking", "extra"),
    ]
    assert orders.as_json()["steps"][-1]["breaking"] is True
    assert [str(name) for name in orders.downstream] == ["sales/report"]


def test_words_of_a_contract_are_a_refresh_only(shop) -> None:
    shop.build()
    shop.contract("sales/orders", "id:int! customer:text total:int", description="Every order")
    plan = shop.plan()
    assert reasons(plan) == {}
    assert "~ orders: only words of its contract changed, nothing is made" in plan_report(plan)


def test_a_plan_of_one_product_names_who_is_behind_it(shop) -> None:
    shop.build()
    shop.model("sales/orders", "orders", "SELECT * FROM cleaned WHERE total > 10")
    assert plan_report(shop.plan("sales/orders")) == (
        "sales/orders\n"
        "  + orders (replace): its text changed\n"
        "  read by sales/report\n"
        "\n"
        "To make: 1 table of 1 product; 0 products kept.\n"
        "Behind it and not selected: sales/report."
    )


def test_full_is_a_reason(shop) -> None:
    shop.build()
    assert reasons(shop.plan("crm/people", full=True)) == {"crm/people": ["--full"]}


def test_state_modified_selects_products_whose_own_files_changed(shop) -> None:
    shop.build()
    shop.model("sales/orders", "orders", "SELECT * FROM cleaned WHERE total > 10")
    assert [str(product.product) for product in shop.plan("state:modified").products] == ["sales/orders"]
    assert [str(product.product) for product in shop.plan("state:modified+").products] == [
        "sales/orders",
        "sales/report",
    ]


def test_a_freshness_promise_near_its_end_is_noticed_and_over_it_a_reason(shop) -> None:
    from datetime import timedelta

    shop.contract(
        "crm/people",
        "name:text! seen:time",
        more="slaProperties: [{property: freshness, value: 6, unit: h, element: people.seen}]\n",
    )
    shop.model("crm/people", "people", "SELECT name, TIMESTAMP '2026-03-01 11:01:00' AS seen FROM raw")
    assert not shop.build("crm/people").is_failed
    (people,) = shop.plan("crm/people").products
    assert people.steps[0].notice == "its promise of freshness runs out in 5 hours"
    shop.clock.instant += timedelta(hours=5, minutes=30)
    assert reasons(shop.plan("crm/people")) == {"crm/people": ["its promise of freshness ran out 30 minutes ago"]}
    assert shop.build("crm/people").is_failed
    assert shop.build("crm/people").is_failed, "told again until it is mended"


def test_a_model_that_reads_what_nobody_declared_is_told_with_the_nearest_name(shop) -> None:
    shop.model("sales/report", "report", "SELECT customer, total FROM ordres")
    (report,) = shop.plan("sales/report").products
    assert (report.problem.code, report.problem.fix) == ("BUILD002", 'Did you mean "orders"?')


def test_a_port_that_nothing_makes_is_told(shop) -> None:
    shop.product("crm/people", ports="people pepole")
    shop.contract("crm/people/pepole", "name:text!")
    with pytest.raises(Problems) as refused:
        shop.plan("crm/people")
    assert [problem.code for problem in refused.value.problems] == ["SPEC113"]
    (people,) = plan_build(build_context(shop.workspace()), BuildRequest(("crm/people",))).products
    assert (people.problem.code, people.problem.fix) == ("BUILD003", 'Did you mean "people"?')


def test_an_unknown_selection_is_a_problem(shop) -> None:
    with pytest.raises(Problem) as caught:
        shop.plan("sales/ordres")
    assert caught.value.code == "SELECT002"


def test_tables_that_a_contract_refers_to_are_made_first_and_their_changes_count(shop) -> None:
    shop.contract("sales/orders", "id:int! customer:text total:int")
    path = shop.root / "domains/sales/orders/contracts/orders.yaml"
    path.write_text(
        path.read_text().replace(
            "- name: customer\n        logicalType: string",
            "- name: customer\n        logicalType: string\n        relationships: [{to: people.name}]",
        )
    )
    shop.product("sales/orders", inputs="people=crm/people")
    shop.build()
    shop.rows_file("data/people.csv", "name", "ann", "bob", "eve")
    assert reasons(shop.plan()) == {
        "crm/people": ["source raw changed"],
        "sales/orders": ["crm/people, which it refers to, will be made anew"],
        "sales/report": ["input orders will be made anew"],
    }
