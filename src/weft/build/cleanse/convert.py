"""Run `convert`."""

from collections.abc import Mapping

from weft.base.problem import Problem
from weft.base.units import Unit, conversion
from weft.build.cleanse.cells import CHANGED, EMPTIED, Rewrite, rewrite
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import Scratch
from weft.engine.quote import identifier, text
from weft.spec.cleansing.convert import EMPTY, FAIL, Convert
from weft.spec.cleansing.step import spelt

UNKNOWN_UNIT = "of unknown unit"


def run_convert(step: Convert, scratch: Scratch, before: str) -> tuple[str, StepReport]:
    """Numbers brought to one unit.

    Raises:
        Problem: CLEANSE006, a row's unit is not known and the step says `on_error: fail`.
    """
    known = scratch.engine.describe(f"FROM {identifier(before)}")
    columns = tuple(spelt(name, known) for name in step.columns)
    unit = spelt(step.unit_column, known) if step.unit_column else None
    rewrites = [_rewrite(step, column, unit) for column in columns]
    if unit is not None:
        rewrites.append(_rewrite_unit(step, unit))
    after, rows, cells = rewrite(scratch, before, rewrites)
    broken = sum(counts.get(UNKNOWN_UNIT, 0) for counts in cells.values())
    if step.on_error == FAIL and broken:
        raise Problem(
            "CLEANSE006",
            f'Rows have a unit in "{unit}" that cannot be converted to {step.to}.',
            step.place,
            found=f"{broken:,} cells",
            expected=f"one of {', '.join(step.units_of_rows())}",
            fix="Declare the unit in `factors:`, mend the source, or say `on_error: keep` or `empty`.",
        )
    return after, StepReport(step.kind, step.said(), columns, rows, rows, cells)


def _rewrite(step: Convert, column: str, unit: str | None) -> Rewrite:
    value, target = f"CAST({identifier(column)} AS DOUBLE)", step.unit(step.to)
    assert target is not None, step
    if unit is None:
        start = step.unit(step.start or "")
        assert start is not None, step
        converted = _rounded(step, _converted(value, start, target))
        counts = {CHANGED: f"({converted}) IS DISTINCT FROM {value}"}
        return Rewrite(column, converted, counts)
    name = f"weft_trim({identifier(unit)})"
    converted = _rounded(step, _by_unit(name, value, step.units_of_rows(), target))
    is_known = f"{name} IN ({', '.join(text(known) for known in step.units_of_rows())})"
    is_lost = f"{value} IS NOT NULL AND coalesce(NOT {is_known}, true)"
    otherwise = "NULL" if step.on_error == EMPTY else value
    expression = f"CASE WHEN {is_known} THEN {converted} ELSE {otherwise} END"
    counts = {CHANGED: f"{is_known} AND ({converted}) IS DISTINCT FROM {value}", UNKNOWN_UNIT: is_lost}
    if step.on_error == EMPTY:
        counts[EMPTIED] = is_lost
    return Rewrite(column, expression, counts)


def _rewrite_unit(step: Convert, unit: str) -> Rewrite:
    """Afterwards the column of units says what the numbers are in; a unit that is not known stays to be seen."""
    value = identifier(unit)
    names = ", ".join(text(known) for known in step.units_of_rows())
    expression = f"CASE WHEN weft_trim({value}) IN ({names}) THEN {text(step.to)} ELSE {value} END"
    return Rewrite(unit, expression, {CHANGED: f"({expression}) IS DISTINCT FROM {value}"})


def _by_unit(name: str, value: str, units: Mapping[str, Unit], target: Unit) -> str:
    cases = " ".join(f"WHEN {text(unit)} THEN {_converted(value, start, target)}" for unit, start in units.items())
    return f"CASE {name} {cases} END"


def _converted(value: str, start: Unit, target: Unit) -> str:
    """One formula; a unit is not converted to itself, which could cost the last digit."""
    if start == target:
        return value
    add, factor, take = conversion(start, target)
    moved = f"({value} + {add!r}::DOUBLE)" if add else value
    scaled = f"{moved} * {factor!r}::DOUBLE"
    return f"({scaled} - {take!r}::DOUBLE)" if take else f"({scaled})"


def _rounded(step: Convert, value: str) -> str:
    return value if step.decimals is None else f"round({value}, {step.decimals})"
