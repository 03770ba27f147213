"""Correct held-back rows, by a file of corrected values or by a query over them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.build.quarantine.batches import ADDED_COLUMNS
from weft.build.quarantine.correction_file import add_correction_file
from weft.build.quarantine.corrections import apply_corrections
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, subquery
from weft.spec.contract import Table

if TYPE_CHECKING:
    import pyarrow as pa

HELD = "weft held rows"  # as they were held back, numbered by `_row`
CANDIDATE = "weft corrected rows"  # with the columns of the contract, and `_row`
AS_HELD = "weft rows as held"  # the same with the columns of the contract and `_row` only
CHANGED = "weft changed rows"  # the numbers of the rows that a correction made others
DROPPED = "weft dropped rows"  # the numbers of the rows that a query left out
QUARANTINED = "quarantined"  # what a query calls the rows
_FIX = "weft corrections to make"


@dataclass(frozen=True)
class Change:
    """How far a correction reached."""

    rows: int = 0
    unmatched: int = 0  # lines of the file that fit no row
    dropped: int = 0  # rows that a query left out
    is_stored: bool = False  # corrections that are kept already


def correct_rows(
    engine: Engine,
    new_engine: Callable[[], Engine],
    quarantine: str,
    columns: Mapping[str, str],
    table: Table,
    folder: Path,
    fix: Path | None,
    sql: str | None,
) -> Change:
    """Make the corrected rows readable as `CANDIDATE`, the others among them as they are.

    Without a file or a query, corrections that are kept already are made.

    Args:
        engine: the session that knows the quarantine.
        new_engine: starts another one, in which the query can read nothing but the rows.
        quarantine: relation of the held-back rows.
        columns: its columns and types.
        table: of the contract.
        folder: the port's quarantine.
        fix: a file with the key columns and corrected columns; an empty cell means no value.
        sql: a SELECT over `quarantined` that keeps the column `_row`, or the key.

    Raises:
        Problem: QUARANTINE003 to QUARANTINE007.
    """
    engine.add_table(HELD, f"SELECT row_number() OVER () AS _row, * FROM {identifier(quarantine)}")
    known = {name.casefold(): name for name in columns}
    names = [column.stored_name for column in table.columns]
    values = [identifier(known[name.casefold()]) if name.casefold() in known else "NULL" for name in names]
    selected = ", ".join(f"{value} AS {identifier(name)}" for value, name in zip(values, names, strict=True))
    engine.add_view(AS_HELD, f"SELECT _row, {selected} FROM {identifier(HELD)}")
    engine.add_empty(DROPPED, {"_row": "BIGINT"})
    if fix is not None:
        return _by_file(engine, table, names, fix)
    if sql is not None:
        return _by_query(engine, new_engine, table, names, sql)
    stored = apply_corrections(engine, AS_HELD, table, folder)
    engine.add_table(CANDIDATE, f"SELECT * FROM {identifier(stored)} ORDER BY _row")
    return Change(_note_changed(engine, names), is_stored=True)


def assignments(pairs: Sequence[str], where: str | None, columns: Sequence[str]) -> str:
    """The query that `--set "column = expression"` and `--where` stand for.

    Raises:
        Problem: QUARANTINE005, a column is unknown; QUARANTINE007, a text is no assignment.

    >>> assignments(["total = abs(total)"], "total < 0", ["total"])
    'SELECT * REPLACE (CASE WHEN (total < 0) THEN (abs(total)) ELSE "total" END AS "total") FROM quarantined'
    """
    by_folded = {name.casefold(): name for name in columns}
    changed = {}
    for pair in pairs:
        name, equals, expression = pair.partition("=")
        written = name.strip().strip('"')
        if not equals or not expression.strip():
            raise Problem(
                "QUARANTINE007",
                "A text of --set is no assignment.",
                expected="column = expression",
                fix='Such as --set "status = lower(trim(status))".',
            )
        column = by_folded.get(written.casefold())
        if column is None:
            raise Problem(
                "QUARANTINE005",
                f'--set names a column "{written}", which the contract has not.',
                fix=did_you_mean(written, columns),
            )
        value, quoted = f"({expression.strip()})", identifier(column)
        changed[column] = f"CASE WHEN ({where}) THEN {value} ELSE {quoted} END" if where else value
    replaced = ", ".join(f"{value} AS {identifier(column)}" for column, value in changed.items())
    return f"SELECT * REPLACE ({replaced}) FROM {QUARANTINED}"


def _by_file(engine: Engine, table: Table, names: list[str], fix: Path) -> Change:
    place = Place(str(fix))
    if not fix.is_file():
        raise Problem("QUARANTINE003", "The correction file is not there.", place)
    key = table.primary_key
    if not key:
        raise Problem(
            "QUARANTINE004",
            "The contract has no primary key, so that lines of a file cannot be matched with rows.",
            table.place,
            fix=f'Correct by a query: --sql "SELECT * REPLACE (... AS column) FROM {QUARANTINED}"',
        )
    add_correction_file(engine, fix, _FIX)
    given = list(engine.describe(f"FROM {identifier(_FIX)}"))
    by_folded = {name.casefold(): name for name in names}
    for name in given:
        if name.casefold() not in by_folded:
            raise Problem(
                "QUARANTINE005",
                f'The correction file has a column "{name}", which the contract has not.',
                place,
                fix=did_you_mean(name, names),
            )
    folded = {name.casefold() for name in given}
    missing = [name for name in key if name.casefold() not in folded]
    changed = [by_folded[name.casefold()] for name in given if name.casefold() not in {k.casefold() for k in key}]
    if missing or not changed:
        raise Problem(
            "QUARANTINE005",
            "The correction file needs the key columns and at least one column to correct.",
            place,
            found=", ".join(given),
            expected=f"{', '.join(key)} and corrected columns",
        )
    same = " AND ".join(f"CAST(h.{identifier(k)} AS VARCHAR) = c.{identifier(k)}" for k in key)
    listed = ", ".join(f"c.{identifier(k)}" for k in key)
    repeated = engine.rows(f"SELECT 1 FROM {identifier(_FIX)} AS c GROUP BY {listed} HAVING count(*) > 1 LIMIT 1")
    if repeated:
        raise Problem("QUARANTINE006", "The correction file corrects a row twice.", place, fix="Keep one line a key.")
    columns = [
        f"CASE WHEN c.{identifier(key[0])} IS NULL THEN CAST(h.{identifier(name)} AS VARCHAR)"
        f" ELSE c.{identifier(name)} END AS {identifier(name)}"
        if name in changed
        else f"h.{identifier(name)}"
        for name in names
    ]
    held = f"{identifier(AS_HELD)} AS h LEFT JOIN {identifier(_FIX)} AS c ON {same}"
    engine.add_table(CANDIDATE, f"SELECT h._row, {', '.join(columns)} FROM {held} ORDER BY h._row")
    unmatched = engine.rows(
        f"SELECT count(*) FROM {identifier(_FIX)} AS c ANTI JOIN {identifier(AS_HELD)} AS h ON {same}"
    )
    return Change(_note_changed(engine, names), int(unmatched[0][0]))


def _by_query(engine: Engine, new_engine: Callable[[], Engine], table: Table, names: list[str], sql: str) -> Change:
    result = "weft corrected by query"
    engine.add_arrow("weft answer", _ask_alone(engine, new_engine, sql))
    engine.add_table(result, "FROM " + identifier("weft answer"))
    engine.drop("weft answer")
    found = {name.casefold() for name in engine.describe(f"FROM {identifier(result)}")}
    missing = [name for name in names if name.casefold() not in found]
    if "_row" not in found and not missing and _is_key(engine, table):
        same = " AND ".join(f"h.{identifier(k)} IS NOT DISTINCT FROM c.{identifier(k)}" for k in table.primary_key)
        engine.add_table(
            "weft known by key",
            f"SELECT h._row, c.* FROM {identifier(result)} AS c LEFT JOIN {identifier(AS_HELD)} AS h ON {same}",
        )
        result = "weft known by key"
    elif "_row" not in found:
        missing.insert(0, "_row")
    if missing:
        raise Problem(
            "QUARANTINE007",
            "The query leaves out columns that are needed.",
            found=f"without {', '.join(missing)}",
            expected="`_row`, which tells rows apart, and every column of the contract",
            fix=f"Begin with SELECT * and use REPLACE: SELECT * REPLACE (abs(total) AS total) FROM {QUARANTINED}",
        )
    wrong = engine.rows(
        f"SELECT count(*) - count(DISTINCT _row) + count(*) FILTER (WHERE _row IS NULL"
        f" OR _row NOT IN (SELECT _row FROM {identifier(HELD)})) FROM {identifier(result)}"
    )
    if wrong[0][0]:
        raise Problem("QUARANTINE007", "The query must give each row at most once, with its `_row` as it was.")
    listed = ", ".join(("_row", *(identifier(name) for name in names)))
    engine.add_table(CANDIDATE, f"SELECT {listed} FROM {identifier(result)} ORDER BY _row")
    dropped = engine.add_table(
        DROPPED, f"SELECT _row FROM {identifier(HELD)} WHERE _row NOT IN (SELECT _row FROM {identifier(result)})"
    )
    return Change(_note_changed(engine, names), dropped=dropped)


def _ask_alone(engine: Engine, new_engine: Callable[[], Engine], sql: str) -> "pa.Table":
    """Run the query in a session that can open no file and knows the rows only."""
    added = ", ".join(f"h.{name}" for name in ADDED_COLUMNS)
    rows = engine.arrow(
        f"SELECT r.*, {added} FROM {identifier(AS_HELD)} AS r JOIN {identifier(HELD)} AS h USING (_row) ORDER BY _row"
    )
    with new_engine() as alone:
        alone.add_arrow(QUARANTINED, rows)
        alone.lock_down([])
        return alone.arrow(f"SELECT * FROM {subquery(sql)}")


def _is_key(engine: Engine, table: Table) -> bool:
    """Whether the contract's key tells all held rows apart."""
    if not table.primary_key:
        return False
    key = ", ".join(identifier(name) for name in table.primary_key)
    ((rows, different),) = engine.rows(f"SELECT count(*), count(DISTINCT ({key})) FROM {identifier(AS_HELD)}")
    return bool(rows == different)


def _note_changed(engine: Engine, names: list[str]) -> int:
    """Keep the numbers of the rows in which a value differs from what was held back."""

    def values(alias: str) -> str:
        return ", ".join(f"CAST({alias}.{identifier(name)} AS VARCHAR)" for name in names)

    return engine.add_table(
        CHANGED,
        f"SELECT c._row FROM {identifier(CANDIDATE)} AS c JOIN {identifier(AS_HELD)} AS h USING (_row)"
        f" WHERE [{values('c')}] IS DISTINCT FROM [{values('h')}]",
    )
