"""Compile the models of a mesh without any data: what they read, which columns they make, what does not fit.

A SQL model is bound by the engine itself against empty tables that have the columns of its inputs: the promised ones
of input ports, the landed ones of sources, the compiled ones of other models. Where the columns of an input are not
known yet (a source that was never landed), the model's own are not known either, and nothing is reported.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from weft.base.names import ProductName
from weft.base.problem import Place, Problem
from weft.build.bind_problem import bind_problem
from weft.engine.protocol import Engine
from weft.graph.directed_graph import DirectedGraph
from weft.graph.model_inputs import declared_names, names_in_sql, parameters_of
from weft.spec.cleansing.fit import columns_after
from weft.spec.column_type import columns_of
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization, Model, ModelLanguage
from weft.spec.mesh import Mesh
from weft.spec.product import Product
from weft.spec.rule import ModelFacts

DOES_NOT_PARSE, NOT_ONE_QUERY = "MODEL101", "MODEL102"

Columns = Mapping[str, str]
Reads = tuple[tuple[str, Place | None], ...]

# Table functions that make rows out of their arguments alone; all others read files or databases past the graph.
_PURE_TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "values", "generateseries", "explodinggenerateseries"}


def compile_models(
    mesh: Mesh,
    engine: Engine,
    source_columns: Mapping[tuple[ProductName, str], Columns],
    *,
    only: Iterable[ProductName] | None = None,
) -> dict[tuple[ProductName, str], ModelFacts]:
    """Facts about every model.

    Args:
        mesh: the declared mesh.
        engine: a session of its own; it is left without the relations that are made here.
        source_columns: columns and DuckDB types of sources as they were landed, by product and source.
        only: products to compile; default: all.
    """
    wanted = None if only is None else set(only)
    facts: dict[tuple[ProductName, str], ModelFacts] = {}
    for product in mesh.products:
        if wanted is None or product.name in wanted:
            for fact in _compile_product(mesh, product, engine, source_columns):
                facts[product.name, fact.model] = fact
    return facts


def _compile_product(
    mesh: Mesh, product: Product, engine: Engine, source_columns: Mapping[tuple[ProductName, str], Columns]
) -> list[ModelFacts]:
    texts = {model.name: _read_text(product, model) for model in product.models}
    session = _Session(engine, _declared_columns(mesh, product, source_columns))
    facts = []
    try:
        for name in _order(product, texts):
            model = product.model(name)
            assert model is not None, name
            fact = session.compile(product, model, texts[name])
            facts.append(fact)
            session.offer(name, _columns_for_readers(product, model, fact))
    finally:
        session.close()
    return facts


def _order(product: Product, facts_by_model: Mapping[str, ModelFacts]) -> tuple[str, ...]:
    """Every model after those that it reads; circles as they come, for a rule reports them."""
    model_by_folded = {name.casefold(): name for name in facts_by_model}
    graph: DirectedGraph[str] = DirectedGraph(sorted(facts_by_model))
    for name, fact in facts_by_model.items():
        for read, _ in fact.reads:
            upstream = model_by_folded.get(read.casefold())
            if upstream is not None and upstream != name:
                graph.connect(upstream, name)
    return graph.order()


def _declared_columns(
    mesh: Mesh, product: Product, source_columns: Mapping[tuple[ProductName, str], Columns]
) -> dict[str, Columns | None]:
    """Columns of everything outside that the product's models may read; None where they are not known."""
    columns: dict[str, Columns | None] = {}
    for source in product.making.sources:
        columns[source] = source_columns.get((product.name, source))
    for port in product.input_ports:
        offered = mesh.output_port(port.port) if port.port else None
        table = offered.table if offered else None
        columns[port.name] = columns_of(table.columns) if table and table.columns else None
    return columns


