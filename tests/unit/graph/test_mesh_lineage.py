from dataclasses import replace

import pytest
from small_meshes import column, mesh, port, product

from weft.base.names import ProductName
from weft.base.problem import Place, Problem
from weft.graph.mesh_lineage import trace_mesh
from weft.graph.references import parse_reference
from weft.graph.render_text import render_text
from weft.graph.trace import Direction, trace
from weft.spec.making import Materialization, ModelSettings, Registered


def shop():
    """A source, a model on the way, a port; a consumer that filters; a consumer in Arrow."""
    return mesh(
        product(
            "sales/orders",
            owner="team-sales",
            sources={"till": {"id": "INTEGER", "amount": "DECIMAL(10,2)"}},
            models={
                "clean": "SELECT id, amount, cashier FROM till WHERE voided IS NULL",
                "orders": "SELECT id AS order_id, amount AS total, 1 AS one FROM clean",
            },
            ports=[port("sales/orders", ["order_id integer", "total decimal(10,2)", "one integer"])],
        ),
        product(
            "finance/revenue",
            owner="team-money",
            reads={"o": "sales/orders"},
            models={"revenue": "SELECT sum(total) AS total, count(*) AS orders FROM o WHERE order_id > 0"},
            ports=[port("finance/revenue", ["total decimal(38,2)", "orders bigint"])],
        ),
        product(
            "ml/scores",
            owner="team-ml",
            reads=["sales/orders"],
            models={"scores": "import pyarrow as pa\ndef model(orders: pa.Table) -> pa.Table: ..."},
            ports=[
                port(
                    "ml/scores",
                    [
                        column("order_id integer", transform_source_objects=("orders.order_id",)),
                        column("score double", transform_source_objects=("sales/orders.total", "orders.Order_ID")),
                    ],
                )
            ],
        ),
    )


def tree(of, reference, direction="up", **options):
    lineage = trace_mesh(of)
    return render_text(trace(lineage, parse_reference(reference, of), Direction(direction), **options)).splitlines()


def test_a_column_is_followed_up_to_the_source_with_what_decided_about_its_rows():
    assert tree(shop(), "finance/revenue.total") == [
        "finance/revenue.total comes from",
        "  finance/revenue (its rows)  [rows]",
        "    sales/orders (its rows)  [rows]",
        "      model:sales/orders/clean (its rows)  [rows]",
        "        source:sales/orders/till.voided  [filter]",
        "    sales/orders.order_id  [filter]",
        "      model:sales/orders/clean.id  [identity]",
        "        model:sales/orders/clean (its rows)  [rows]  (see above)",
        "        source:sales/orders/till.id  [identity]",
        "      sales/orders (its rows)  [rows]  (see above)",
        "  sales/orders.total  [aggregation]",
        "    model:sales/orders/clean.amount  [identity]",
        "      model:sales/orders/clean (its rows)  [rows]  (see above)",
        "      source:sales/orders/till.amount  [identity]",
        "    sales/orders (its rows)  [rows]  (see above)",
    ]


def test_a_source_column_is_followed_down_through_models_to_all_readers():
    assert tree(shop(), "source:sales/orders/till.amount", "down") == [
        "source:sales/orders/till.amount goes to",
        "  model:sales/orders/clean.amount  [identity]",
        "    sales/orders.total  [identity]",
        "      finance/revenue.total  [aggregation]",
        "      ml/scores.score (declared by the contract)  [declared]",
    ]


def test_depth_counts_tables_and_direct_leaves_out_what_only_decides():
    assert tree(shop(), "finance/revenue.total", depth=1, direct_only=True) == [
        "finance/revenue.total comes from",
        "  sales/orders.total  [aggregation]",
    ]


def test_a_count_comes_from_the_rows_of_what_it_counts():
    assert tree(shop(), "finance/revenue.orders", depth=1) == [
        "finance/revenue.orders comes from",
        "  finance/revenue (its rows)  [rows]",
        "    sales/orders (its rows)  [rows]",
        "    sales/orders.order_id  [filter]",
        "      sales/orders (its rows)  [rows]",
    ]


