"""In which order the models of one product are made."""

from weft.base.problem import Problem
from weft.graph.directed_graph import DirectedGraph
from weft.graph.model_inputs import inputs_of
from weft.spec.making import Model
from weft.spec.product import Product

__all__ = ["inputs_of", "model_graph", "ordered_models"]


def ordered_models(product: Product) -> tuple[Model, ...]:
    """Every model after those that it reads; by name among equals.

    Raises:
        Problem: GRAPH002, GRAPH003, a model cannot be read; GRAPH004, models read each other in a circle.
    """
    graph = model_graph(product)
    by_name = {model.name: model for model in product.models}
    for cycle in graph.cycles():
        raise Problem(
            code="GRAPH004",
            what=f"Models of {product.name} read each other in a circle: {' -> '.join((*cycle, cycle[0]))}.",
            where=by_name[cycle[0]].place,
            fix="Let one of them read a source or an input port instead.",
        )
    return tuple(by_name[name] for name in graph.order())


def model_graph(product: Product) -> DirectedGraph[str]:
    """Models of the product by name, and which reads which.

    Raises:
        Problem: GRAPH002, GRAPH003.
    """
    names = {model.name for model in product.models}
    graph: DirectedGraph[str] = DirectedGraph(sorted(names))
    for model in product.models:
        for name in inputs_of(model, product):
            if name in names and not (name == model.name and _is_also_declared(name, product)):
                graph.connect(name, model.name)
    return graph


def _is_also_declared(name: str, product: Product) -> bool:
    """Whether a source or input port has the name: `models/orders.sql` may read the input port `orders`."""
    return name in product.making.sources or any(port.name == name for port in product.input_ports)
