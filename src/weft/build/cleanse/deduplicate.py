"""Run `deduplicate`."""

from collections.abc import Mapping

from weft.build.cleanse.report import StepReport
from weft.build.cleanse.scratch import ROW, Scratch
from weft.engine.quote import identifier, text_list
from weft.spec.cleansing.deduplicate import Deduplicate
from weft.spec.cleansing.step import spelt

_ROW, _GROUP, _RANK, _SIZE = identifier(ROW), '"weft group"', '"weft rank"', '"weft size"'
TAKEN = "taken from a merged row"


def run_deduplicate(step: Deduplicate, scratch: Scratch, before: str) -> tuple[str, StepReport]:
    """Rows of one key become one.

    A row that lacks any part of the key is nobody's duplicate. Only rows that have one are sorted: finding them is one
    grouping, and the others pass by in their order.
    """
    engine = scratch.engine
    known = engine.describe(f"FROM {identifier(before)}")
    key = {spelt(name, known): f'"weft key {place}"' for place, name in enumerate(step.key)}
    keyed = ", ".join(f"{_compared(step, name, known[name])} AS {alias}" for name, alias in key.items())
    is_whole = " AND ".join(f"{alias} IS NOT NULL" for alias in key.values())
    aliases = ", ".join(key.values())
    compared = scratch.table("compared", f"SELECT *, {keyed} FROM {identifier(before)}")
    rows_in = engine.rows(f"SELECT count(*) FROM {identifier(compared)}")[0][0]
    groups = scratch.table(
        "groups",
        f"SELECT {aliases}, min({_ROW}) AS {_GROUP}, count(*) AS {_SIZE} FROM {identifier(compared)}"
        f" WHERE {is_whole} GROUP BY {aliases} HAVING count(*) > 1",
    )
    ranked = scratch.table(
        "ranked",
        f"SELECT *, row_number() OVER (PARTITION BY {_GROUP} ORDER BY {_better(step, known)}{_ROW}) AS {_RANK}"
        f" FROM {identifier(compared)} JOIN {identifier(groups)} USING ({aliases})",
    )
    values = {spelt(name, known): way for name, way in step.values.items()}
    chosen = scratch.table("chosen", _chosen(step, values, known, ranked))
    columns = ", ".join(_column(name, name in values, "n") for name in known)
    count = f", coalesce(s.{_SIZE}, 1) AS {identifier(step.count)}" if step.count else ""
    after = scratch.table(
        "survivors",
        f"SELECT {columns}{count} FROM {identifier(compared)} AS n"
        f" LEFT JOIN {identifier(chosen)} AS s ON s.{_ROW} = n.{_ROW}"
        f" WHERE n.{_ROW} NOT IN (SELECT {_ROW} FROM {identifier(ranked)} WHERE {_RANK} > 1)",
    )
    rows_out = engine.rows(f"SELECT count(*) FROM {identifier(after)}")[0][0]
    cells = _taken(scratch, values, chosen, ranked)
    named = tuple(dict.fromkeys((*key, *values)))
    notes = _notes(scratch, compared, is_whole)
    return after, StepReport(step.kind, step.said(), named, rows_in, rows_out, cells, notes)


def _compared(step: Deduplicate, name: str, kind: str) -> str:
    value = identifier(name)
    return f"weft_match_key({value})" if step.normalised and kind == "VARCHAR" else value


def _better(step: Deduplicate, known: Mapping[str, str]) -> str:
    """What puts the survivor first; equals stay in the order of their rows."""
    match step.survivor:
        case "newest" | "oldest":
            assert step.by is not None
            return f"{identifier(step.by)} {'DESC' if step.survivor == 'newest' else 'ASC'} NULLS LAST, "
        case "most_complete":
            filled = " + ".join(f"CAST({identifier(name)} IS NOT NULL AS INTEGER)" for name in known)
            return f"{filled} DESC, "
        case "priority":
            return f"{_priority(step)} NULLS LAST, "
    return ""


def _priority(step: Deduplicate) -> str:
    assert step.priority_column is not None
    place = f"list_position({text_list(step.priority)}, CAST({identifier(step.priority_column)} AS VARCHAR))"
    return f"nullif({place}, 0)"


def _chosen(step: Deduplicate, values: Mapping[str, str], known: Mapping[str, str], ranked: str) -> str:
    """One row a group: the survivor's number, and the values that do not come from it."""
    picked = "".join(
        f", ({_aggregate(step, way, identifier(name))}) AS {identifier(name)}" for name, way in values.items()
    )
    return (
        f"SELECT {_GROUP}, min({_ROW}) FILTER (WHERE {_RANK} = 1) AS {_ROW}, any_value({_SIZE}) AS {_SIZE}{picked}"
        f" FROM {identifier(ranked)} GROUP BY {_GROUP}"
    )


def _aggregate(step: Deduplicate, way: str, value: str) -> str:
    """The value that is there and best; equals in the order of their rows, so that a run can be repeated."""
    there = f"FILTER (WHERE {value} IS NOT NULL)"
    match way:
        case "largest":
            return f"max({value})"
        case "smallest":
            return f"min({value})"
        case "longest":
            return f"first({value} ORDER BY length(CAST({value} AS VARCHAR)) DESC, {_ROW}) {there}"
        case "newest" | "oldest":
            assert step.by is not None
            direction = "DESC" if way == "newest" else "ASC"
            return f"first({value} ORDER BY {identifier(step.by)} {direction} NULLS LAST, {_ROW}) {there}"
        case "priority":
            return f"first({value} ORDER BY {_priority(step)} NULLS LAST, {_ROW}) {there}"
        case "most_frequent":
            return f"mode({value} ORDER BY {_ROW})"  # of equally frequent ones that which comes first
    return f"first({value} ORDER BY {_ROW}) {there}"


def _column(name: str, is_chosen: bool, rows: str) -> str:
    column = identifier(name)
    if not is_chosen:
        return f"{rows}.{column}"
    return f"CASE WHEN s.{_ROW} IS NULL THEN {rows}.{column} ELSE s.{column} END AS {column}"


def _taken(scratch: Scratch, values: Mapping[str, str], chosen: str, ranked: str) -> dict[str, dict[str, int]]:
    """Cells of survivors that got another value than their own."""
    if not values:
        return {}
    differing = ", ".join(
        f"count(*) FILTER (WHERE s.{identifier(name)} IS DISTINCT FROM r.{identifier(name)})" for name in values
    )
    found = scratch.engine.rows(
        f"SELECT {differing} FROM {identifier(ranked)} AS r JOIN {identifier(chosen)} AS s USING ({_ROW})"
    )[0]
    return {name: {TAKEN: count} for name, count in zip(values, found, strict=True)}


def _notes(scratch: Scratch, compared: str, is_whole: str) -> tuple[str, ...]:
    lacking = scratch.engine.rows(f"SELECT count(*) FROM {identifier(compared)} WHERE NOT ({is_whole})")[0][0]
    return (f"{lacking:,} rows lack a part of the key and stay as they are",) if lacking else ()
