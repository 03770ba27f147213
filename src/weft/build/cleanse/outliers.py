"""Run `outliers`: fences by median or quartiles; the forest has a file of its own."""

from collections.abc import Mapping

from weft.build.cleanse.cells import CHANGED, EMPTIED, Rewrite, rewrite
from weft.build.cleanse.isolation_forest import mark_by_forest
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import Scratch
from weft.engine.quote import identifier
from weft.spec.cleansing.outliers import CLIP, FLAG, FOREST, IQR, Outliers
from weft.spec.cleansing.step import spelt

FLAGGED = "flagged"
_SCALE = 0.6744897501960817  # median absolute deviation of the standard normal distribution
_FLOATING = ("FLOAT", "REAL", "DOUBLE")


def run_outliers(step: Outliers, scratch: Scratch, before: str) -> tuple[str, StepReport]:
    """Values far from the others are marked, emptied or brought to the fence.

    Raises:
        Problem: CLEANSE007, the forest needs scikit-learn.
    """
    known = scratch.engine.describe(f"FROM {identifier(before)}")
    columns = tuple(spelt(name, known) for name in step.columns)
    if step.method == FOREST:
        return _forest(step, scratch, before, columns)
    groups = tuple(spelt(name, known) for name in step.by)
    fences = scratch.table("fences", _fences(step, before, columns, groups, known))
    on = " AND ".join(f"f.{identifier(name)} IS NOT DISTINCT FROM r.{identifier(name)}" for name in groups)
    source = f"{identifier(before)} AS r LEFT JOIN {identifier(fences)} AS f ON {on or 'true'}"
    flags = {spelt(name, known): flag for name, flag in step.flags().items()}
    rewrites = [_rewrite(step, name, place, known[name], flags.get(name)) for place, name in enumerate(columns)]
    after, rows, cells = rewrite(scratch, before, rewrites, source=source)
    cells = {name: cells[flags.get(name, name)] for name in columns}
    notes = _notes(scratch, fences, columns, bool(groups))
    return after, StepReport(step.kind, step.said(), columns, rows, rows, cells, notes)


def _fences(
    step: Outliers, before: str, columns: tuple[str, ...], groups: tuple[str, ...], known: Mapping[str, str]
) -> str:
    """One row a group: for each column the least and greatest value that is no outlier, NULL where nothing spreads.

    Half of the values or more may be one and the same. Their spread is 0 then, every other value would be infinitely
    far away, and nothing can be said.
    """
    found = [f"r.{identifier(name)} AS {identifier(name)}" for name in groups]
    for place, name in enumerate(columns):
        value = f"CAST(r.{identifier(name)} AS DOUBLE)"
        finite = f" FILTER (WHERE isfinite({value}))" if _is_floating(known[name]) else ""
        if step.method == IQR:
            low, high = f"quantile_cont({value}, 0.25){finite}", f"quantile_cont({value}, 0.75){finite}"
            spread = f"nullif({high} - {low}, 0)"
            width = f"{step.limit!r} * {spread}"
        else:
            low = high = f"median({value}){finite}"
            width = f"{step.limit / _SCALE!r} * nullif(mad({value}){finite}, 0)"
        found += [f"{low} - {width} AS low{place}", f"{high} + {width} AS high{place}"]
        found.append(f"count({value}) AS filled{place}")
    grouped = f" GROUP BY {', '.join(f'r.{identifier(name)}' for name in groups)}" if groups else ""
    return f"SELECT {', '.join(found)} FROM {identifier(before)} AS r{grouped}"


def _rewrite(step: Outliers, column: str, place: int, kind: str, flag: str | None) -> Rewrite:
    value = f"r.{identifier(column)}"
    number = f"CAST({value} AS DOUBLE)"
    is_outside = f"coalesce({number} < f.low{place} OR {number} > f.high{place}, false)"
    if _is_floating(kind):
        is_outside = f"({is_outside} OR coalesce(NOT isfinite({value}), false))"
    if flag is not None:
        return Rewrite(flag, is_outside, {FLAGGED: is_outside}, is_new=True)
    if step.treatment != CLIP:
        return Rewrite(column, f"CASE WHEN NOT {is_outside} THEN {value} END", {EMPTIED: is_outside})
    # A whole number must not be rounded past its fence.
    low, high = f"f.low{place}", f"f.high{place}"
    if "INT" in kind:
        low, high = f"ceil({low})", f"floor({high})"
    nothing = f"WHEN isnan({value}) THEN NULL " if _is_floating(kind) else ""
    clipped = (
        f"CASE {nothing}WHEN {number} < f.low{place} THEN CAST({low} AS {kind})"
        f" WHEN {number} > f.high{place} THEN CAST({high} AS {kind}) ELSE {value} END"
    )
    counts = {CHANGED: f"({clipped}) IS NOT NULL AND ({clipped}) <> {value}"}
    if nothing:
        counts[EMPTIED] = f"coalesce(isnan({value}), false)"
    return Rewrite(column, clipped, counts)


def _forest(step: Outliers, scratch: Scratch, before: str, columns: tuple[str, ...]) -> tuple[str, StepReport]:
    marked = mark_by_forest(step, scratch, before, columns)
    is_outside = 'coalesce(m."weft outlier", false)'
    source = f'{identifier(before)} AS r LEFT JOIN {identifier(marked.marks)} AS m USING ("weft row")'
    if step.treatment == FLAG:
        rewrites = [Rewrite(step.adds()[0], is_outside, {FLAGGED: is_outside}, is_new=True)]
    else:
        rewrites = [
            Rewrite(name, f"CASE WHEN NOT {is_outside} THEN r.{identifier(name)} END", {EMPTIED: is_outside})
            for name in columns
        ]
    after, rows, cells = rewrite(scratch, before, rewrites, source=source)
    notes = (f"{rows - marked.judged:,} rows lack a value and were not judged",) if rows > marked.judged else ()
    return after, StepReport(step.kind, step.said(), columns, rows, rows, cells, notes)


def _notes(scratch: Scratch, fences: str, columns: tuple[str, ...], is_grouped: bool) -> tuple[str, ...]:
    unjudged = ", ".join(f"count(*) FILTER (WHERE filled{i} > 0 AND low{i} IS NULL)" for i in range(len(columns)))
    found = scratch.engine.rows(f"SELECT {unjudged} FROM {identifier(fences)}")[0]
    return tuple(
        f"{name} has no spread in {count:,} group{'' if count == 1 else 's'} and was not judged there"
        if is_grouped
        else f"{name} has no spread and was not judged"
        for name, count in zip(columns, found, strict=True)
        if count
    )


def _is_floating(kind: str) -> bool:
    return kind in _FLOATING
