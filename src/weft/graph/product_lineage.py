"""The tables that the models of one product read and make, and the lineage of each model."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem
from weft.graph.arrow_lineage import lineage_of_arrow
from weft.graph.cleansing_lineage import with_cleansing
from weft.graph.column_lineage import lineage_of_sql
from weft.graph.directed_graph import DirectedGraph
from weft.graph.ibis_lineage import lineage_of_ibis
from weft.graph.model_inputs import inputs_of
from weft.graph.model_lineage import ModelLineage, OutputColumn, table_level, uses_of
from weft.graph.origins import Kind, deciding, merge_all
from weft.graph.references import TableKind, TableRef
from weft.spec.column_type import columns_of
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization, Model, ModelLanguage
from weft.spec.mesh import Mesh
from weft.spec.product import OutputPort, Product


@dataclass
class ProductTables:
    """Columns of everything that the models of a product may read, growing as its models are traced."""

    mesh: Mesh
    product: Product
    source_columns: Mapping[tuple[ProductName, str], Mapping[str, str]]
    made: dict[str, ModelLineage] = field(default_factory=dict)  # models traced so far
    partly_known: set[str] = field(default_factory=set)  # names of sources and models that may have more columns

    def __post_init__(self) -> None:
        for name in self.product.making.sources:
            if (self.product.name, name) not in self.source_columns:
                self.partly_known.add(name)

    def source(self, name: str) -> tuple[TableRef, Mapping[str, str]]:
        """A source and its columns, as landed or else as declared."""
        declared = self.product.making.sources[name].columns
        columns = self.source_columns.get((self.product.name, name), declared)
        return TableRef(TableKind.SOURCE, self.product.name, name), columns

    def model(self, name: str) -> TableRef:
        """The table that a model makes: the port of its name, else one on the way."""
        kind = TableKind.PORT if self.product.output_port(name) else TableKind.MODEL
        return TableRef(kind, self.product.name, name)

    def port_columns(self, port: OutputPort) -> dict[str, str]:
        """Columns of a port, as its contract promises them."""
        return columns_of(port.table.columns) if port.table else {}

    def table_read(self, name: str, reader: Model) -> TableRef | None:
        """The table that a name means to a model: another model, an input port or a source, in this order."""
        if name != reader.name and self.product.model(name) is not None:
            return self.model(name)
        port = self.input_port(name)
        if port is not None:
            return TableRef.of_port(port)
        return self.source(name)[0] if name in self.product.making.sources else None

    def input_port(self, name: str) -> PortName | None:
        """The output port that an input port of that name reads."""
        return next((port.port for port in self.product.input_ports if port.name == name), None)

    def columns_read(self, name: str, reader: Model) -> Mapping[str, str]:
        """Columns and types of the table that a name means to a model."""
        if name != reader.name and name in self.made:
            return {column.name: column.type or "" for column in self.made[name].columns}
        port_name = self.input_port(name)
        if port_name is not None:
            port = self.mesh.output_port(port_name)
            return self.port_columns(port) if port else {}
        return self.source(name)[1] if name in self.product.making.sources else {}

    def ordered_models(self) -> tuple[Model, ...]:
        """Models after those that they read; a model that cannot be read stands as given, and so does a circle."""
        names = {model.name for model in self.product.models}
        graph: DirectedGraph[str] = DirectedGraph(sorted(names))
        for model in self.product.models:
            for name in _names_read(model, self.product):
                if name in names and name != model.name:
                    graph.connect(name, model.name)
        by_name = {model.name: model for model in self.product.models}
        return tuple(by_name[name] for name in graph.order())


def trace_model(model: Model, tables: ProductTables) -> ModelLineage:
    """Lineage of one model, remembered in `tables` for the models behind it."""
    lineage = with_cleansing(_trace(model, tables), model.settings.cleanse)
    lineage = _with_contract(model, lineage, tables)
    tables.made[model.name] = lineage
    if not lineage.is_complete:
        tables.partly_known.add(model.name)
    return lineage


def _trace(model: Model, tables: ProductTables) -> ModelLineage:
    port = tables.product.output_port(model.name)
    promised = tables.port_columns(port) if port else {}
    try:
        names = inputs_of(model, tables.product)
    except Problem as problem:  # the rules report it; here nothing is known of it but what it promises
        return table_level(promised, {}, (problem,))
    inputs = {name: tables.columns_read(name, model) for name in names}
    partly_known = {name for name in names if name in tables.partly_known and tables.input_port(name) is None}
    if model.language is ModelLanguage.ARROW:
        columns = port.table.columns if port and port.table else ()
        by_port = {str(p.port): p.name for p in tables.product.input_ports if p.port is not None}
        return lineage_of_arrow(columns, inputs, by_port, model.path)
    if model.language is ModelLanguage.IBIS:
        return lineage_of_ibis(
            model, inputs, tables.mesh.root, output_columns=tuple(promised), partly_known=partly_known
        )
    names_promised = tuple(promised) if promised and partly_known else None
    return lineage_of_sql(model.text, inputs, path=model.path, output_columns=names_promised, partly_known=partly_known)


def _with_contract(model: Model, lineage: ModelLineage, tables: ProductTables) -> ModelLineage:
    """The columns spelt and typed as a contract promises them, and those that the materialization adds."""
    port = tables.product.output_port(model.name)
    promised = {name.casefold(): (name, type_) for name, type_ in (tables.port_columns(port) if port else {}).items()}
    columns = []
    for column in lineage.columns:
        name, type_ = promised.get(column.name.casefold(), (column.name, column.type))
        columns.append(replace(column, name=name, type=type_))
    if model.settings.materialization is Materialization.SNAPSHOT:
        columns = _with_versions(columns)
    is_complete = lineage.is_complete and (bool(columns) or not tables.product.models)
    return replace(lineage, columns=tuple(columns), is_complete=is_complete)


def _with_versions(columns: list[OutputColumn]) -> list[OutputColumn]:
    """The columns that a snapshot adds change when any column of a row does."""
    own = [column for column in columns if column.inputs or column.name not in SNAPSHOT_COLUMNS]
    decided = uses_of(deciding(merge_all([column.origins() for column in own]), Kind.CONDITIONAL))
    there = {column.name.casefold() for column in own}
    return own + [OutputColumn(name, decided, type_) for name, type_ in SNAPSHOT_COLUMNS.items() if name not in there]


def _names_read(model: Model, product: Product) -> tuple[str, ...]:
    try:
        return inputs_of(model, product)
    except Problem:
        return ()
