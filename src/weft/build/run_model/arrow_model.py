"""A model as a function on Arrow tables: for what is easier said in Python than in SQL."""

from pathlib import Path
from typing import TYPE_CHECKING

from weft.build.run_model.python_function import call_function, load_function, wrong_result
from weft.graph.model_inputs import parameters_of
from weft.spec.making import Model

if TYPE_CHECKING:
    from weft.engine.protocol import Engine


def add_arrow_model(engine: "Engine", model: Model, relation: str, root: Path) -> None:
    """Run the function of a model on its inputs and keep what it returns as `relation`."""
    import pyarrow as pa

    inputs = {name: engine.arrow(f'FROM "{name}"') for name, _ in parameters_of(model)}
    function = load_function(model, root)
    result = call_function(model, root, function, inputs)
    if isinstance(result, pa.RecordBatchReader):
        result = result.read_all()
    if isinstance(result, pa.RecordBatch):
        result = pa.Table.from_batches([result])
    if not isinstance(result, pa.Table):
        raise wrong_result(model, result, "pyarrow.Table, RecordBatch or RecordBatchReader")
    engine.add_arrow(relation, result)
