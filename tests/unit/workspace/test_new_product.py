"""A product drafted on a file: what is written can be checked, built and read as it stands."""

import pytest

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem, errors_of
from weft.cli.main import run
from weft.spec.load import load_mesh
from weft.workspace.new_mesh import make_mesh
from weft.workspace.new_product import make_product
from weft.workspace.workspace import Workspace

ORDERS = "Order No,order,Zip,Amount\n1001,a,01234,12.50\n1002,b,99999,7.00\n"
SALES_ORDERS = ProductName("sales", "orders")


@pytest.fixture
def mesh(tmp_path):
    make_mesh(tmp_path / "mesh", "empty")
    return tmp_path / "mesh"


def draft(mesh, text, name="orders.csv", product=SALES_ORDERS):
    file = mesh.parent / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return make_product(Workspace.open(mesh), product, file)


def columns(mesh):
    table = load_mesh(mesh).output_port(PortName("sales", "orders", "orders")).table
    return {column.name: column.physical_type for column in table.columns}


def test_a_draft_promises_what_the_file_holds(mesh):
    made = draft(mesh, ORDERS)
    assert (made.rows, made.rejected, made.columns) == (2, 0, 4)
    loaded = load_mesh(mesh)
    assert errors_of(loaded.problems) == ()
    assert columns(mesh) == {"order_no": "BIGINT", "order": "VARCHAR", "zip": "VARCHAR", "amount": "DECIMAL(18,2)"}
    assert loaded.output_port(PortName("sales", "orders", "orders")).table.primary_key == ("order_no",)


def test_a_draft_can_be_checked_built_and_read_as_it_stands(mesh, capsys):
    draft(mesh, ORDERS)
    assert run(["-C", str(mesh), "check"]) == 0
    assert run(["-C", str(mesh), "build"]) == 0
    capsys.readouterr()
    assert run(["-C", str(mesh), "query", 'SELECT "order", zip FROM sales.orders', "--format", "json"]) == 0
    assert '"01234"' in capsys.readouterr().out  # the leading zero of a code stays


def test_the_model_says_each_new_name_and_quotes_what_sql_keeps_for_itself(mesh):
    draft(mesh, ORDERS)
    text = (mesh / "domains/sales/orders/models/orders.sql").read_text()
    assert [line.strip().rstrip(",") for line in text.splitlines()] == [
        "SELECT",
        '"Order No" AS order_no',
        '"order"',
        '"Zip" AS zip',
        '"Amount" AS amount',
        "FROM orders_file",
    ]


def test_a_file_outside_the_mesh_is_copied_into_it(mesh):
    made = draft(mesh, ORDERS)
    assert made.copied_to is not None
    assert (mesh / made.copied_to).read_text() == ORDERS


def test_a_file_in_the_mesh_stays_where_it_is(mesh):
    (mesh / "data").mkdir()
    (mesh / "data" / "orders.csv").write_text(ORDERS)
    made = make_product(Workspace.open(mesh), SALES_ORDERS, mesh / "data" / "orders.csv")
    assert made.copied_to is None
    assert load_mesh(mesh).product(SALES_ORDERS).source("orders_file").path == "data/orders.csv"


def test_another_file_of_that_name_is_not_overwritten(mesh):
    (mesh / "data").mkdir()
    (mesh / "data" / "orders.csv").write_text("mine")
    with pytest.raises(Problem, match="INIT008"):
        draft(mesh, ORDERS)
    assert (mesh / "data" / "orders.csv").read_text() == "mine"
    assert not (mesh / "domains").exists()


def test_a_product_that_is_there_is_left_as_it_is(mesh):
    draft(mesh, ORDERS)
    before = (mesh / "domains/sales/orders/product.yaml").read_text()
    with pytest.raises(Problem, match="INIT005"):
        draft(mesh, "a\n1\n")
    assert (mesh / "domains/sales/orders/product.yaml").read_text() == before


@pytest.mark.parametrize(
    ("name", "code"), [(ProductName("Sales", "orders"), "INIT004"), (ProductName("sales", "my-orders"), "INIT004")]
)
def test_a_name_that_sql_cannot_take_is_refused(mesh, name, code):
    with pytest.raises(Problem, match=code):
        draft(mesh, ORDERS, product=name)


def test_a_file_whose_ending_says_nothing_is_refused(mesh):
    with pytest.raises(Problem, match="INIT006"):
        draft(mesh, ORDERS, name="orders.dat")


def test_a_second_product_of_a_domain_keeps_the_domain_as_it_is(mesh):
    draft(mesh, ORDERS)
    (mesh / "domains/sales/domain.yaml").write_text("owner: first-team\ndescription: Mine.\n")
    made = draft(mesh, "id\n1\n", name="refunds.csv", product=ProductName("sales", "refunds"))
    assert (mesh / "domains/sales/domain.yaml").read_text() == "owner: first-team\ndescription: Mine.\n"
    assert [path.name for path in made.files] == ["product.yaml", "refunds.yaml", "build.yaml", "refunds.sql"]


def test_the_draft_says_how_the_values_of_the_file_are_written(mesh):
    made = draft(mesh, "id;paid on;fee;factor\n1;03.02.2024;1.234,50;0,5\n2;17.11.2023;12,00;1\n")
    assert (made.rows, made.rejected, made.doubts) == (2, 0, ())
    source = load_mesh(mesh).product(SALES_ORDERS).making.sources["orders_file"]
    assert source.options == {"date_format": {"paid on": "%d.%m.%Y"}, "decimal": ",", "thousands": "."}
    assert columns(mesh) == {"id": "BIGINT", "paid_on": "DATE", "fee": "DECIMAL(18,2)", "factor": "DOUBLE"}
    assert run(["-C", str(mesh), "build"]) == 0


def test_a_column_that_two_styles_could_read_stays_text_and_is_told(mesh):
    made = draft(mesh, 'id,paid_on,price,fee\n1,03.02.24,1.5,"1,5"\n2,17.11.23,2.25,"0,25"\n')
    assert columns(mesh) == {"id": "BIGINT", "paid_on": "VARCHAR", "price": "DOUBLE", "fee": "VARCHAR"}
    assert [problem.code for problem in made.doubts] == ["SOURCE021", "SOURCE022"]
    assert load_mesh(mesh).product(SALES_ORDERS).making.sources["orders_file"].options == {}
