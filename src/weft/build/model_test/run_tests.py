"""Run the test cases of a product's models on the engine that builds them."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from weft.base.names import ProductName, did_you_mean
from weft.base.problem import Problem
from weft.build.model_test.difference import Difference, Row, difference_of
from weft.build.model_test.typed_rows import add_missing_columns, add_rows
from weft.build.run_model.relation import add_model
from weft.engine.quote import identifier
from weft.graph.model_inputs import inputs_of, parse_query
from weft.spec.column_type import columns_of
from weft.spec.making import Model, ModelLanguage, ModelTest
from weft.spec.mesh import Mesh
from weft.spec.product import Product

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

Columns = Mapping[str, str]


@dataclass(frozen=True)
class ModelTestResult:
    """How one case went."""

    product: ProductName
    case: ModelTest
    duration_seconds: float
    difference: Difference | None = None  # None where it could not run
    problem: Problem | None = None

    @property
    def is_passed(self) -> bool:
        """Whether the rows were as expected."""
        return self.problem is None and not self.difference


def run_model_tests(
    mesh: Mesh,
    product: Product,
    new_engine: "Callable[[], Engine]",
    source_columns: Mapping[str, Columns] | None = None,
) -> Iterator[ModelTestResult]:
    """Run every case of one product.

    Args:
        mesh: whose contracts give the types of inputs.
        product: whose cases are run.
        new_engine: makes a session; every case gets its own.
        source_columns: source -> column -> DuckDB type, as last landed; declared columns win.

    Yields:
        One result a case, in the order of their files.
    """
    for case in product.tests:
        started = time.perf_counter()
        try:
            with new_engine() as engine:
                difference = _run(mesh, product, case, engine, source_columns or {})
        except Problem as problem:
            placed = problem if problem.where else replace(problem, where=case.place)
            yield ModelTestResult(product.name, case, time.perf_counter() - started, problem=placed)
        else:
            yield ModelTestResult(product.name, case, time.perf_counter() - started, difference)


def _run(
    mesh: Mesh, product: Product, case: ModelTest, engine: "Engine", source_columns: Mapping[str, Columns]
) -> Difference:
    model = product.model(case.model)
    if model is None:
        known = [m.name for m in product.models]
        raise Problem(
            "TEST001", f'Model "{case.model}" does not exist.', case.place, fix=did_you_mean(case.model, known)
        )
    _add_inputs(mesh, product, case, engine, source_columns, model, being_made=(model.name,))
    add_model(engine, model, "@found", mesh.root)
    types = engine.describe('FROM "@found"')
    columns = case.columns or tuple(dict.fromkeys(name for row in case.expect for name in row)) or tuple(types)
    for name in columns:
        if name not in types:
            raise Problem(
                "TEST002",
                f'The case expects a column "{name}" that model "{case.model}" does not make.',
                case.place,
                found=", ".join(types),
                fix=did_you_mean(name, types),
            )
    add_rows(engine, "@expected", case.expect, {name: types[name] for name in columns})
    chosen = ", ".join(identifier(name) for name in columns)
    expected: list[Row] = engine.rows(f'SELECT {chosen} FROM "@expected"')
    found: list[Row] = engine.rows(f'SELECT {chosen} FROM "@found"')
    return difference_of(columns, expected, found, ordered=case.ordered)


def _add_inputs(
    mesh: Mesh,
    product: Product,
    case: ModelTest,
    engine: "Engine",
    source_columns: Mapping[str, Columns],
    model: Model,
    being_made: tuple[str, ...],
) -> None:
    """Give a model its inputs: the rows of the case; else another model's own result; else no rows."""
    given = {name.casefold(): rows for name, rows in case.given.items()}
    inputs = inputs_of(model, product)
    for name in inputs:
        upstream = product.model(name)
        types = _types_of(mesh, product, name, source_columns)
        if name.casefold() in given:
            add_rows(engine, name, given[name.casefold()], types)
        elif upstream is not None and name not in being_made:
            _add_inputs(mesh, product, case, engine, source_columns, upstream, (*being_made, name))
            add_model(engine, upstream, name, mesh.root)
        elif types:
            engine.add_empty(name, types)
        else:
            raise Problem(
                "TEST003",
                f'The case gives no rows for "{name}", and its columns are not known.',
                case.place,
                fix=f"Add `{name}:` below `given:`, with at least one row, or declare its columns in build.yaml.",
            )
    _complete_sources(product, engine, model, inputs)


def _complete_sources(product: Product, engine: "Engine", model: Model, inputs: tuple[str, ...]) -> None:
    """Let a case name only the columns of a source that matter to it.

    The columns of a port are known from its contract; those of a source only once it was landed. So a column that the
    query names and no input has can only be one that the case left out.
    """
    sources = [name for name in inputs if product.source(name) is not None]
    if model.language is not ModelLanguage.SQL or len(sources) != 1:
        return
    from sqlglot import exp

    query = parse_query(model.text, model.path)
    known = {column.casefold() for name in inputs for column in engine.describe(f"FROM {identifier(name)}")}
    known |= {alias.alias_or_name.casefold() for alias in query.find_all(exp.Alias, exp.TableAlias)}
    named = dict.fromkeys(column.name for column in query.find_all(exp.Column) if column.name)
    add_missing_columns(engine, sources[0], [name for name in named if name.casefold() not in known])


def _types_of(mesh: Mesh, product: Product, name: str, source_columns: Mapping[str, Columns]) -> Columns:
    source = product.source(name)
    if source is not None:
        return {**source_columns.get(name, {}), **source.columns}
    for port in product.input_ports:
        offered = mesh.output_port(port.port) if port.name == name and port.port else None
        if offered is not None and offered.table is not None:
            return columns_of(offered.table.columns)
    own = product.output_port(name)
    return columns_of(own.table.columns) if own is not None and own.table is not None else {}
