"""Whether the steps of a cleansing fit the columns that they meet, told before any row is read."""

from collections.abc import Iterable, Iterator, Mapping

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.cleansing.step import NUMBER, CleansingStep, is_kind, spelt

COLUMN_UNKNOWN, TYPE_UNFIT, COLUMN_TAKEN = "CLEANSE003", "CLEANSE004", "CLEANSE005"


def misfits(steps: Iterable[CleansingStep], columns: Mapping[str, str]) -> Iterator[Problem]:
    """Every column that a step reads and that is not there, is of the wrong kind, or is made a second time.

    Args:
        steps: in their order.
        columns: columns and DuckDB types of the model's query.
    """
    for step in steps:
        found = list(_misfits(step, columns))
        yield from found
        if any(problem.code == COLUMN_UNKNOWN for problem in found):
            return  # what the later steps meet is not known
        columns = step.columns_after(columns)


def columns_after(steps: Iterable[CleansingStep], columns: Mapping[str, str]) -> dict[str, str]:
    """Columns and types after all steps that fit; those before where one does not."""
    steps = tuple(steps)
    if any(problem.code == COLUMN_UNKNOWN for problem in misfits(steps, columns)):
        return dict(columns)
    for step in steps:
        columns = step.columns_after(columns)
    return dict(columns)


def _misfits(step: CleansingStep, columns: Mapping[str, str]) -> Iterator[Problem]:
    folded = {name.casefold() for name in columns}
    for name, kind in step.reads().items():
        if name.casefold() not in folded:
            yield Problem(
                COLUMN_UNKNOWN,
                f'The step "{step.kind}" names the column "{name}", which is not there.',
                step.place,
                expected=f"one of {', '.join(columns)}",
                fix=did_you_mean(name, columns),
            )
        elif not is_kind(columns[spelt(name, columns)], kind):
            yield Problem(
                TYPE_UNFIT,
                f'The step "{step.kind}" cannot work on the column "{name}".',
                step.place,
                found=columns[spelt(name, columns)],
                expected="numbers" if kind == NUMBER else "texts",
                fix="Read it as a number first, with the step `parse` and `on_error: empty`."
                if kind == NUMBER
                else None,
            )
    for name in step.adds():
        if name.casefold() in folded:
            yield Problem(
                COLUMN_TAKEN,
                f'The step "{step.kind}" adds the column "{name}", which is there already.',
                step.place,
                fix="Let the model name its own column otherwise.",
            )
