"""Column lineage of an Arrow model: what its contract declares in `transformSourceObjects`.

Rows pass through Python there, so nothing can be read off. A declared source is written `table.column` with an input's
name, or `domain/product.column` with the port that the input reads. A column that declares nothing is taken to
depend on every column of every input, and a note says so.
"""

from collections.abc import Mapping, Sequence

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem, Severity
from weft.graph.model_lineage import Exactness, ModelLineage, OutputColumn, table_level, uses_of
from weft.graph.origins import InputColumn, Kind
from weft.spec.contract import Column

_DECLARED = frozenset((Kind.DECLARED,))
_TABLE = frozenset((Kind.TABLE,))


def lineage_of_arrow(
    columns: Sequence[Column],
    inputs: Mapping[str, Mapping[str, str]],
    input_by_port: Mapping[str, str],
    path: str,
) -> ModelLineage:
    """Lineage as a contract declares it.

    Args:
        columns: columns of the contract's table; none for a model that is no port.
        inputs: columns of the model's inputs, by their names.
        input_by_port: name of the input that reads a port, by the port's name.
        path: file of the model, for notes.
    """
    notes: list[Problem] = []
    declared = {column.stored_name: _sources(column, inputs, input_by_port, notes) for column in columns}
    if not any(declared.values()):
        what = "An Arrow model without transformSourceObjects in its contract: only its tables are known."
        note = Problem(
            "LINEAGE012",
            what,
            Place(path),
            fix="Write `transformSourceObjects: [calls.ship_imo]` at each column of the contract.",
            severity=Severity.INFO,
        )
        return table_level({column.stored_name: "" for column in columns}, inputs, (*notes, note))
    every = {InputColumn(table, column): _TABLE for table, known in inputs.items() for column in known}
    silent = [name for name, sources in declared.items() if not sources]
    if silent:
        what = f"No transformSourceObjects at {', '.join(silent)}: taken to depend on every column that is read."
        notes.append(Problem("LINEAGE013", what, Place(path), severity=Severity.INFO))
    return ModelLineage(
        columns=tuple(
            OutputColumn(name, uses_of(dict.fromkeys(sources, _DECLARED) if sources else every))
            for name, sources in declared.items()
        ),
        tables=tuple(sorted(inputs)),
        exactness=Exactness.DECLARED,
        notes=tuple(notes),
    )


def _sources(
    column: Column,
    inputs: Mapping[str, Mapping[str, str]],
    input_by_port: Mapping[str, str],
    notes: list[Problem],
) -> list[InputColumn]:
    table_by_name = {name.casefold(): name for name in inputs} | dict(input_by_port)
    found = []
    for written in column.transform_source_objects:
        table, dot, name = written.rpartition(".")
        known = table_by_name.get(table) or table_by_name.get(table.casefold())
        if not dot or known is None:
            what = f'transformSourceObjects of "{column.name}" names "{written}", which the model does not read.'
            fix = did_you_mean(table, [*inputs, *input_by_port])
            notes.append(Problem("LINEAGE014", what, column.place, fix=fix, severity=Severity.WARNING))
            continue
        columns = inputs[known]
        stored = next((c for c in columns if c.casefold() == name.casefold()), None)
        if stored is None and columns:
            what = f'transformSourceObjects of "{column.name}" names "{written}"; "{known}" has no such column.'
            fix = did_you_mean(name, columns)
            notes.append(Problem("LINEAGE014", what, column.place, fix=fix, severity=Severity.WARNING))
            continue
        found.append(InputColumn(known, stored or name))
    return found
