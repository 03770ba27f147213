"""Rows that repeat a key, found exactly with one grouping a key.

The grouping is over a hash of the key, eight bytes whatever the key is made of. Only where a hash occurs twice are the
keys themselves compared, so that a collision is never taken for a repeat.
"""

from dataclasses import dataclass

from weft.build.check.promise import KeyPromise
from weft.build.check.staged import Staged
from weft.engine.protocol import Engine
from weft.engine.quote import identifier

_SUSPECTS, _REPEATED = "weft suspected keys", "weft rows of repeated keys"


@dataclass(frozen=True)
class Repeats:
    """What was found of one key."""

    count: int  # rows beyond the first of each key
    # The query for the numbers of rows that break the promise, to be read before the next key is looked at; empty where
    # rows have no numbers, None where no row breaks it.
    held: str | None = None


def find_repeats(
    engine: Engine, staged: Staged, promise: KeyPromise, *, published: str | None = None, only: str = ""
) -> Repeats:
    """Find the rows that repeat a key.

    Of rows that are the same in full the first one keeps the promise; of rows that share a key and differ, none does:
    nobody but the owner can say which is right. A row that repeats a key of the published rows breaks it in any case.

    Args:
        engine: the session.
        staged: the rows.
        promise: the key.
        published: relation of rows that are published already and stay.
        only: what follows the source in FROM, to look at some rows only.
    """
    there = " AND ".join(f"{key} IS NOT NULL" for key in promise.keys)
    where = f"{there} AND {promise.among}" if promise.among else there
    digest = f"hash({', '.join(promise.keys)})"
    hashes = f"SELECT {digest} AS h FROM {staged.source} AS s{only} WHERE {where}"
    if published is not None:
        hashes += f" UNION ALL SELECT {digest} AS h FROM {identifier(published)} WHERE {where}"
    if engine.add_table(_SUSPECTS, f"SELECT h FROM ({hashes}) GROUP BY h HAVING count(*) > 1") == 0:
        return Repeats(0)
    names = [f"k{i}" for i in range(len(promise.keys))]
    keys = ", ".join(f"{key} AS {name}" for key, name in zip(promise.keys, names, strict=True))
    suspected = f"{where} AND {digest} IN (SELECT h FROM {identifier(_SUSPECTS)})"
    old = f"SELECT NULL AS {names[0]} WHERE false"
    if published is not None:
        old = f"SELECT DISTINCT {keys} FROM {identifier(published)} WHERE {suspected}"
    row_id = staged.row_id or "0"
    groups = f"""
        WITH member AS (
            SELECT {row_id} AS rn, {keys}, row({staged.original_columns}) AS whole
            FROM {staged.source} AS s{only} WHERE {suspected}
        ),
        old AS ({old}),
        judged AS (
            SELECT {", ".join(f"m.{name}" for name in names)}, count(*) AS n, min(rn) AS first_rn,
                count(DISTINCT whole) AS kinds, {_is_old(names, published)} AS is_old
            FROM member AS m GROUP BY ALL
        )"""
    if staged.row_id is None:  # rows without numbers can only be counted
        found = engine.rows(
            f"{groups} SELECT sum(CASE WHEN is_old THEN n ELSE n - 1 END) FROM judged WHERE n > 1 OR is_old"
        )
        count = int(found[0][0] or 0)
        return Repeats(count, "" if count else None)
    same = " AND ".join(f"m.{name} = j.{name}" for name in names)
    # Counted and named at once: each look at the rows of suspected keys is a scan of every column.
    held = engine.add_table(
        _REPEATED,
        f"""{groups}
        SELECT rn, is_old OR rn <> first_rn AS is_beyond, is_old OR NOT (kinds = 1 AND rn = first_rn) AS is_held
        FROM member AS m JOIN judged AS j ON {same} WHERE is_old OR n > 1""",
    )
    if held == 0:
        return Repeats(0)
    count = int(engine.rows(f"SELECT count_if(is_beyond) FROM {identifier(_REPEATED)}")[0][0])
    return Repeats(count, f"SELECT rn FROM {identifier(_REPEATED)} WHERE is_held")


def count_repeats(engine: Engine, staged: Staged, promise: KeyPromise) -> int:
    """How many rows stand beyond the first of each key, where nobody asks which."""
    there = " AND ".join([f"{key} IS NOT NULL" for key in promise.keys] + ([promise.among] if promise.among else []))
    groups = f"SELECT count(*) AS n FROM {staged.source} AS s WHERE {there} GROUP BY {', '.join(promise.keys)}"
    return int(engine.rows(f"SELECT coalesce(sum(n - 1), 0) FROM ({groups})")[0][0])


def _is_old(names: list[str], published: str | None) -> str:
    if published is None:
        return "false"
    return f"({', '.join(f'm.{name}' for name in names)}) IN (SELECT ({', '.join(names)}) FROM old)"
