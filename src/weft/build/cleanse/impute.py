"""Run `impute`."""

from collections.abc import Mapping

from weft.base.problem import Problem
from weft.build.cleanse.cells import Rewrite, rewrite
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import ROW, Scratch
from weft.engine.quote import identifier, text, text_list
from weft.spec.cleansing.impute import CONSTANT, FORWARD, LIST, LIST_NAME, MEAN, MEDIAN, Impute
from weft.spec.cleansing.step import spelt

IMPUTED = "imputed"
_ROW, _COUNT = identifier(ROW), '"weft count"'


def run_impute(step: Impute, scratch: Scratch, before: str) -> tuple[str, StepReport]:
    """Empty cells get a value, and each is marked.

    Raises:
        Problem: CLEANSE004, the constant is no value of the column's type.
    """
    known = scratch.engine.describe(f"FROM {identifier(before)}")
    columns = tuple(spelt(name, known) for name in step.columns)
    groups = tuple(spelt(name, known) for name in step.by)
    source, fills = f"{identifier(before)} AS r", {}
    for place, name in enumerate(columns):
        if step.method == CONSTANT:
            fills[name] = _constant(step, scratch, name, known[name])
            continue
        values = scratch.table("fills", _values(step, before, name, groups, known))
        fills[name] = f"f{place}.fill"
        on = [f"f{place}.g{i} IS NOT DISTINCT FROM r.{identifier(group)}" for i, group in enumerate(groups)]
        on = [f"f{place}.{_ROW} = r.{_ROW}"] if step.method == FORWARD else on
        source += f" LEFT JOIN {identifier(values)} AS f{place} ON {' AND '.join(on) or 'true'}"
    rewrites = [_filled(name, fills[name]) for name in columns]
    rewrites += _marks(step, fills, known)
    after, rows, cells = rewrite(scratch, before, rewrites, source=source)
    left = {name: counts.pop("left empty") for name, counts in cells.items()}
    notes = tuple(f"{name}: {count:,} cells had nothing to be filled from" for name, count in left.items() if count)
    return after, StepReport(step.kind, step.said(), columns, rows, rows, cells, notes)


def _filled(column: str, fill: str) -> Rewrite:
    value = f"r.{identifier(column)}"
    counts = {
        IMPUTED: f"{value} IS NULL AND {fill} IS NOT NULL",
        "left empty": f"{value} IS NULL AND {fill} IS NULL",
    }
    return Rewrite(column, f"coalesce({value}, {fill})", counts)


def _marks(step: Impute, fills: Mapping[str, str], known: Mapping[str, str]) -> list[Rewrite]:
    is_imputed = {name: f"(r.{identifier(name)} IS NULL AND {fill} IS NOT NULL)" for name, fill in fills.items()}
    if step.mark != LIST:
        marks = {spelt(name, known): mark for name, mark in step.marks().items()}
        return [Rewrite(marks[name], condition, is_new=True) for name, condition in is_imputed.items()]
    names = " || ".join(
        f"CASE WHEN {condition} THEN {text_list([name])} ELSE []::VARCHAR[] END"
        for name, condition in is_imputed.items()
    )
    there = spelt(LIST_NAME, known)
    if there in known:
        return [Rewrite(there, f"coalesce(r.{identifier(there)}, []) || {names}")]
    return [Rewrite(LIST_NAME, names, is_new=True)]


def _constant(step: Impute, scratch: Scratch, column: str, kind: str) -> str:
    assert step.value is not None, step
    fits = scratch.engine.rows(f"SELECT TRY_CAST({text(step.value)} AS {kind}) IS NOT NULL")[0][0]
    if not fits:
        raise Problem(
            "CLEANSE004",
            f'The declared value of the step "impute" is none that the column "{column}" can hold.',
            step.place,
            expected=kind,
        )
    return f"CAST({text(step.value)} AS {kind})"


def _values(step: Impute, before: str, column: str, groups: tuple[str, ...], known: Mapping[str, str]) -> str:
    """The values to fill in: one row a group, or of `forward` one row an empty cell."""
    value, kind = identifier(column), known[column]
    if step.method == FORWARD:
        partition = f"PARTITION BY {', '.join(map(identifier, groups))} " if groups else ""
        order = ", ".join(identifier(spelt(name, known)) for name in step.order)
        window = f"({partition}ORDER BY {order}, {_ROW} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
        carried = f"last_value({value} IGNORE NULLS) OVER {window}"
        return (
            f"SELECT {_ROW}, fill FROM (SELECT {_ROW}, {value} AS own, {carried} AS fill FROM {identifier(before)})"
            " WHERE own IS NULL"
        )
    named = "".join(f"{identifier(name)} AS g{place}, " for place, name in enumerate(groups))
    grouped = f" GROUP BY {', '.join(map(identifier, groups))}" if groups else ""
    origin = f"{identifier(before)}"
    if step.method in (MEAN, MEDIAN):
        number = f"CAST({value} AS DOUBLE)"
        finite = f"FILTER (WHERE isfinite({number}))"
        function = "avg" if step.method == MEAN else "median"
        return f"SELECT {named}CAST({function}({number}) {finite} AS {kind}) AS fill FROM {origin}{grouped}"
    # The most frequent value; of equally frequent ones the smallest, so that a run can be repeated.
    inner = ", ".join([*map(identifier, groups), value])
    counted = f"(SELECT {inner}, count(*) AS {_COUNT} FROM {origin} WHERE {value} IS NOT NULL GROUP BY {inner})"
    return f"SELECT {named}first({value} ORDER BY {_COUNT} DESC, {value}) AS fill FROM {counted}{grouped}"
