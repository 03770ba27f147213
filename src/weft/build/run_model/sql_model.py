"""A model in SQL: a view, computed when its rows are written."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.problem import Place, Problem
from weft.spec.making import Model

if TYPE_CHECKING:
    from weft.engine.protocol import Engine


def add_sql_model(engine: "Engine", model: Model, relation: str, root: Path) -> None:
    """Make the SELECT of a model readable as `relation`."""
    try:
        engine.add_view(relation, model.text)
    except Problem as problem:
        line = problem.where.line if problem.where else None
        column = problem.where.column if problem.where else None
        place = Place(model.path, line, column)
        raise replace(problem, where=place) from None
