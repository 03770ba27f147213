"""A model as an Ibis function: an expression over the inputs' schemas that the engine computes as SQL."""

from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.problem import Problem
from weft.build.run_model.python_function import call_function, load_function, wrong_result
from weft.graph.model_inputs import parameters_of
from weft.spec.making import Model

if TYPE_CHECKING:
    from weft.engine.protocol import Engine


def add_ibis_model(engine: "Engine", model: Model, relation: str, root: Path) -> None:
    """Make the expression of a model readable as `relation`; no row passes through Python."""
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType

    inputs = {}
    for name, _ in parameters_of(model):
        columns = engine.describe(f'FROM "{name}"')
        schema = {column: DuckDBType.from_string(kind) for column, kind in columns.items()}
        inputs[name] = ibis.table(schema, name=name)
    function = load_function(model, root)
    expression = call_function(model, root, function, inputs)
    if not isinstance(expression, ibis.Table):
        raise wrong_result(model, expression, "ibis.Table")
    try:
        sql = str(ibis.to_sql(expression, dialect=engine.dialect))
    except ibis.common.exceptions.IbisError as error:
        raise Problem(
            "MODEL204", f'Model "{model.name}" cannot be said in SQL: {type(error).__name__}.', model.place
        ) from error
    engine.add_view(relation, sql)
