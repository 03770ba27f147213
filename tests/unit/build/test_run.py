"""Builds of a small mesh, on real DuckDB, a real Iceberg catalogue and a real ledger."""

from typing import Any

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem, Problems
from weft.ledger.facts import (
    CheckFinding,
    ContractPublished,
    Landed,
    Published,
    Quarantined,
    RunEnded,
    RunStarted,
    StepEnded,
)


def statuses(result: Any) -> dict[str, str]:
    return {f"{product.product}:{step.step}": step.status for product in result.products for step in product.steps}


def products(result: Any) -> dict[str, str]:
    return {str(product.product): product.status for product in result.products}


def test_a_first_build_makes_and_publishes_everything(shop) -> None:
    result = shop.build()
    assert (result.status, products(result)) == (
        "done",
        {"crm/people": "built", "sales/orders": "built", "sales/report": "built"},
    )
    assert shop.rows("sales/orders") == [(1, "ann", 10), (2, "bob", 20), (3, "ann", 30)]
    assert shop.rows("sales/report") == [("ann", 40), ("bob", 20)]
    assert shop.rows("crm/people") == [("ann",), ("bob",)]


def test_a_second_build_does_nothing_and_says_so(shop) -> None:
    shop.build()
    before = shop.workspace().ledger.count(RunStarted)
    result = shop.build()
    assert (result.status, result.note) == ("nothing", "Nothing to do: 3 products are up to date.")
    assert shop.workspace().ledger.count(RunStarted) == before


def test_a_changed_source_remakes_what_lies_behind_it_and_nothing_else(shop) -> None:
    shop.build()
    shop.rows_file("data/orders.csv", "id,customer,total", "1,ann,11")
    result = shop.build()
    assert statuses(result) == {
        "crm/people:people": "unchanged",
        "sales/orders:cleaned": "made",
        "sales/orders:orders": "made",
        "sales/report:report": "made",
    }
    assert shop.rows("sales/report") == [("ann", 11)]


def test_comments_and_layout_of_a_model_are_no_change(shop) -> None:
    shop.build()
    shop.model("sales/orders", "orders", "-- only good ones\nselect *\nfrom cleaned\nwhere total >= 0")
    assert shop.build().status == "nothing"


def test_a_changed_model_remakes_from_there_on(shop) -> None:
    shop.build()
    shop.model("sales/orders", "orders", "SELECT * FROM cleaned WHERE total > 10")
    result = shop.build()
    assert statuses(result)["sales/orders:cleaned"] == "unchanged"
    assert shop.rows("sales/report") == [("ann", 30), ("bob", 20)]


def test_the_words_of_a_contract_are_remembered_without_making_anything(shop) -> None:
    shop.build()
    shop.contract("sales/orders", "id:int! customer:text total:int", description="Every order")
    snapshot = shop.workspace().lake.heads()[PortName.parse("sales/orders")]
    result = shop.build()
    assert statuses(result)["sales/orders:orders"] == "refreshed"
    assert shop.workspace().lake.heads()[PortName.parse("sales/orders")] == snapshot
    latest = shop.workspace().ledger.latest(ContractPublished, port="sales/orders")
    assert latest.document["description"] == {"purpose": "Every order"}
    assert shop.build().status == "nothing"


def test_a_contract_that_promises_more_is_checked_again(shop) -> None:
    shop.build()
    more = "    quality:\n      - {name: enough, type: library, metric: rowCount, mustBeGreaterThan: 2}\n"
    shop.contract("crm/people", "name:text!", more=more)
    result = shop.build("crm/people")
    assert (products(result), result.is_failed) == ({"crm/people": "failed"}, True)
    assert shop.rows("crm/people") == [("ann",), ("bob",)]


def test_rows_that_break_the_contract_are_held_back_and_counted(shop) -> None:
    lines = [f"{number},ann,{number}" for number in range(1, 40)]
    shop.rows_file("data/orders.csv", "id,customer,total", *lines, "39,bob,1")
    shop.contract(
        "sales/orders",
        "id:int! customer:text total:int",
        more="customProperties: [{property: quarantineTolerance, value: '10%'}]\n",
    )
    result = shop.build("sales/orders")
    totals = result.totals
    assert (totals.rows_in, totals.rows_published, totals.rows_quarantined, totals.rows_refused) == (40, 38, 2, 0)
    fact = shop.workspace().ledger.latest(Published, port="sales/orders")
    assert (fact.rows, fact.quarantined, fact.contract_version) == (38, 2, "1.0.0")


