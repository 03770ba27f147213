"""Correct held-back rows, by a file of corrected values or by a query over them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.build.quarantine import ADDED_COLUMNS
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, subquery, text
from weft.spec.contract import Table

HELD = "weft held rows"  # as they were held back, numbered by `_row`
CANDIDATE = "weft corrected rows"  # with the columns of the contract, and `_row`
AS_HELD = "weft rows as held"  # the same with the columns of the contract and `_row` only
CHANGED = "weft changed rows"  # the numbers of the rows that a correction made others
QUARANTINED = "quarantined"  # what a query calls the rows
_FIX = "weft corrections to make"


@dataclass(frozen=True)
class Change:
    """How far a correction reached."""

    rows: int = 0
    unmatched: int = 0  # lines of the file that fit no row


def correct_rows(
    engine: Engine, quarantine: str, columns: Mapping[str, str], table: Table, fix: Path | None, sql: str | None
) -> Change:
    """Make the corrected rows readable as `CANDIDATE`, the others among them as they are.

    Args:
        engine: the session that knows the quarantine.
        quarantine: relation of the held-back rows.
        columns: its columns and types.
        table: of the contract.
        fix: a CSV file with the key columns and corrected columns; an empty cell means no value.
        sql: a SELECT over `quarantined` that keeps the column `_row`.

    Raises:
        Problem: QUARANTINE003 to QUARANTINE007.
    """
    engine.add_table(HELD, f"SELECT row_number() OVER () AS _row, * FROM {identifier(quarantine)}")
    known = {name.casefold(): name for name in columns}
    names = [column.stored_name for column in table.columns]
    values = [identifier(known[name.casefold()]) if name.casefold() in known else "NULL" for name in names]
    selected = ", ".join(f"{value} AS {identifier(name)}" for value, name in zip(values, names, strict=True))
    engine.add_view(AS_HELD, f"SELECT _row, {selected} FROM {identifier(HELD)}")
    if fix is not None:
        return _by_file(engine, table, names, fix)
    if sql is not None:
        return _by_query(engine, names, sql)
    engine.add_view(CANDIDATE, f"FROM {identifier(AS_HELD)}")
    engine.add_empty(CHANGED, {"_row": "BIGINT"})
    return Change()


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
    engine.add_table(_FIX, f"SELECT * FROM read_csv({text(str(fix))}, header = true, all_varchar = true)")
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


def _by_query(engine: Engine, names: list[str], sql: str) -> Change:
    added = ", ".join(f"h.{name}" for name in ADDED_COLUMNS)
    engine.add_view(
        QUARANTINED, f"SELECT r.*, {added} FROM {identifier(AS_HELD)} AS r JOIN {identifier(HELD)} AS h USING (_row)"
    )
    result = "weft corrected by query"
    engine.add_table(result, f"SELECT * FROM {subquery(sql)}")
    found = {name.casefold() for name in engine.describe(f"FROM {identifier(result)}")}
    missing = [name for name in ("_row", *names) if name.casefold() not in found]
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
    engine.add_table(
        CANDIDATE,
        f"SELECT {listed} FROM {identifier(result)} UNION ALL"
        f" SELECT {listed} FROM {identifier(AS_HELD)} WHERE _row NOT IN (SELECT _row FROM {identifier(result)})"
        f" ORDER BY _row",
    )
    return Change(_note_changed(engine, names))


def _note_changed(engine: Engine, names: list[str]) -> int:
    """Keep the numbers of the rows in which a value differs from what was held back."""

    def values(alias: str) -> str:
        return ", ".join(f"CAST({alias}.{identifier(name)} AS VARCHAR)" for name in names)

    return engine.add_table(
        CHANGED,
        f"SELECT c._row FROM {identifier(CANDIDATE)} AS c JOIN {identifier(AS_HELD)} AS h USING (_row)"
        f" WHERE [{values('c')}] IS DISTINCT FROM [{values('h')}]",
    )
