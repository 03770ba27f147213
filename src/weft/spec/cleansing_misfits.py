"""The steps of every model's cleansing held against the columns that its query makes."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.cleansing.fit import misfits
from weft.spec.rule import RuleContext


def misfits_of_mesh(context: RuleContext, code: str) -> Iterator[Problem]:
    """Every misfit of one code. A model whose columns are not known yet tells nothing; its build does."""
    for product in context.mesh.products:
        for model in product.models:
            facts = context.models.get((product.name, model.name))
            if model.settings.cleanse and facts is not None and facts.query_columns is not None:
                for problem in misfits(model.settings.cleanse, facts.query_columns):
                    if problem.code == code:
                        yield problem
