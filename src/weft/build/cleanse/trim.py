"""Run `trim`."""

from weft.build.cleanse.cells import Rewrite, changed_cells, rewrite
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import Scratch
from weft.engine.quote import identifier
from weft.spec.cleansing.step import spelt
from weft.spec.cleansing.trim import Trim


def run_trim(step: Trim, scratch: Scratch, before: str) -> tuple[str, StepReport]:
    """Texts without what nobody meant to write."""
    known = scratch.engine.describe(f"FROM {identifier(before)}")
    columns = tuple(spelt(name, known) for name in step.columns)
    rewrites = []
    for column in columns:
        expression = trimmed(step, identifier(column))
        rewrites.append(Rewrite(column, expression, changed_cells(column, expression)))
    after, rows, cells = rewrite(scratch, before, rewrites)
    return after, StepReport(step.kind, step.said(), columns, rows, rows, cells)


def trimmed(step: Trim, value: str) -> str:
    """The SQL of it.

    The form comes before the blanks: NFKC makes ordinary spaces of others.
    """
    if step.normalise:
        value = f"weft_{step.normalise.lower()}({value})"
    if step.visible:
        value = f"weft_visible({value})"
    value = f"weft_collapse({value})" if step.collapse else f"weft_trim({value})"
    if step.case:
        value = f"{'weft_title' if step.case == 'title' else step.case}({value})"
    return f"nullif({value}, '')" if step.empty_as_null else value
