from small_meshes import mesh, port, product

from weft.base.names import PortName
from weft.graph.impact import impact_of, impact_of_changes, with_published_contracts
from weft.graph.mesh_lineage import trace_mesh
from weft.graph.references import parse_reference
from weft.graph.render_impact import render_impact

BEFORE = ["order_id integer", "total decimal(10,2)", "note varchar"]


def shop(columns):
    return mesh(
        product(
            "sales/orders",
            owner="team-sales",
            sources={"till": {"order_id": "INTEGER", "total": "DECIMAL(10,2)", "note": "VARCHAR"}},
            models={"orders": "SELECT * FROM till"},
            ports=[port("sales/orders", columns)],
        ),
        product(
            "finance/revenue",
            owner="team-money",
            reads=["sales/orders"],
            models={"revenue": "SELECT total AS amount, 1 AS one FROM orders WHERE order_id > 0"},
            ports=[port("finance/revenue", ["amount decimal(10,2)", "one integer"])],
        ),
        product(
            "board/report",
            owner="team-board",
            reads=["finance/revenue"],
            models={"report": "SELECT max(amount) AS best FROM revenue"},
            ports=[port("board/report", ["best decimal(10,2)"])],
        ),
    )


def told(reference, columns=BEFORE):
    here = shop(columns)
    return render_impact(impact_of(trace_mesh(here), parse_reference(reference, here), here)).splitlines()


def test_a_value_touches_the_columns_computed_from_it():
    assert told("sales/orders.total") == [
        "sales/orders.total",
        "  touches 2 tables of 2 products; talk to team-board, team-money",
        "    finance/revenue (reads it): amount",
        "    board/report: best",
    ]


def test_a_filter_touches_rows_and_through_them_all_that_lies_behind():
    assert told("sales/orders.order_id") == [
        "sales/orders.order_id",
        "  touches 2 tables of 2 products; talk to team-board, team-money",
        "    finance/revenue (reads it): its rows",
        "    board/report: its rows",
    ]


def test_what_nobody_reads_touches_nothing():
    assert told("sales/orders.note") == ["sales/orders.note", "  touches nothing in this mesh"]


def test_a_removed_column_breaks_those_who_read_it_as_published():
    before, now = shop(BEFORE), shop(["order_id integer", "note varchar"])
    name = PortName("sales", "orders", "orders")
    published = {name: before.output_port(name).contract}
    lineage = trace_mesh(with_published_contracts(now, published))
    impacts = impact_of_changes(now, published, lineage)
    assert [(i.subject, i.is_breaking, i.owners) for i in impacts] == [
        ("sales/orders", True, ("team-board", "team-money"))
    ]
    assert [change.kind for change in impacts[0].changes] == ["column_removed"]
    assert [(str(t.table), t.columns) for t in impacts[0].touched] == [
        ("finance/revenue", ("amount",)),
        ("board/report", ("best",)),
    ]


def test_an_added_column_breaks_nobody():
    before, now = shop(BEFORE), shop([*BEFORE, "extra integer"])
    name = PortName("sales", "orders", "orders")
    published = {name: before.output_port(name).contract}
    impacts = impact_of_changes(now, published, trace_mesh(with_published_contracts(now, published)))
    assert [(i.subject, i.is_breaking, i.touched) for i in impacts] == [("sales/orders", False, ())]


def test_contracts_that_are_as_published_have_no_impact():
    here = shop(BEFORE)
    published = {p.name: p.contract for p in here.output_ports()}
    assert impact_of_changes(here, published, trace_mesh(here)) == ()