def test_a_refused_port_keeps_its_earlier_publication_and_stops_its_readers(shop) -> None:
    shop.build()
    shop.rows_file("data/orders.csv", "id,customer,total", "1,ann,1", "1,bob,2", "2,ann,3")
    result = shop.build()
    assert products(result) == {"crm/people": "unchanged", "sales/orders": "failed", "sales/report": "skipped"}
    assert statuses(result)["sales/report:report"] == "skipped"
    assert result.products[-1].steps[0].skipped_because == "sales/orders was refused"
    assert result.totals.rows_refused == 3
    assert [problem.code for problem in result.problems] == ["BUILD010"]
    assert shop.rows("sales/orders") == [(1, "ann", 10), (2, "bob", 20), (3, "ann", 30)]
    assert shop.build().is_failed, "a refusal is not forgotten"


def test_a_model_that_fails_stops_only_what_lies_behind_it(shop) -> None:
    shop.model("sales/orders", "cleaned", "SELECT id::BIGINT AS id, customer, error('no') AS total FROM raw")
    result = shop.build()
    assert products(result) == {"crm/people": "built", "sales/orders": "failed", "sales/report": "skipped"}
    problem = result.problems[0]
    assert (problem.code[:6], problem.where.path) == ("ENGINE", "domains/sales/orders/models/cleaned.sql")


def test_a_source_that_is_gone_fails_its_product_only(shop) -> None:
    (shop.root / "data/people.csv").unlink()
    result = shop.build()
    assert products(result) == {"crm/people": "failed", "sales/orders": "built", "sales/report": "built"}
    people = next(product for product in result.products if str(product.product) == "crm/people")
    assert people.landings[0].status == "failed"
    assert people.steps[0].skipped_because == "source raw of crm/people failed"


def test_a_port_of_a_broken_product_that_did_well_can_be_read(shop) -> None:
    shop.product("sales/orders", ports="orders returns")
    shop.contract("sales/orders/returns", "id:int!")
    shop.model("sales/orders", "returns", "SELECT error('no')::BIGINT AS id")
    result = shop.build()
    assert products(result)["sales/orders"] == "failed"
    assert products(result)["sales/report"] == "built"


def test_fail_fast_begins_nothing_new(shop) -> None:
    shop.model("crm/people", "people", "SELECT error('no') AS name")
    result = shop.build(fail_fast=True, jobs=1)
    assert products(result) == {"crm/people": "failed", "sales/orders": "skipped", "sales/report": "skipped"}
    assert result.products[1].steps[0].skipped_because == "--fail-fast: crm/people failed"


def test_a_dry_run_checks_everything_and_leaves_no_trace(shop) -> None:
    result = shop.build(dry_run=True)
    assert (result.status, result.run_id, result.totals.rows_published) == ("done", None, 7)
    workspace = shop.workspace()
    assert workspace.lake.heads() == {}
    assert [workspace.ledger.count(kind) for kind in (RunStarted, StepEnded, Landed, Published)] == [0, 0, 0, 0]
    storage = shop.root / ".weft"
    assert [path for path in storage.rglob("*.parquet") if "landings" not in path.parts] == []


def test_a_dry_run_shows_readers_what_was_not_published(shop) -> None:
    shop.build()
    shop.model("sales/orders", "orders", "SELECT * FROM cleaned WHERE total > 10")
    result = shop.build(dry_run=True)
    assert statuses(result)["sales/report:report"] == "made"
    assert shop.rows("sales/report") == [("ann", 40), ("bob", 20)]


def test_a_selection_builds_what_it_names(shop) -> None:
    assert set(products(shop.build("+sales/report"))) == {"sales/orders", "sales/report"}
    assert set(products(shop.build(exclude=("sales/*",)))) == {"crm/people"}


def test_a_product_whose_input_was_never_published_says_what_to_build(shop) -> None:
    result = shop.build("sales/report")
    assert [problem.code for problem in result.problems] == ["BUILD004"]
    assert "weft build +sales/report" in str(result.problems[0])


def test_full_makes_everything_again(shop) -> None:
    shop.build()
    result = shop.build(full=True)
    assert set(statuses(result).values()) == {"made"}
    assert len(shop.workspace().lake.snapshots(PortName.parse("crm/people"))) == 2


