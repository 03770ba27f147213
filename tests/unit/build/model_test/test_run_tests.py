"""Cases of models: what passes, what fails, and how a failure reads."""

import json
from pathlib import Path

import pytest

from weft.build.model_test.difference import difference_of
from weft.cli.main import run

CONTRACT = """
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0
status: active
schema:
  - name: orders
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: total, logicalType: number, physicalType: "DECIMAL(12,2)"}
      - {name: day, logicalType: date}
"""
PRODUCT = """
apiVersion: v1.1.0
kind: DataProduct
id: sales/orders
version: 1.0.0
status: active
outputPorts: [{name: orders, version: 1.0.0, contractId: sales/orders}]
team: {name: crm}
"""


@pytest.fixture
def product(tmp_path) -> Path:
    files = {
        "weft.yaml": "name: shop\n",
        "teams.yaml": "teams: [{name: crm}]\n",
        "domains/sales/domain.yaml": "owner: crm\n",
        "domains/sales/orders/product.yaml": PRODUCT,
        "domains/sales/orders/contracts/orders.yaml": CONTRACT,
        "domains/sales/orders/build.yaml": "sources: {lines: {kind: csv, path: lines.csv}}\n",
        "domains/sales/orders/models/clean.sql": "SELECT * FROM lines WHERE NOT coalesce(is_test, false)\n",
        "domains/sales/orders/models/orders.sql": (
            "SELECT id, sum(price)::DECIMAL(12,2) AS total, min(day) AS day FROM clean GROUP BY id\n"
        ),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "domains/sales/orders"


def write_case(product: Path, text: str) -> None:
    (product / "tests").mkdir(exist_ok=True)
    (product / "tests" / "totals.yaml").write_text(text)


GIVEN = """
model: orders
given:
  lines:
    - {id: 1, price: 2.50, day: 2026-05-01, is_test: false}
    - {id: 1, price: 0.10, day: 2026-05-02, is_test: false}
    - {id: 2, price: 9.99, day: 2026-05-03, is_test: true}
expect:
"""


def test_a_case_passes_through_the_models_before_the_one_it_tests(product, capsys):
    write_case(product, GIVEN + "  - {id: 1, total: 2.60, day: 2026-05-01}\n")
    assert run(["-C", str(product), "test"]) == 0
    assert "1 of 1 cases passed." in capsys.readouterr().out


def test_a_failing_case_shows_each_difference_as_a_person_would_mark_it(product, capsys):
    write_case(product, GIVEN + "  - {id: 1, total: 2.70, day: 2026-05-01}\n  - {id: 3, total: 1, day: 2026-01-01}\n")
    assert run(["-C", str(product), "test"]) == 11
    printed = capsys.readouterr().out
    assert "~  1   2.70 -> 2.60  2026-05-01" in printed
    assert "-  3   1.00          2026-01-01" in printed


def test_a_case_may_name_only_the_columns_that_matter_to_it(product, capsys):
    write_case(product, "model: clean\ngiven: {lines: [{id: 1}, {id: 2}]}\nexpect: [{id: 1}, {id: 2}]\n")
    assert run(["-C", str(product), "test"]) == 0


def test_the_results_are_there_for_machines_too(product, tmp_path, capsys):
    write_case(product, GIVEN + "  - {id: 1, total: 0}\n")
    assert run(["-C", str(product), "test", "--format", "json", "--junit", str(tmp_path / "report.xml")]) == 11
    (result,) = json.loads(capsys.readouterr().out)
    assert (result["passed"], result["changed"][0]["found"]) == (False, [1, "2.60"])
    assert 'failures="1"' in (tmp_path / "report.xml").read_text()


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("model: ordres\ngiven: {}\nexpect: [{id: 1}]\n", "TEST001"),
        ("model: orders\ngiven: {lines: [{id: 1, price: 1, day: 2026-01-01}]}\nexpect: [{ident: 1}]\n", "TEST002"),
        ("model: orders\ngiven: {}\nexpect: [{id: 1}]\n", "TEST003"),
    ],
)
def test_a_case_that_cannot_run_is_a_problem_of_its_file(product, capsys, case, code):
    write_case(product, case)
    assert run(["-C", str(product), "test"]) == 11
    printed = capsys.readouterr().out
    assert f"{code}  domains/sales/orders/tests/totals.yaml" in printed


def test_order_counts_only_where_it_is_asked_for():
    rows = [(1,), (2,)]
    assert not difference_of(["id"], rows, rows[::-1], ordered=False)
    assert difference_of(["id"], rows, rows[::-1], ordered=True).is_order_wrong
