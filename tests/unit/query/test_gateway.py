"""The gateway on published tables: what is answered, refused and recorded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from weft.base.clock import FixedClock
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.engine.duckdb_engine import DuckDBEngine
from weft.lake.iceberg_lake import Lake
from weft.ledger.facts import ReadServed
from weft.ledger.ledger import Ledger
from weft.query.gateway import Gateway, Question, ask
from weft.spec.load import load_mesh

ORDERS = PortName.parse("sales/orders")
PRODUCT = """
apiVersion: v1.1.0
kind: DataProduct
id: {name}
version: 1.0.0
status: active
outputPorts: [{{name: {port}, version: 1.0.0, contractId: {name}}}]
"""


@pytest.fixture
def gateway(tmp_path) -> Gateway:
    (tmp_path / "weft.yaml").write_text("name: shop\n")
    for name, port in (("sales/orders", "orders"), ("crm/customers", "customers")):
        folder = tmp_path / "domains" / name
        folder.mkdir(parents=True)
        (folder / "product.yaml").write_text(PRODUCT.format(name=name, port=port))
    lake = Lake(f"sqlite:///{tmp_path}/catalog.db", str(tmp_path / "tables"))
    return Gateway(
        mesh=load_mesh(tmp_path),
        lake=lake,
        ledger=Ledger.open(f"sqlite:///{tmp_path}/ledger.db"),
        new_engine=DuckDBEngine,
        clock=FixedClock(datetime(2026, 5, 1, tzinfo=UTC)),
    )


def publish(gateway: Gateway, sql: str) -> int:
    with DuckDBEngine() as engine:
        fields = gateway.lake.fields_for(ORDERS, engine.describe(sql))
        head = gateway.lake.snapshot(ORDERS)
        parent = head.snapshot_id if head else None
        path = Path(gateway.lake.data_folder(ORDERS)) / f"after-{parent}.parquet"
        written = engine.write_parquet(sql, str(path), fields)
        properties = {"weft.contract-version": "1.2.0"}
        snapshot = gateway.lake.publish(ORDERS, fields, [written], mode="replace", parent=parent, properties=properties)
    return snapshot.snapshot_id


def question(sql: str, **more) -> Question:
    return Question(sql=sql, actor="ada", **more)


def test_an_answer_names_what_it_was_read_from(gateway):
    snapshot = publish(gateway, "SELECT range AS id, 'Oslo' AS city FROM range(3)")
    answer = ask(gateway, question("SELECT count(*) AS n FROM sales.orders WHERE id > 0", purpose="report"))
    assert answer.rows() == [[2]]
    (read,) = answer.snapshots
    assert (read.port, read.snapshot_id, read.contract_version, read.columns) == (
        "sales/orders",
        snapshot,
        "1.2.0",
        ("id",),
    )


def test_every_read_is_recorded_refused_ones_too(gateway):
    publish(gateway, "SELECT 1 AS id, 2 AS secret")
    ask(gateway, question("SELECT id FROM sales.orders", purpose="report"))
    for refused in ("DROP TABLE sales.orders", "SELECT * FROM crm.customers", "SELECT nothing FROM sales.orders"):
        with pytest.raises(Problem):
            ask(gateway, question(refused))
    facts = gateway.ledger.facts(ReadServed)
    assert [(f.actor, f.purpose, f.decision, f.rows) for f in facts] == [
        ("ada", "report", "allowed", 1),
        ("ada", None, "GATE002", 0),
        ("ada", None, "GATE005", 0),
        ("ada", None, "ENGINE001", 0),
    ]
    assert facts[0].ports["sales/orders"]["columns"] == ["id"]


def test_a_reader_can_go_back_in_time_by_instant_and_by_snapshot(gateway):
    first = publish(gateway, "SELECT 1 AS id")
    between = datetime.now(UTC)
    publish(gateway, "SELECT 2 AS id, 'new' AS note")
    everything = "SELECT * FROM sales.orders"
    assert ask(gateway, question(everything)).rows() == [[2, "new"]]
    assert ask(gateway, question(everything, as_of=first)).rows() == [[1]]
    assert ask(gateway, question(everything, as_of=between)).rows() == [[1]]
    with pytest.raises(Problem, match="GATE005"):
        ask(gateway, question(everything, as_of=between - timedelta(days=1)))
    with pytest.raises(Problem, match="GATE005"):
        ask(gateway, question(everything, as_of=12345))


def test_a_limit_says_that_more_rows_exist(gateway):
    publish(gateway, "SELECT range AS id FROM range(10)")
    cut = ask(gateway, question("SELECT id FROM sales.orders ORDER BY id DESC", limit=2))
    assert (cut.rows(), cut.is_cut) == ([[9], [8]], True)
    assert not ask(gateway, question("SELECT id FROM sales.orders", limit=10)).is_cut


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT getenv('HOME') FROM sales.orders",
        "SELECT * FROM sales.orders WHERE id IN (SELECT 1 FROM glob('/etc/*'))",
        "SELECT * FROM sales.orders; SELECT 1",
        "PRAGMA database_list",
        "FROM duckdb_secrets()",
    ],
)
def test_the_process_and_the_machine_are_not_to_be_read(gateway, sql):
    publish(gateway, "SELECT 1 AS id")
    with pytest.raises(Problem):
        ask(gateway, question(sql))


def test_a_query_without_a_port_is_answered_too(gateway):
    assert ask(gateway, question("SELECT 1 AS one")).rows() == [[1]]
