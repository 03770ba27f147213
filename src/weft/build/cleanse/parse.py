"""Run `parse`."""

from weft.base.problem import Problem
from weft.build.cleanse.cells import CHANGED, EMPTIED, Rewrite, rewrite
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import Scratch
from weft.engine.quote import identifier, text, text_list
from weft.spec.cleansing.parse import FAIL, KEEP, Parse
from weft.spec.cleansing.step import spelt

UNREADABLE, READ = "not readable", "read"


def run_parse(step: Parse, scratch: Scratch, before: str) -> tuple[str, StepReport]:
    """Texts read as a type.

    Raises:
        Problem: CLEANSE006, a cell cannot be read and the step says `on_error: fail`.
    """
    known = scratch.engine.describe(f"FROM {identifier(before)}")
    columns = tuple(spelt(name, known) for name in step.columns)
    rewrites = [_rewrite(step, column) for column in columns]
    after, rows, cells = rewrite(scratch, before, rewrites)
    broken = {column: counts[UNREADABLE] for column, counts in cells.items() if counts.get(UNREADABLE)}
    if step.on_error == FAIL and broken:
        column, count = next(iter(broken.items()))
        raise Problem(
            "CLEANSE006",
            f'The column "{column}" has cells that cannot be read as {step.type}.',
            step.place,
            found=f"{count:,} cells" + (f"; {len(broken) - 1} more columns" if len(broken) > 1 else ""),
            expected="only cells in the declared formats, as the step says `on_error: fail`",
            fix="Declare the further format, mend the source, or say `on_error: keep` or `empty`.",
        )
    return after, StepReport(step.kind, step.said(), columns, rows, rows, cells)


def parsed(step: Parse, value: str) -> str:
    """The SQL that reads a text; NULL where it cannot."""
    match step.type:
        case "date":
            return _first_that_fits("weft_date", value, step.formats)
        case "timestamp":
            return _first_that_fits("weft_timestamp", value, step.formats)
        case "boolean":
            return f"weft_boolean({value}, {text_list(step.true_words)}, {text_list(step.false_words)})"
    number = f"weft_number({value}, {text(step.decimal_mark)}, {text(step.group_mark)})"
    if step.scale is None:
        return f"TRY_CAST({number} AS {step.sql_type})"
    # A digit too many would be rounded away without a word: such a number is not of the declared type.
    digits = f"length(rtrim(split_part({number}, '.', 2), '0')) <= {step.scale}"
    return f"CASE WHEN {digits} THEN TRY_CAST({number} AS {step.sql_type}) END"


def _first_that_fits(function: str, value: str, formats: tuple[str, ...]) -> str:
    # One call a format: what the first reads as a year of two digits may be meant for the next.
    return f"coalesce({', '.join(f'{function}({value}, {text(each)})' for each in formats)})"


def _rewrite(step: Parse, column: str) -> Rewrite:
    value = identifier(column)
    read = parsed(step, value)
    # A text of blanks only says nothing, so it is not unreadable but empty.
    filled = f"nullif(weft_trim({value}), '') IS NOT NULL"
    counts = {UNREADABLE: f"({read}) IS NULL AND {filled}"}
    if step.on_error == KEEP:
        # The contract judges what stayed: its promise of a type holds such a row back.
        expression = f"CASE WHEN {filled} THEN coalesce(CAST({read} AS VARCHAR), {value}) END"
        counts = {
            CHANGED: f"({expression}) IS NOT NULL AND ({expression}) <> {value}",
            EMPTIED: f"{value} IS NOT NULL AND NOT ({filled})",
            **counts,
        }
        return Rewrite(column, expression, counts)
    counts = {READ: f"({read}) IS NOT NULL", EMPTIED: f"({read}) IS NULL AND {value} IS NOT NULL", **counts}
    return Rewrite(column, read, counts)