def test_a_whole_product_is_followed_table_by_table():
    assert tree(shop(), "sales/orders", "both") == [
        "sales/orders comes from",
        "  model:sales/orders/clean",
        "    source:sales/orders/till",
        "",
        "sales/orders goes to",
        "  finance/revenue",
        "  ml/scores (declared by the contract)",
    ]


def test_an_arrow_model_without_a_declaration_is_known_by_its_tables_and_says_so():
    silent = mesh(
        shop().products[0],
        product(
            "ml/scores",
            reads=["sales/orders"],
            models={"scores": "import pyarrow as pa\ndef model(orders: pa.Table) -> pa.Table: ..."},
            ports=[port("ml/scores", ["score double"])],
        ),
    )
    assert tree(silent, "ml/scores.score", depth=1) == [
        "ml/scores.score (only its tables are known) comes from",
        "  ml/scores (its rows) (only its tables are known)  [rows]",
        "    sales/orders (its rows)  [rows]",
        "    sales/orders.one  [table]",
        "      sales/orders (its rows)  [rows]",
        "    sales/orders.order_id  [table]",
        "      sales/orders (its rows)  [rows]",
        "    sales/orders.total  [table]",
        "      sales/orders (its rows)  [rows]",
        "",
        "note: domains/ml/scores/models/scores.py: An Arrow model without transformSourceObjects in its contract: only "
        "its tables are known.",
    ]


def test_what_a_contract_declares_wrongly_is_noted_with_the_nearest_name():
    wrong = mesh(
        shop().products[0],
        product(
            "ml/scores",
            reads=["sales/orders"],
            models={"scores": "import pyarrow as pa\ndef model(orders: pa.Table) -> pa.Table: ..."},
            ports=[
                port(
                    "ml/scores",
                    [
                        column("a double", transform_source_objects=("ordres.total",)),
                        column("b double", transform_source_objects=("orders.totl",)),
                        column("c double", transform_source_objects=("orders.total",)),
                    ],
                )
            ],
        ),
    )
    assert [(note.code, note.fix) for note in trace_mesh(wrong).notes] == [
        ("LINEAGE014", 'Did you mean "orders"?'),
        ("LINEAGE014", 'Did you mean "total"?'),
        ("LINEAGE013", None),
    ]


def test_an_ibis_model_is_traced_through_its_expression(tmp_path):
    ibis_shop = mesh(
        shop().products[0],
        product(
            "finance/big",
            reads=["sales/orders"],
            models={
                "big": "import ibis\n\n\ndef model(orders: ibis.Table) -> ibis.Table:\n"
                "    return orders.filter(orders.order_id > 1).select(double=orders.total * 2)\n"
            },
            ports=[port("finance/big", ["double decimal(12,2)"])],
        ),
        root=tmp_path,
    )
    path = tmp_path / "domains/finance/big/models/big.py"
    path.parent.mkdir(parents=True)
    path.write_text(ibis_shop.products[1].models[0].text)
    assert tree(ibis_shop, "finance/big.double", depth=1) == [
        "finance/big.double comes from",
        "  finance/big (its rows)  [rows]",
        "    sales/orders (its rows)  [rows]",
        "    sales/orders.order_id  [filter]",
        "      sales/orders (its rows)  [rows]",
        "  sales/orders.total  [transformation]",
        "    sales/orders (its rows)  [rows]",
    ]


def test_an_ibis_model_that_fails_or_reads_unknown_columns_falls_back_to_its_tables(tmp_path):
    text = "import ibis\n\n\ndef model({}: ibis.Table) -> ibis.Table:\n    return 1 / 0\n"
    broken = mesh(
        shop().products[0],
        product("a/b", reads=["sales/orders"], models={"b": text.format("orders")}, ports=[port("a/b", ["x integer"])]),
        product("a/c", sources={"till": {}}, models={"c": text.format("till")}, ports=[port("a/c", ["x integer"])]),
        root=tmp_path,
    )
    for each in broken.products[1:]:
        path = tmp_path / each.models[0].path
        path.parent.mkdir(parents=True)
        path.write_text(each.models[0].text)
    lineage = trace_mesh(broken)
    assert [note.code for note in lineage.notes] == ["LINEAGE011", "LINEAGE010"]
    assert {str(ref): str(table.exactness) for ref, table in lineage.tables.items() if ref.product.domain == "a"} == {
        "a/b": "table",
        "a/c": "table",
        "source:a/c/till": "None",
    }


