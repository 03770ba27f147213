"""A contract drafted from real files, which the same files keep."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from weft.base.problem import Problem, Problems
from weft.base.yaml_source import YamlFile
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.odcs.validate import validate_contract
from weft.workspace.contract_servers import data_of_servers
from weft.workspace.contract_test import contract_test
from weft.workspace.given_contract import given_contract
from weft.workspace.given_data import given_data
from weft.workspace.infer_contract import infer_contract, write_inferred

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def no_mesh():
    raise Problem("SPEC001", "There is no mesh here.")


def infer(root, *words, written_to=None, tables=()):
    data = given_data(words, root=root, open_mesh=no_mesh, tables=tables)
    return infer_contract(data, contract_id="shop", root=root, now=NOW, new_engine=DuckDBEngine, written_to=written_to)


def held_against(path, *words):
    """The written contract on the data that its servers name, or on other data."""
    given = given_contract(str(path), root=path.parent, open_mesh=no_mesh)
    data = (
        given_data(words, root=path.parent, open_mesh=no_mesh)
        if words
        else data_of_servers(given.contract, given.folder, None)
    )
    return contract_test(given.contract, data, root=path.parent, now=NOW, new_engine=DuckDBEngine)


def properties(inferred, table):
    found = next(one for one in inferred.document["schema"] if one["name"] == table)
    return {one["name"]: one for one in found["properties"]}


def relationships(inferred):
    return {
        (table, guess.column, guess.value)
        for table, guess in inferred.guesses
        if guess.promise == "relationship" and guess.is_written
    }


def write_shop(folder, orders=40):
    folder.mkdir(exist_ok=True)
    lines = [
        f"ORD-{n:04d},{n % 7},2026-01-{n % 28 + 1:02d},{n}.50,{'open' if n % 3 else 'shut'}" for n in range(orders)
    ]
    (folder / "orders.csv").write_text("order_id,customer_id,day,total,status\n" + "\n".join(lines) + "\n")
    names = "\n".join(json.dumps({"customer_id": n, "email": f"u{n}@example.org"}) for n in range(30))
    (folder / "customers.ndjson").write_text(names + "\n")
    return folder


def test_tables_of_several_formats_become_one_contract_that_they_keep(tmp_path):
    shop = write_shop(tmp_path / "shop")
    path = tmp_path / "shop.yaml"
    inferred = infer(tmp_path, "shop", written_to=path)
    write_inferred(inferred, path, replaces=False)
    assert validate_contract(YamlFile("shop.yaml", dict(inferred.document))) == []
    assert relationships(inferred) == {("orders", "customer_id", "customers.customer_id")}
    assert properties(inferred, "orders")["order_id"]["logicalTypeOptions"] == {"pattern": r"^ORD-\d{4}$"}
    found = held_against(path)
    assert found.is_kept(strict=True)
    assert [(table.table, table.rows) for table in found.tables] == [("customers", 30), ("orders", 40)]
    assert (shop / "orders.csv").is_file()


def test_the_draft_notices_what_later_data_breaks(tmp_path):
    shop = write_shop(tmp_path / "shop")
    path = tmp_path / "shop.yaml"
    write_inferred(infer(tmp_path, "shop", written_to=path), path, replaces=False)
    with (shop / "orders.csv").open("a") as file:
        file.write("ORD-12,99,2026-02-01,1.00,lost\nORD-0001,1,,-5,open\n")
    found = held_against(path)
    broken = {finding.rule: finding.broken_rows for finding in found.tables[1].findings if finding.status == "failed"}
    assert broken == {
        "order_id.pattern": 1,
        "customer_id.relationship": 1,
        "status.enum": 1,
        "day.required": 1,
        "total.minimum": 1,
        "primaryKey": 2,
    }
    assert not found.is_kept()


def test_a_pattern_of_files_is_one_table(tmp_path):
    for month in (1, 2):
        (tmp_path / f"calls-{month}.csv").write_text("id\n" + "\n".join(str(month * 100 + n) for n in range(20)) + "\n")
    inferred = infer(tmp_path, "calls=calls-*.csv")
    assert [(table.name, table.rows, table.key) for table in inferred.tables] == [("calls", 40, ("id",))]


def test_tables_of_a_database_become_a_contract_without_its_password(tmp_path):
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT)")
        connection.executemany("INSERT INTO orders VALUES (?, ?)", [(n, f"n{n}") for n in range(25)])
    path = tmp_path / "db.yaml"
    inferred = infer(tmp_path, "shop.db", written_to=path)
    write_inferred(inferred, path, replaces=False)
    assert [(table.name, table.rows, table.key) for table in inferred.tables] == [("orders", 25, ("id",))]
    assert held_against(path).is_kept(strict=True)


def test_tables_of_a_schema_of_postgres_become_a_contract_without_user_and_password(
    postgres_server, tmp_path, monkeypatch
):
    import sqlalchemy as sa

    url = postgres_server.replace("postgresql://", "postgresql+pg8000://") + "postgres"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE SCHEMA inferred"))
        connection.execute(sa.text("CREATE TABLE inferred.orders (order_id int PRIMARY KEY, code text, total numeric)"))
        connection.execute(
            sa.text(
                "INSERT INTO inferred.orders SELECT n, 'ORD-' || lpad(n::text, 4, '0'), n FROM generate_series(1, 50) n"
            )
        )
    engine.dispose()
    data = given_data([url], schema="inferred", root=tmp_path, open_mesh=no_mesh)
    path = tmp_path / "orders.yaml"
    inferred = infer_contract(
        data, contract_id="shop", root=tmp_path, now=NOW, new_engine=DuckDBEngine, written_to=path
    )
    write_inferred(inferred, path, replaces=False)
    address = sa.make_url(url)
    assert "weft@" not in path.read_text()
    assert [(table.name, table.rows, table.key) for table in inferred.tables] == [("orders", 50, ("order_id",))]
    monkeypatch.setenv("PGUSER", str(address.username))
    monkeypatch.setenv("PGPASSWORD", str(address.password or "none"))
    assert held_against(path).is_kept(strict=True)


def test_how_values_are_written_is_noted_for_the_test(tmp_path):
    rows = "\n".join(f"{n};{n % 28 + 1:02d}.02.2024;1.234,{n:02d}" for n in range(30))
    (tmp_path / "fees.csv").write_text(f"id;paid_on;fee\n{rows}\n")
    path = tmp_path / "fees.yaml"
    inferred = infer(tmp_path, "fees.csv", written_to=path)
    write_inferred(inferred, path, replaces=False)
    types = {name: one["physicalType"] for name, one in properties(inferred, "fees").items()}
    assert types["paid_on"] == "DATE"
    assert held_against(path).is_kept(strict=True)


def test_a_file_that_is_there_is_not_replaced(tmp_path):
    write_shop(tmp_path / "shop")
    (tmp_path / "shop.yaml").write_text("mine")
    inferred = infer(tmp_path, "shop")
    with pytest.raises(Problem, match="INFER001"):
        write_inferred(inferred, tmp_path / "shop.yaml", replaces=False)
    assert (tmp_path / "shop.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("words", "code"), [(["notes.doc"], "GIVEN001"), (["no.csv"], "GIVEN001"), (["a/x.csv", "b/x.csv"], "GIVEN002")]
)
def test_words_that_name_no_data_are_told(tmp_path, words, code):
    with pytest.raises(Problem, match=code):
        infer(tmp_path, *words)


@pytest.fixture(scope="module")
def olist(shared_data):
    folder = shared_data / "order_to_cash" / "olist" / "batch_a"
    if not folder.is_dir():
        pytest.skip("WEFT_TEST_DATA holds no order_to_cash/olist: this test needs the real data set")
    return folder


def test_the_known_keys_and_relationships_of_olist_are_found_and_kept(olist, tmp_path):
    path = tmp_path / "olist.yaml"
    inferred = infer(olist.parent, "batch_a", written_to=path)
    name = "olist_{}_dataset".format
    assert {table.name: table.key for table in inferred.tables} == {
        name("customers"): ("customer_id",),
        name("geolocation"): (),
        name("order_items"): ("order_id", "order_item_id"),
        name("order_payments"): ("order_id", "payment_sequential"),
        name("order_reviews"): ("review_id", "order_id"),
        name("orders"): ("order_id",),
        name("products"): ("product_id",),
        name("sellers"): ("seller_id",),
    }
    assert relationships(inferred) == {
        (name("order_items"), "order_id", name("orders") + ".order_id"),
        (name("order_items"), "product_id", name("products") + ".product_id"),
        (name("order_items"), "seller_id", name("sellers") + ".seller_id"),
        (name("order_payments"), "order_id", name("orders") + ".order_id"),
        (name("order_reviews"), "order_id", name("orders") + ".order_id"),
        (name("orders"), "customer_id", name("customers") + ".customer_id"),
    }
    write_inferred(inferred, path, replaces=False)
    found = held_against(path)
    assert found.is_kept(strict=True)
    assert sum(table.rows for table in found.tables) == 27890


@pytest.mark.parametrize(
    "words",
    [
        ["mdm/splink_fake_1000/fake_1000.csv"],
        ["mdm/febrl"],
        ["mdm/fodors_zagats"],
        ["order_to_cash/northwind"],
        ["order_to_cash/ibm_accounts_receivable"],
        ["marketing/ifood_campaign"],
        ["marketing/cookie_cats"],
        ["messy/csvkit_examples/testxls_converted.csv"],
        ["messy/csvkit_examples/test_geo.csv"],
    ],
)
def test_real_data_keeps_the_contract_that_is_inferred_from_it(shared_data, tmp_path, words):
    if not (shared_data / words[0]).exists():
        pytest.skip(f"WEFT_TEST_DATA holds no {words[0]}: this test needs the real data set")
    path = tmp_path / "drafted.yaml"
    inferred = infer(shared_data, *words, written_to=path)
    write_inferred(inferred, path, replaces=False)
    found = held_against(path)
    broken = [
        (table.table, finding.rule, finding.status, finding.message)
        for table in found.tables
        for finding in table.findings
        if finding.status in ("failed", "not_run")
    ]
    assert broken == []
    assert any(table.findings for table in found.tables)


def test_a_folder_without_data_is_no_empty_contract(tmp_path):
    (tmp_path / "all" / "july").mkdir(parents=True)
    (tmp_path / "all" / "SOURCE.md").write_text("of the shop")
    with pytest.raises(Problem) as told:
        infer(tmp_path, "all")
    assert (told.value.code, told.value.fix) == ("GIVEN001", "Name a folder in it: all/july")


def test_a_file_that_is_not_there_is_told_with_the_nearest_one(tmp_path):
    write_shop(tmp_path / "shop")
    with pytest.raises(Problem) as told:
        infer(tmp_path, "shop/order.csv")
    assert (told.value.code, told.value.fix) == ("GIVEN001", 'Did you mean "orders.csv"?')


def test_no_advice_leads_into_the_folder_that_was_thrown_away(tmp_path):
    (tmp_path / "calls.csv").write_text("a,b\n1,2\n1\n")
    problem = next(one for one in infer(tmp_path, "calls.csv").problems if one.code == "SOURCE016")
    assert problem.fix == "Mend the file; or land it by a source, whose options may read these lines."
    (tmp_path / "bad.csv").write_bytes(b"a,b\n1,\x00\n")
    with pytest.raises(Problems) as told:  # nothing could be read at all
        infer(tmp_path, "bad.csv")
    assert [one.fix for one in told.value.problems if one.code == "SOURCE016"] == [problem.fix]


def test_a_flag_refers_to_no_table_and_an_id_of_another_thing_may_come_again(tmp_path):
    rows = [f"{n},{100 + n},{n % 2}" for n in range(60)]
    (tmp_path / "orders.csv").write_text("order_id,customer_id,label\n" + "\n".join(rows) + "\n")
    (tmp_path / "labels.csv").write_text("id\n" + "\n".join(map(str, range(60))) + "\n")
    inferred = infer(tmp_path, "orders.csv", "labels.csv")
    found = properties(inferred, "orders")
    assert [name for name, one in found.items() if "relationships" in one or "unique" in one] == []
    assert found["label"]["logicalTypeOptions"] == {"minimum": 0, "maximum": 1}


def test_tables_of_one_name_are_told_with_their_files(tmp_path):
    for folder in ("a", "b"):
        write_shop(tmp_path / folder)
    with pytest.raises(Problem) as told:
        infer(tmp_path, "a/orders.csv", "b/orders.csv")
    assert (told.value.code, told.value.found) == ("GIVEN002", "orders: a/orders.csv, b/orders.csv")
