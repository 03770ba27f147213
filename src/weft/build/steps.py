"""The steps of a product's making: which tables it makes, in which order, and what each one reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from weft.base.names import PortName, ProductName, did_you_mean
from weft.base.problem import Place, Problem
from weft.build.check.foreign.known import referred_tables
from weft.graph.directed_graph import DirectedGraph
from weft.graph.model_inputs import declared_names, inputs_of
from weft.graph.product_graph import ProductGraph
from weft.spec.making import Materialization, Model, ModelSettings, Registered
from weft.spec.mesh import Mesh
from weft.spec.product import OutputPort, Product
from weft.spec.relationship_target import is_outside_mesh, target_of


@dataclass(frozen=True)
class StepInput:
    """One name that a step reads."""

    name: str  # as the model writes it
    kind: Literal["port", "source", "model"]  # of another product, of outside, of the same product
    port: PortName | None = None  # kind port: which; kind model: the port that the model makes, if it makes one


@dataclass(frozen=True)
class Step:
    """The making of one table."""

    product: ProductName
    name: str
    place: Place
    inputs: tuple[StepInput, ...]
    references: dict[str, PortName]  # name in a relationship of the contract -> the port that it leads to
    model: Model | None = None  # None: a registered table
    registered: Registered | None = None
    port: OutputPort | None = None  # None: a step on the way

    @property
    def settings(self) -> ModelSettings:
        """How its rows become a table."""
        return self.model.settings if self.model else ModelSettings()

    @property
    def is_view(self) -> bool:
        """Whether nothing is stored: a view on the way. What is cleansed is stored, so that it is told once."""
        is_declared = self.settings.materialization is Materialization.VIEW
        return self.port is None and is_declared and not self.settings.cleanse

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that tell rows apart: those of build.yaml, else the contract's primary key."""
        if self.settings.key:
            return self.settings.key
        table = self.port.table if self.port else None
        return table.primary_key if table else ()

    def __str__(self) -> str:
        return str(self.port.name) if self.port else f"{self.product}:{self.name}"


def steps_of(mesh: Mesh, product: Product) -> tuple[Step, ...]:
    """Every step after those that it reads, and after those that its contract refers to where that is possible.

    Raises:
        Problem: GRAPH002 to GRAPH004, BUILD002 an input is not declared, BUILD003 nothing makes a port.
    """
    steps = {step.name: step for step in _unordered(mesh, product)}
    graph: DirectedGraph[str] = DirectedGraph(sorted(steps))
    for step in steps.values():
        for read in step.inputs:
            if read.kind == "model":
                graph.connect(read.name, step.name)
    for cycle in graph.cycles():
        raise Problem(
            code="GRAPH004",
            what=f"Models of {product.name} read each other in a circle: {' -> '.join((*cycle, cycle[0]))}.",
            where=steps[cycle[0]].place,
            fix="Let one of them read a source or an input port instead.",
        )
    step_by_port = {step.port.name: step.name for step in steps.values() if step.port}
    for step in steps.values():
        for port in step.references.values():
            target = step_by_port.get(port)
            # A reference is a wish for an order, not a need: two tables may refer to each other.
            if target is not None and target != step.name and target not in graph.below(step.name):
                graph.connect(target, step.name)
    return tuple(steps[name] for name in graph.order())


def product_order(mesh: Mesh) -> DirectedGraph[ProductName]:
    """Which products wait for which: those that they read, and those that their contracts refer to.

    Raises:
        Problem: GRAPH001, products read each other in a circle.
    """
    graph = ProductGraph(mesh)
    for cycle in graph.cycles():
        raise Problem(
            code="GRAPH001",
            what=f"Products read each other in a circle: {' -> '.join(map(str, (*cycle, cycle[0])))}.",
            where=graph.product_by_name[cycle[0]].place,
            expected="products that can be made one after the other",
            fix="Remove the input port that closes the circle, or make one product of them.",
        )
    ordered = graph.graph
    for product in mesh.products:
        for port in product.output_ports:
            for target in _references(mesh, product, port).values():
                other = target.product_name
                if other != product.name and other in ordered and other not in ordered.below(product.name):
                    ordered.connect(other, product.name)
    return ordered


def _unordered(mesh: Mesh, product: Product) -> Iterator[Step]:
    for model in product.models:
        port = product.output_port(model.name)
        references = _references(mesh, product, port) if port else {}
        inputs = tuple(_input(product, model, name) for name in inputs_of(model, product))
        yield Step(product.name, model.name, model.place, inputs, references, model=model, port=port)
    for port in product.output_ports:
        if product.model(port.name.port):
            continue
        registered = product.making.registered.get(port.name.port)
        if registered is None:
            raise Problem(
                "BUILD003",
                f'Nothing makes port "{port.name}".',
                port.place,
                expected=f"a model {product.path}/models/{port.name.port}.sql or .py, or `registered:` in build.yaml",
                fix=did_you_mean(port.name.port, [model.name for model in product.models]),
            )
        if registered.source not in product.making.sources:
            raise Problem(
                "BUILD002",
                f'The registered table "{registered.port}" names a source that is not declared.',
                registered.place,
                found=registered.source,
                fix=did_you_mean(registered.source, product.making.sources),
            )
        yield Step(
            product.name,
            port.name.port,
            registered.place,
            (StepInput(registered.source, "source"),),
            _references(mesh, product, port),
            registered=registered,
            port=port,
        )


def _input(product: Product, model: Model, name: str) -> StepInput:
    # A model may have the name of what it reads: `models/orders.sql` cleans the source `orders`.
    if product.model(name) and name != model.name:
        port = product.output_port(name)
        return StepInput(name, "model", port.name if port else None)
    if name in product.making.sources:
        return StepInput(name, "source")
    read = next((port for port in product.input_ports if port.name == name), None)
    if read is not None and read.port is not None:
        return StepInput(name, "port", read.port)
    if read is not None:
        raise Problem(
            "BUILD002",
            f'Model "{model.name}" reads input port "{name}", which leads to no product.',
            read.place,
            found=f"contractId {read.contract_id}",
        )
    known = [known for known in declared_names(product) if known != model.name]
    raise Problem(
        "BUILD002",
        f'Model "{model.name}" reads "{name}", which {product.name} does not declare.',
        model.place,
        expected=f"one of {', '.join(known)}" if known else "an input port or a source",
        fix=did_you_mean(name, known) or "Declare it in product.yaml `inputPorts` or build.yaml `sources`.",
    )


def _references(mesh: Mesh, product: Product, port: OutputPort) -> dict[str, PortName]:
    if port.contract is None or port.table is None:
        return {}
    found: dict[str, PortName] = {}
    for name in referred_tables(port.table):
        target = None if is_outside_mesh(name) else target_of(mesh, product, port.contract, name)
        if target is not None and target.port is not None:
            found[name] = target.port
    return found
