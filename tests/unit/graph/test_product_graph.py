import pytest
from small_meshes import mesh, port, product

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem
from weft.graph.product_graph import ProductGraph, ordered_products


def _chain():
    return mesh(
        product("finance/revenue", reads=["sales/orders", "crm/customers"]),
        product("board/report", reads=["finance/revenue"]),
        product("sales/orders", ports=[port("sales/orders", ["id integer"])]),
        product("crm/customers"),
        product("apart/alone"),
    )


def test_every_product_comes_after_those_it_reads_and_by_name_among_equals():
    assert [str(p.name) for p in ordered_products(_chain())] == [
        "apart/alone",
        "crm/customers",
        "sales/orders",
        "finance/revenue",
        "board/report",
    ]


def test_ancestors_and_descendants_know_their_distance():
    graph = ProductGraph(_chain())
    assert graph.ancestors(ProductName("board", "report")) == {
        ProductName("finance", "revenue"): 1,
        ProductName("crm", "customers"): 2,
        ProductName("sales", "orders"): 2,
    }
    assert graph.descendants(ProductName("sales", "orders"), depth=1) == {ProductName("finance", "revenue"): 1}


def test_readers_of_a_port_are_the_input_ports_that_name_it():
    readers = ProductGraph(_chain()).readers(PortName("sales", "orders", "orders"))
    assert [(str(reader.product), reader.input_port.name) for reader in readers] == [("finance/revenue", "orders")]


def test_an_input_port_that_dangles_is_no_edge():
    graph = ProductGraph(mesh(product("a/b", reads=["no/where"])))
    assert graph.order == (ProductName("a", "b"),)


def test_products_that_read_each_other_are_named_in_the_order_of_the_circle():
    circle = mesh(
        product("a/one", reads=["c/three"]),
        product("b/two", reads=["a/one"]),
        product("c/three", reads=["b/two"]),
        product("d/four", reads=["c/three"]),
    )
    with pytest.raises(Problem) as caught:
        ordered_products(circle)
    assert caught.value.code == "GRAPH001"
    assert "a/one -> b/two -> c/three -> a/one" in caught.value.what
    assert [str(name) for name in ProductGraph(circle).order] == ["a/one", "b/two", "c/three", "d/four"]


def test_a_chain_of_twenty_thousand_products_needs_no_recursion():
    from weft.graph.directed_graph import DirectedGraph

    graph = DirectedGraph[int](range(20_000), ((n + 1, n) for n in range(19_999)))
    assert graph.order() == tuple(reversed(range(20_000)))
    assert graph.above(0)[19_999] == 19_999
