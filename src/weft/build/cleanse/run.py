"""Run the steps of a cleansing one after the other."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from weft.base.problem import Problems
from weft.build.cleanse.convert import run_convert
from weft.build.cleanse.deduplicate import run_deduplicate
from weft.build.cleanse.impute import run_impute
from weft.build.cleanse.outliers import run_outliers
from weft.build.cleanse.parse import run_parse
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import ROW, Scratch
from weft.build.cleanse.trim import run_trim
from weft.engine.quote import identifier
from weft.spec.cleansing.fit import misfits
from weft.spec.cleansing.step import CleansingStep

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_RUNNERS: Mapping[str, Callable[[Any, Scratch, str], tuple[str, StepReport]]] = {
    "trim": run_trim,
    "parse": run_parse,
    "convert": run_convert,
    "deduplicate": run_deduplicate,
    "outliers": run_outliers,
    "impute": run_impute,
}
_IN_PLACE = ("trim", "parse", "convert")  # these join nothing, so rows stay in their order


def cleanse(engine: "Engine", steps: Sequence[CleansingStep], before: str, after: str) -> tuple[StepReport, ...]:
    """Make the cleansed rows of one relation readable as another.

    The rows are computed once at the beginning and once at the end: what is counted on the way is of the very rows that
    are checked and published, even where a model gives others each time it is asked.

    Args:
        engine: the session that knows the rows.
        steps: what is done, in this order.
        before: relation of the rows as they were made.
        after: relation that is made.

    Raises:
        Problems: CLEANSE003 to CLEANSE005, a step does not fit its columns.
        Problem: of a step.
    """
    problems = tuple(misfits(steps, engine.describe(f"FROM {identifier(before)}")))
    if problems:
        raise Problems(problems)
    reports = []
    with Scratch(engine, after) as scratch:
        relation = scratch.table(
            "made", f"SELECT *, row_number() OVER () AS {identifier(ROW)} FROM {identifier(before)}"
        )
        for step in steps:
            relation, report = _RUNNERS[step.kind](step, scratch, relation)
            reports.append(report)
        order = "" if all(step.kind in _IN_PLACE for step in steps) else f" ORDER BY {identifier(ROW)}"
        rows = engine.add_table(after, f"SELECT * EXCLUDE ({identifier(ROW)}) FROM {identifier(relation)}{order}")
    _accounted(reports, rows)
    return tuple(reports)


def _accounted(reports: Sequence[StepReport], rows: int) -> None:
    """A row that nobody can account for is a bug."""
    outs = [report.rows_out for report in reports]
    ins = [report.rows_in for report in reports[1:]]
    if outs[:-1] != ins or outs[-1:] != [rows] or any(report.rows_merged < 0 for report in reports):
        raise AssertionError(f"rows of a cleansing do not add up: {rows} after {reports}")