def test_resume_goes_on_with_what_the_failed_run_was_asked_to_do(shop) -> None:
    shop.build()
    shop.model("sales/report", "report", "SELECT customer, error('no')::BIGINT AS total FROM orders")
    assert shop.build("domain:sales", full=True).is_failed
    shop.model("sales/report", "report", "SELECT customer, max(total)::BIGINT AS total FROM orders GROUP BY ALL")
    result = shop.build(resume=True)
    assert statuses(result) == {
        "sales/orders:cleaned": "unchanged",
        "sales/orders:orders": "unchanged",
        "sales/report:report": "made",
    }
    assert result.status == "done"
    again = shop.build(resume=True)
    assert (again.status, again.note) == ("nothing", "Nothing to resume: the last build ended well.")


def test_the_ledger_remembers_a_run(shop) -> None:
    result = shop.build()
    ledger = shop.workspace().ledger
    (started,), (ended,) = ledger.facts(RunStarted), ledger.facts(RunEnded)
    assert (started.run_id, started.actor, started.command) == (result.run_id, "ada", "build")
    assert (ended.status, ended.products_built, ended.rows_in, ended.rows_published) == ("done", 3, 7, 7)
    steps = {(step.product, step.step): step.status for step in ledger.facts(StepEnded)}
    assert len(steps) == 4
    assert {fact.port for fact in ledger.facts(Published)} == {"sales/orders", "sales/report", "crm/people"}
    assert {fact.port for fact in ledger.facts(ContractPublished)} == {"sales/orders", "sales/report", "crm/people"}
    assert {(fact.product, fact.rows_landed) for fact in ledger.facts(Landed)} == {
        ("sales/orders", 3),
        ("crm/people", 2),
    }
    rules = {fact.rule: fact.status for fact in ledger.facts(CheckFinding, port="crm/people")}
    assert rules
    assert set(rules.values()) == {"passed"}


def test_every_reader_sees_one_snapshot_and_publications_name_their_inputs(shop) -> None:
    shop.build()
    ledger, lake = shop.workspace().ledger, shop.workspace().lake
    report = ledger.latest(Published, port="sales/report")
    assert report.inputs == {"input orders": str(lake.heads()[PortName.parse("sales/orders")])}


def test_a_breaking_contract_without_a_new_major_version_is_refused(shop) -> None:
    shop.build()
    shop.contract("sales/orders", "id:int! customer:text")
    shop.model("sales/orders", "orders", "SELECT id, customer FROM cleaned")
    result = shop.build("sales/orders")
    assert [problem.code for problem in result.problems] == ["CONTRACT122"]
    assert shop.rows("sales/orders") == [(1, "ann", 10), (2, "bob", 20), (3, "ann", 30)]
    shop.contract("sales/orders", "id:int! customer:text", version="2.0.0")
    assert shop.build("sales/orders").status == "done"
    assert shop.rows("sales/orders") == [(1, "ann"), (2, "bob"), (3, "ann")]


def test_a_registered_table_is_checked_and_published_without_a_model(shop) -> None:
    shop.product("made/elsewhere")
    shop.contract("made/elsewhere", "name:text!")
    shop.making(
        "made/elsewhere",
        "sources: {table: {kind: csv, path: data/people.csv}}\nregistered: {elsewhere: {source: table}}\n",
    )
    shop.build("made/elsewhere")
    assert shop.rows("made/elsewhere") == [("ann",), ("bob",)]


def test_a_view_on_the_way_stores_nothing(shop) -> None:
    shop.making(
        "sales/orders",
        """
        sources: {raw: {kind: csv, path: data/orders.csv}}
        models: {cleaned: {materialization: view}}
        """,
    )
    shop.build()
    assert not (shop.root / ".weft/work").exists()
    assert shop.rows("sales/report") == [("ann", 40), ("bob", 20)]
    shop.model("sales/orders", "orders", "SELECT * FROM cleaned WHERE total > 10")
    shop.build()
    assert shop.rows("sales/report") == [("ann", 30), ("bob", 20)]


def test_a_model_may_have_the_name_of_what_it_reads(shop) -> None:
    shop.making("crm/people", "sources: {people: {kind: csv, path: data/people.csv}}\n")
    shop.model("crm/people", "people", "SELECT upper(name) AS name FROM people")
    shop.build("crm/people")
    assert shop.rows("crm/people") == [("ANN",), ("BOB",)]


def test_files_of_a_step_on_the_way_that_are_gone_are_made_again(shop) -> None:
    shop.build()
    (work,) = (shop.root / ".weft/work").rglob("*.parquet")
    work.unlink()
    assert statuses(shop.build())["sales/orders:cleaned"] == "made"


