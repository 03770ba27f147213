"""Any contract on any data: what is broken, what could not be computed, and what never passes by silence."""

from datetime import UTC, datetime

import pyarrow.parquet as pq
import pytest

from weft.base.problem import Problem, Problems
from weft.engine.duckdb_engine import DuckDBEngine
from weft.workspace.contract_servers import data_of_servers
from weft.workspace.contract_test import contract_test
from weft.workspace.given_contract import given_contract
from weft.workspace.given_data import given_data

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ORDERS = """\
apiVersion: v3.1.0
kind: DataContract
id: shop
version: 1.0.0
status: active
servers:
  - {server: here, type: local, path: "data/{model}.csv", format: csv}
  - {server: stream, type: kafka, host: "broker:9092"}
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: zip, logicalType: string, logicalTypeOptions: {pattern: "^[0-9]{5}$"}}
      - name: customer
        logicalType: integer
        relationships: [{to: customers.id}]
    quality:
      - {type: text, description: Nobody computes this.}
  - name: customers
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
"""
DCS = """\
dataContractSpecification: 1.1.0
id: shop
info: {title: Shop, version: 1.0.0}
models:
  orders:
    type: table
    fields:
      id: {type: integer, required: true, unique: true}
      zip: {type: string, pattern: "^[0-9]{5}$"}
      customer: {type: integer}
"""


def no_mesh():
    raise Problem("SPEC001", "There is no mesh here.")


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "shop.yaml").write_text(ORDERS)
    (tmp_path / "dcs.yaml").write_text(DCS)
    (tmp_path / "data" / "orders.csv").write_text("id,zip,customer\n1,01234,1\n2,99999,2\n")
    (tmp_path / "data" / "customers.csv").write_text("id\n1\n2\n")
    return tmp_path


def check(shop, *words, contract="shop.yaml", server=None, **settings):
    given = given_contract(contract, root=shop, open_mesh=no_mesh)
    data = (
        given_data(words, root=shop, open_mesh=no_mesh)
        if words
        else data_of_servers(given.contract, given.folder, server)
    )
    return contract_test(given.contract, data, root=shop, now=NOW, new_engine=DuckDBEngine, **settings)


def statuses(found, table="orders"):
    tested = next(one for one in found.tables if one.table == table)
    return {finding.rule: (finding.status, finding.broken_rows) for finding in tested.findings}


def test_good_data_keeps_the_contract_of_a_server_and_digits_stay_text(shop):
    found = check(shop, server="here")
    assert found.is_kept()
    assert [(table.table, table.rows, table.broken_rows) for table in found.tables] == [
        ("orders", 2, 0),
        ("customers", 2, 0),
    ]
    assert statuses(found)["zip.pattern"] == ("passed", 0)
    assert statuses(found)["customer.relationship"] == ("passed", 0)


def test_a_rule_that_nobody_computes_is_not_run_and_fails_only_where_that_is_asked_for(shop):
    found = check(shop, server="here")
    assert [status for status, _ in statuses(found).values()].count("not_run") == 1
    assert (found.is_kept(), found.is_kept(strict=True)) == (True, False)


def test_broken_rows_are_counted_by_rule_and_written_with_the_rules_that_they_break(shop):
    (shop / "data" / "orders.csv").write_text("id,zip,customer\n1,1234,1\n1,99999,7\nx,99999,\n4,00000,2\n")
    found = check(shop, server="here", bad_rows=shop / "broken")
    assert not found.is_kept()
    broken = {rule: rows for rule, (status, rows) in statuses(found).items() if status == "failed"}
    assert broken == {"id.type": 1, "zip.pattern": 1, "customer.relationship": 1, "primaryKey": 2}
    assert found.tables[0].broken_rows == 3
    rows = pq.read_table(shop / "broken" / "orders.parquet").to_pylist()
    assert [row["id"] for row in rows] == ["1", "1", "x"]
    assert set(rows[0]["_broken_rules"]) == {"zip.pattern", "primaryKey"}
    assert not (shop / "broken" / "customers.parquet").exists()


def test_bad_rows_of_an_earlier_test_do_not_stay(shop):
    (shop / "broken").mkdir()
    (shop / "broken" / "orders.parquet").write_text("old")
    assert check(shop, server="here", bad_rows=shop / "broken").is_kept()
    assert not (shop / "broken" / "orders.parquet").exists()


def test_a_relationship_to_a_table_without_data_is_not_called_kept(shop):
    found = check(shop, "orders=data/orders.csv")
    assert statuses(found)["customer.relationship"] == ("not_run", None)
    assert (found.tables[1].data, found.tables[1].findings) == (None, ())
    assert (found.is_kept(), found.is_kept(strict=True)) == (True, False)


def test_a_line_that_cannot_be_read_fails_the_test(shop):
    (shop / "data" / "orders.csv").write_text("id,zip,customer\n1,01234,1\n2,99999\n")
    found = check(shop, server="here")
    assert (found.tables[0].rejected, found.is_kept()) == (1, False)


def test_a_missing_column_fails_and_the_rest_is_not_run(shop):
    (shop / "data" / "orders.csv").write_text("id,zip\n1,01234\n")
    found = check(shop, server="here")
    assert not found.is_kept()
    assert {status for rule, (status, _) in statuses(found).items() if rule != "columns"} == {"not_run"}


def test_the_data_contract_specification_is_checked_the_same(shop):
    assert check(shop, "data/orders.csv", contract="dcs.yaml").is_kept()
    (shop / "data" / "orders.csv").write_text("id,zip,customer\n1,1,1\n")
    assert not check(shop, "data/orders.csv", contract="dcs.yaml").is_kept()


def test_a_contract_without_data_is_not_kept(shop):
    given = given_contract("shop.yaml", root=shop, open_mesh=no_mesh)
    found = contract_test(given.contract, [], root=shop, now=NOW, new_engine=DuckDBEngine)
    assert not found.is_kept()


@pytest.mark.parametrize(
    ("words", "server", "code"),
    [
        (["data/parcels.csv", "data/orders.csv"], None, "GIVEN004"),
        ([], None, "GIVEN005"),  # two servers
        ([], "there", "GIVEN005"),
        ([], "stream", "GIVEN005"),
    ],
)
def test_data_that_cannot_be_found_is_told(shop, words, server, code):
    (shop / "data" / "parcels.csv").write_text("id\n1\n")
    with pytest.raises(Problem, match=code):
        check(shop, *words, server=server)


@pytest.mark.parametrize("contract", ["absent.yaml", "HEAD:absent.yaml", "sales.orders"])
def test_a_contract_that_is_not_there_is_told(shop, contract):
    with pytest.raises(Problem, match="GIVEN003"):
        check(shop, contract=contract)


def test_a_contract_that_breaks_its_standard_is_not_used(shop):
    (shop / "shop.yaml").write_text(ORDERS.replace("kind: DataContract\n", ""))
    with pytest.raises(Problems, match="ODCS"):
        check(shop, server="here")