def _columns_for_readers(product: Product, model: Model, fact: ModelFacts) -> Columns | None:
    """Columns that other models of the product see: those compiled, else those promised."""
    columns = fact.columns
    if columns is None:
        port = product.output_port(model.name)
        table = port.table if port else None
        columns = columns_of(table.columns) if table and table.columns else None
    if columns is not None and model.settings.materialization is Materialization.SNAPSHOT:
        columns = {**columns, **SNAPSHOT_COLUMNS}
    return columns


@dataclass
class _Session:
    """Empty tables in an engine, under the names that models read."""

    engine: Engine
    columns_by_name: dict[str, Columns | None]
    made: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.columns_by_name = {name.casefold(): columns for name, columns in self.columns_by_name.items()}

    def offer(self, name: str, columns: Columns | None) -> None:
        """From now on the name means this; a model hides the input that it is named as."""
        self.columns_by_name[name.casefold()] = columns
        self._forget(name.casefold())

    def compile(self, product: Product, model: Model, fact: ModelFacts) -> ModelFacts:
        """Add the columns that the model makes, or what keeps it from making them."""
        if fact.problem is not None or model.language is not ModelLanguage.SQL:
            return fact
        declared = {name.casefold() for name in declared_names(product)}
        read = {name.casefold() for name, _ in fact.reads}
        if not read <= declared or any(self.columns_by_name.get(name) is None for name in read):
            return fact
        known: dict[str, Columns] = {name: self.columns_by_name[name] or {} for name in read}
        try:
            for name, columns in known.items():
                if name not in self.made:
                    self.engine.add_empty(name, columns)
                    self.made.add(name)
            columns = self.engine.describe(model.text)
        except Problem as problem:
            told = bind_problem(problem, model, known)
            return ModelFacts(fact.product, fact.model, fact.reads, None, told)
        cleansed = columns_after(model.settings.cleanse, columns)
        return ModelFacts(fact.product, fact.model, fact.reads, cleansed, query_columns=columns)

    def close(self) -> None:
        """Take the empty tables away."""
        for name in tuple(self.made):
            self._forget(name)

    def _forget(self, name: str) -> None:
        if name in self.made:
            self.engine.drop(name)
            self.made.discard(name)


def _read_text(product: Product, model: Model) -> ModelFacts:
    """What the text alone tells: the names that it reads, or that it cannot be read."""
    try:
        if model.language is ModelLanguage.SQL:
            reads: Reads = (*names_in_sql(model.text, model.path), *_table_functions(model))
        else:
            reads = parameters_of(model)
    except Problem as problem:
        is_one = model.language is not ModelLanguage.SQL or not _parses(model.text)
        told = Problem(
            DOES_NOT_PARSE if is_one else NOT_ONE_QUERY,
            f'Model "{model.name}": {problem.what}',
            problem.where,
            problem.found,
            problem.expected,
            problem.fix,
        )
        return ModelFacts(product.name, model.name, (), None, told)
    return ModelFacts(product.name, model.name, reads)


def _parses(text: str) -> bool:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        sqlglot.parse(text, dialect="duckdb")
    except SqlglotError:
        return False
    return True


def _table_functions(model: Model) -> Reads:
    """Calls such as `read_csv('...')` in a FROM, which are inputs that nobody declared."""
    if "(" not in model.text:
        return ()
    from sqlglot import exp

    from weft.graph.model_inputs import parse_query

    found = []
    for table in parse_query(model.text, model.path).find_all(exp.Table):
        function = table.this
        if isinstance(function, exp.Identifier) or function is None:
            continue
        name = function.name if isinstance(function, exp.Anonymous) else function.sql_name()
        if name.casefold() not in _PURE_TABLE_FUNCTIONS:
            found.append((f"{name.lower()}(...)", Place(model.path, *_position_in(model.text, name))))
    return tuple(found)


def _position_in(text: str, word: str) -> tuple[int, int]:
    """Line and column of the first call of a function, the text's start where it is written otherwise."""
    at = text.casefold().find(word.casefold() + "(")
    if at < 0:
        return 1, 1
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