def test_a_star_over_a_source_is_completed_by_the_contract_or_by_what_was_landed():
    starred = mesh(
        product(
            "sales/orders",
            sources={"till": {}},
            models={"clean": "SELECT * FROM till", "orders": "SELECT * FROM clean WHERE NOT voided"},
            ports=[port("sales/orders", ["id integer", "total double"])],
        )
    )
    assert tree(starred, "sales/orders.total", direct_only=True) == [
        "sales/orders.total comes from",
        "  model:sales/orders/clean.total  [identity]",
        "    source:sales/orders/till.total  [identity]",
        "",
        'note: domains/sales/orders/models/clean.sql: The columns of "till" are not all known, so "*" misses some.',
    ]
    landed = {(ProductName("sales", "orders"), "till"): {"id": "INTEGER", "total": "DOUBLE", "voided": "BOOLEAN"}}
    lineage = trace_mesh(starred, source_columns=landed)
    found = trace(lineage, parse_reference("sales/orders.total", starred), direct_only=True)
    assert [node.label for node in found.nodes] == [
        "sales/orders.total",
        "model:sales/orders/clean.total",
        "source:sales/orders/till.total",
    ]
    assert lineage.notes == ()


def test_a_registered_port_comes_from_its_source_column_by_column():
    registered = product("sales/orders", sources={"warehouse": {}}, ports=[port("sales/orders", ["id integer"])])
    making = replace(registered.making, registered={"orders": Registered("orders", Place("build.yaml"), "warehouse")})
    assert tree(mesh(replace(registered, making=making)), "sales/orders.id") == [
        "sales/orders.id comes from",
        "  source:sales/orders/warehouse.id  [identity]",
    ]


def test_what_a_snapshot_adds_is_decided_by_every_column():
    history = product(
        "sales/orders",
        sources={"till": {"id": "INTEGER", "total": "DOUBLE"}},
        models={"orders": "SELECT id, total FROM till"},
        ports=[port("sales/orders", ["id integer", "total double", "valid_from timestamp"])],
    )
    settings = ModelSettings(Materialization.SNAPSHOT)
    history = replace(history, models=(replace(history.models[0], settings=settings),))
    assert tree(mesh(history), "sales/orders.valid_from") == [
        "sales/orders.valid_from comes from",
        "  source:sales/orders/till.id  [conditional]",
        "  source:sales/orders/till.total  [conditional]",
    ]


def test_a_model_that_does_not_parse_is_noted_and_the_rest_is_traced():
    half = mesh(
        product(
            "a/b",
            sources={"s": {"x": "INTEGER"}},
            models={"bad": "SELECT FROM WHERE", "b": "SELECT x FROM s"},
            ports=[port("a/b", ["x integer"])],
        )
    )
    assert [note.code for note in trace_mesh(half).notes] == ["GRAPH002"]
    assert tree(half, "a/b.x")[1] == "  source:a/b/s.x  [identity]"


@pytest.mark.parametrize(
    ("reference", "what", "near"),
    [
        ("sales/ordres.total", '"sales/ordres.total" names no product', "sales/orders"),
        ("orders", '"orders" names no product', "sales/orders"),
        ("sales/orders/cleen", '"sales/orders/cleen" names no product', "sales/orders/clean"),
        ("source:sales/orders/clean", '"source:sales/orders/clean" names no product', "sales/orders/clean"),
        ("sales/orders.totl", '"sales/orders" has no column "totl".', "total"),
    ],
)
def test_a_mistyped_reference_is_a_problem_with_the_nearest_name(reference, what, near):
    with pytest.raises(Problem) as caught:
        tree(shop(), reference)
    assert caught.value.what.startswith(what)
    assert caught.value.fix == f'Did you mean "{near}"?'


def test_a_column_is_found_in_any_case_and_a_source_may_have_more_than_is_known():
    assert tree(shop(), "sales/orders.TOTAL")[0] == "sales/orders.total comes from"
    assert tree(shop(), "source:sales/orders/till.else", "down") == [
        "source:sales/orders/till.else goes to",
        "  nothing in this mesh",
    ]
