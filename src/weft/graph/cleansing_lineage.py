"""What a declared cleansing adds to the lineage of its model: further ways, further columns, and the steps by name."""

from collections.abc import Sequence
from dataclasses import replace

from weft.graph.model_lineage import ModelLineage, OutputColumn, uses_of
from weft.graph.origins import Kind, Origins, computed, deciding, merge, merge_all
from weft.spec.cleansing.step import CleansingStep, Effect


def with_cleansing(lineage: ModelLineage, steps: Sequence[CleansingStep]) -> ModelLineage:
    """The lineage of the rows after the steps.

    Args:
        lineage: of the model's own query.
        steps: its cleansing, in their order.
    """
    for step in steps:
        lineage = _after(lineage, step)
    return lineage


def _after(lineage: ModelLineage, step: CleansingStep) -> ModelLineage:
    changed = {effect.column.casefold(): effect for effect in step.effects(tuple(c.name for c in lineage.columns))}
    columns = []
    for column in lineage.columns:
        effect = changed.pop(column.name.casefold(), None)
        if effect is not None:
            steps = (*column.cleansing, step.kind)
            column = replace(column, inputs=uses_of(_origins(lineage, effect)), cleansing=steps)
        columns.append(column)
    added = {name.casefold() for name in step.adds()}
    # A column that a star did not list is there all the same; one that the step adds is new.
    for folded, effect in changed.items():
        if lineage.is_complete and folded not in added and not _is_known(lineage, effect):
            continue
        columns.append(OutputColumn(effect.column, uses_of(_origins(lineage, effect)), None, (step.kind,)))
    deciding_rows = merge_all(_of(lineage, name) for name in step.decides_rows())
    rows = lineage.rows
    if deciding_rows:
        before: Origins = {use.input: frozenset(use.kinds) for use in rows}
        rows = uses_of(merge(before, deciding(deciding_rows, Kind.GROUP_BY)))
    row_steps = (*lineage.cleansing, step.kind) if step.decides_rows() else lineage.cleansing
    return replace(lineage, columns=tuple(columns), rows=rows, cleansing=row_steps)


def _origins(lineage: ModelLineage, effect: Effect) -> Origins:
    parts = []
    for name, way in effect.sources:
        kind, origins = Kind(way), _of(lineage, name)
        parts.append(computed(origins, kind) if kind.is_direct else deciding(origins, kind))
    return merge_all(parts)


def _of(lineage: ModelLineage, name: str) -> Origins:
    column = lineage.column(name)
    if column is not None:
        return column.origins()
    uses = lineage.unlisted(name) if lineage.unlisted is not None else ()
    return {use.input: frozenset(use.kinds) for use in uses}


def _is_known(lineage: ModelLineage, effect: Effect) -> bool:
    """Whether a step makes the column without saying that it adds it: a list of marks that it may continue."""
    return bool(effect.sources) and effect.column.casefold() not in {name.casefold() for name, _ in effect.sources}
