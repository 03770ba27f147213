"""Column lineage of an Ibis model: its expression is built on empty tables, and the SQL of it is traced.

Building the expression runs the model's function, so it runs where the model's own code would run anyway; no row
is read. A model that cannot be built falls back to its tables, and a note says why.
"""

import importlib.util
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from weft.base.problem import Place, Problem, Severity
from weft.graph.column_lineage import lineage_of_sql
from weft.graph.model_inputs import MODEL_FUNCTION
from weft.graph.model_lineage import ModelLineage, table_level
from weft.spec.making import Model


def lineage_of_ibis(
    model: Model,
    inputs: Mapping[str, Mapping[str, str]],
    root: Path,
    *,
    output_columns: Sequence[str] = (),
    partly_known: Collection[str] = (),
) -> ModelLineage:
    """Lineage of every column of an Ibis model.

    Args:
        model: the model.
        inputs: columns and DuckDB types of its inputs, by the names of its parameters.
        root: folder of the mesh, against which the model's path is read.
        output_columns: columns to tell of where the model cannot be built.
        partly_known: names of inputs that may have more columns than are listed.
    """
    unknown = sorted(name for name, columns in inputs.items() if not columns or name in partly_known)
    columns = dict.fromkeys(output_columns, "")
    if unknown:
        what = f"Columns of {', '.join(unknown)} are not known before it is landed; only the tables are told."
        return table_level(columns, inputs, (_note("LINEAGE011", what, model),))
    try:
        text = ibis_sql(model, inputs, root)
    except Exception as error:  # the user's function may raise anything
        what = f"The model could not be built on empty tables ({type(error).__name__}); only its tables are told."
        return table_level(columns, inputs, (_note("LINEAGE010", what, model),))
    return lineage_of_sql(text, inputs, path=model.path)


def ibis_sql(model: Model, inputs: Mapping[str, Mapping[str, str]], root: Path) -> str:
    """The DuckDB SQL of an Ibis model, whose tables are its inputs by name.

    Raises:
        Exception: whatever the model's function raises.
    """
    import ibis
    from ibis.backends.sql.datatypes import DuckDBType

    function = load_function(root / model.path)
    tables = {
        name: ibis.table({column: DuckDBType.from_string(type_) for column, type_ in columns.items()}, name=name)
        for name, columns in inputs.items()
    }
    return str(ibis.to_sql(function(**tables), dialect="duckdb"))


def load_function(path: Path) -> Callable[..., Any]:
    """The function `model` of a file, its module loaded under a name of its own."""
    name = f"weft_model_{abs(hash(path)):x}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path.name} is no Python file")
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickling look modules up by name
    try:
        spec.loader.exec_module(module)
    finally:
        sys.modules.pop(name, None)
    return getattr(module, MODEL_FUNCTION)  # type: ignore[no-any-return]


def _note(code: str, what: str, model: Model) -> Problem:
    return Problem(code, what, Place(model.path), severity=Severity.INFO)