def test_published_files_that_are_gone_are_made_again(shop) -> None:
    shop.build()
    files = shop.workspace().lake.files(PortName.parse("crm/people"))
    for path in files.paths:
        (shop.root / path.removeprefix("file://")).unlink()
    assert statuses(shop.build())["crm/people:people"] == "made"
    assert shop.rows("crm/people") == [("ann",), ("bob",)]


def test_a_rolled_back_port_stays_so_until_something_changes(shop) -> None:
    shop.build()
    port = PortName.parse("crm/people")
    first = shop.workspace().lake.heads()[port]
    shop.rows_file("data/people.csv", "name", "eve")
    shop.build()
    shop.workspace().lake.rollback(port, first)
    result = shop.build()
    assert result.note == (
        "Nothing to do: 3 products are up to date. Rolled back and kept so until something changes: crm/people."
    )
    assert shop.rows("crm/people") == [("ann",), ("bob",)]


def test_a_mesh_with_broken_files_is_not_built(shop) -> None:
    shop.write("domains/crm/people/build.yaml", "sources: [")
    with pytest.raises(Problems):
        shop.build()


def test_products_in_a_circle_are_not_built(shop) -> None:
    shop.product("crm/people", inputs="report=sales/report")
    shop.product("sales/orders", inputs="people=crm/people")
    with pytest.raises(Problems) as refused:
        shop.build()
    assert [problem.code for problem in refused.value.problems] == ["SPEC112"]
    with pytest.raises(Problem, match="GRAPH001"):
        shop.build_without_rules()


def test_two_builds_at_once_one_is_refused_or_waits(shop) -> None:
    import threading

    shop.model("crm/people", "people", "SELECT name FROM raw, (SELECT count(*) FROM range(60000000)) AS t(n)")
    started, results = threading.Event(), []
    background = threading.Thread(target=lambda: results.append(shop_build(shop, started)))
    background.start()
    started.wait(20)
    with pytest.raises(Problem) as caught:
        shop.build()
    assert caught.value.code == "BUILD001"
    background.join()
    assert results[0].status == "done"


def shop_build(shop: Any, started: Any) -> Any:
    from weft.build.context import BuildRequest
    from weft.workspace.building import build_mesh

    return build_mesh(shop.workspace(), BuildRequest(), lambda event: started.set())


def test_a_bug_ends_the_run_with_its_traceback_and_the_run_is_recorded_as_failed(shop, monkeypatch) -> None:
    monkeypatch.setattr("weft.build.run_product.steps_of", lambda mesh, product: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shop.build()
    assert shop.workspace().ledger.latest(RunEnded).status == "failed"


def test_an_interrupt_is_heard_and_recorded(shop, monkeypatch) -> None:
    import weft.build.run as run_module

    shop.model("crm/people", "people", "SELECT name FROM raw, (SELECT count(*) FROM range(100000000000)) AS t(n)")
    calls = []

    def interrupting(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) > 5:
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    original = run_module.wait
    monkeypatch.setattr(run_module, "wait", interrupting)
    with pytest.raises(KeyboardInterrupt):
        shop.build(jobs=1)
    ended = shop.workspace().ledger.latest(RunEnded)
    assert (ended.status, ended.products_built) == ("interrupted", 0)
    assert ended.products_failed + ended.products_skipped == 3


def test_the_quarantine_has_one_open_batch_a_build_and_a_good_build_closes_it(shop) -> None:
    lines = [f"{number},ann,{number}" for number in range(1, 40)]
    shop.contract("sales/orders", "id:int! customer:text! total:int")
    shop.rows_file("data/orders.csv", "id,customer,total", *lines, ",bob,1")
    shop.build("sales/orders")
    batches = shop.workspace().ledger.latest_by(Quarantined, "port", "batch")
    assert [(fact.state, fact.rows) for fact in batches.values()] == [("recorded", 1)]
    (file,) = next(iter(batches.values())).files
    assert (shop.root / ".weft" / file).exists()
    shop.rows_file("data/orders.csv", "id,customer,total", *lines, "40,bob,1")
    shop.build("sales/orders")
    batches = shop.workspace().ledger.latest_by(Quarantined, "port", "batch")
    assert [fact.state for fact in batches.values()] == ["superseded"]
    assert not (shop.root / ".weft" / file).exists()
