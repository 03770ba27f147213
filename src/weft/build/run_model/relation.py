"""A model as a relation of an engine session, whatever it is written in."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from weft.build.cleanse.report import StepReport
from weft.build.cleanse.run import cleanse
from weft.build.run_model.arrow_model import add_arrow_model
from weft.build.run_model.ibis_model import add_ibis_model
from weft.build.run_model.sql_model import add_sql_model
from weft.spec.making import Model, ModelLanguage

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_BY_LANGUAGE: Mapping[ModelLanguage, "Callable[[Engine, Model, str, Path], None]"] = {
    ModelLanguage.SQL: add_sql_model,
    ModelLanguage.IBIS: add_ibis_model,
    ModelLanguage.ARROW: add_arrow_model,
}


def add_model(engine: "Engine", model: Model, relation: str, root: Path) -> tuple[StepReport, ...]:
    """Make the rows of `model` readable as `relation`, cleansed as its settings declare.

    Args:
        engine: a session that has a relation for every name that the model reads.
        model: what is run.
        relation: the name that it gets.
        root: the mesh's folder; Python models are imported from below it.

    Returns:
        What each step of the cleansing did; nothing where none is declared.

    Raises:
        Problem: ENGINE0xx for SQL that cannot run, MODEL20x for a Python model that fails, CLEANSE0xx for a step of
            the cleansing that does not fit.
    """
    if not model.settings.cleanse:
        _BY_LANGUAGE[model.language](engine, model, relation, root)
        return ()
    made = f"{relation} before cleansing"
    try:
        _BY_LANGUAGE[model.language](engine, model, made, root)
        return cleanse(engine, model.settings.cleanse, made, relation)
    finally:
        engine.drop(made)
