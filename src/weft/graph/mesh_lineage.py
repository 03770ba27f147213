"""Lineage of the whole mesh: from source columns through models and ports to everything that reads them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from weft.base.names import ProductName
from weft.base.problem import Problem
from weft.graph.directed_graph import DirectedGraph
from weft.graph.model_lineage import Exactness, InputUse, ModelLineage
from weft.graph.origins import Kind
from weft.graph.product_graph import ProductGraph
from weft.graph.product_lineage import ProductTables, trace_model
from weft.graph.references import ROWS, ColumnRef, TableRef
from weft.spec.making import Model
from weft.spec.mesh import Mesh
from weft.spec.product import Product


@dataclass(frozen=True)
class TracedTable:
    """One table of the mesh and what is known of its lineage."""

    ref: TableRef
    columns: tuple[str, ...]
    is_complete: bool  # False: there may be columns that are not listed
    owner: str | None
    lineage: ModelLineage | None = None  # None: a source, or a port that nothing in the mesh makes

    @property
    def exactness(self) -> Exactness | None:
        """How the lineage of a made table is known."""
        return self.lineage.exactness if self.lineage else None


@dataclass
class MeshLineage:
    """Columns of all tables and the edges between them.

    A node with the column `*` stands for the rows of a table: filters, joins and groups lead to it, and every column of
    the table depends on it.
    """

    tables: dict[TableRef, TracedTable] = field(default_factory=dict)
    columns: DirectedGraph[ColumnRef] = field(default_factory=DirectedGraph)
    between_tables: DirectedGraph[TableRef] = field(default_factory=DirectedGraph)
    kinds: dict[tuple[ColumnRef, ColumnRef], tuple[Kind, ...]] = field(default_factory=dict)
    _decided: frozenset[ColumnRef] | None = field(default=None, repr=False)

    @property
    def notes(self) -> tuple[Problem, ...]:
        """Where lineage could only be read roughly."""
        return tuple(note for table in self.tables.values() if table.lineage for note in table.lineage.notes)

    def decided_rows(self) -> frozenset[ColumnRef]:
        """Row nodes about which some column decides, in their own table or above it."""
        if self._decided is None:
            decided: set[ColumnRef] = set()
            for node in self.columns.order():
                if node.is_rows and any(up in decided or not up.is_rows for up in self.columns.upstream(node)):
                    decided.add(node)
            self._decided = frozenset(decided)
        return self._decided

    def connect(self, source: ColumnRef, target: ColumnRef, kinds: tuple[Kind, ...]) -> None:
        """Add an edge between two columns, and between their tables."""
        self.columns.connect(source, target)
        self.kinds[source, target] = kinds
        self.between_tables.connect(source.table, target.table)


def trace_mesh(
    mesh: Mesh,
    *,
    source_columns: Mapping[tuple[ProductName, str], Mapping[str, str]] | None = None,
    products: Collection[ProductName] | None = None,
) -> MeshLineage:
    """Lineage of every column of a mesh.

    Args:
        mesh: the mesh.
        source_columns: columns and DuckDB types of sources as they were landed, by product and source; without them a
            source has the columns that build.yaml names and those that models name.
        products: trace the models of these only; the tables of the others are there all the same.
    """
    traced = MeshLineage()
    graph = ProductGraph(mesh)
    for name in graph.order:
        product = graph.product_by_name[name]
        tables = ProductTables(mesh, product, source_columns or {})
        _add_sources(product, tables, traced)
        wanted = products is None or name in products
        for model in tables.ordered_models() if wanted else ():
            lineage = trace_model(model, tables)
            _add_model(product, model, lineage, tables, traced)
        _add_ports(product, tables, traced)
    return traced


def _add_sources(product: Product, tables: ProductTables, traced: MeshLineage) -> None:
    for name in product.making.sources:
        ref, columns = tables.source(name)
        traced.tables[ref] = TracedTable(ref, tuple(columns), name not in tables.partly_known, product.owner)
        _add_nodes(ref, columns, traced)


def _add_model(
    product: Product, model: Model, lineage: ModelLineage, tables: ProductTables, traced: MeshLineage
) -> None:
    ref = tables.model(model.name)
    columns = tuple(column.name for column in lineage.columns)
    traced.tables[ref] = TracedTable(ref, columns, lineage.is_complete, product.owner, lineage)
    _add_nodes(ref, columns, traced)
    for column in lineage.columns:
        _connect(column.inputs, ColumnRef(ref, column.name), model, tables, traced)
    rows = ColumnRef(ref, ROWS)
    _connect(lineage.rows, rows, model, tables, traced)
    for name in lineage.tables:
        read = tables.table_read(name, model)
        if read is not None:
            traced.connect(ColumnRef(read, ROWS), rows, (Kind.ROWS,))


def _connect(
    uses: Iterable[InputUse], target: ColumnRef, model: Model, tables: ProductTables, traced: MeshLineage
) -> None:
    for use in uses:
        read = tables.table_read(use.input.table, model)
        if read is None:
            continue
        source = ColumnRef(read, use.input.column)
        is_new = source not in traced.columns
        traced.connect(source, target, use.kinds)
        above = tables.product.model(read.name) if is_new and read.product == tables.product.name else None
        lineage = tables.made.get(read.name) if above is not None else None
        if above is not None and lineage is not None and lineage.unlisted is not None:
            # A star could not list the column before a model named it.
            _connect(lineage.unlisted(source.column), source, above, tables, traced)


def _add_ports(product: Product, tables: ProductTables, traced: MeshLineage) -> None:
    """Ports that no model makes: registered ones come from their source, column by column."""
    for port in product.output_ports:
        ref = TableRef.of_port(port.name)
        if ref in traced.tables:
            continue
        columns = tables.port_columns(port)
        registered = product.making.registered.get(port.name.port)
        source = registered.source if registered and registered.source in product.making.sources else None
        traced.tables[ref] = TracedTable(ref, tuple(columns), bool(columns), product.owner)
        _add_nodes(ref, columns, traced)
        if source is None:
            continue
        read, _ = tables.source(source)
        for column in columns:
            traced.connect(ColumnRef(read, column), ColumnRef(ref, column), (Kind.IDENTITY,))
        traced.connect(ColumnRef(read, ROWS), ColumnRef(ref, ROWS), (Kind.ROWS,))


def _add_nodes(ref: TableRef, columns: Iterable[str], traced: MeshLineage) -> None:
    traced.between_tables.add(ref)
    for column in (*columns, ROWS):
        traced.columns.add(ColumnRef(ref, column))
