"""Rows that refer to nothing, found with one semi-join a relationship."""

from weft.build.check.promise import ReferencePromise
from weft.build.check.staged import Staged


def orphans(staged: Staged, promise: ReferencePromise, target: str, only: str = "") -> str:
    """The query for the numbers of rows whose key is not found.

    Args:
        staged: the rows.
        promise: the relationship.
        target: a query or relation with the columns that it leads to.
        only: what follows the source in FROM, to look at some rows only.
    """
    names = [f"k{i}" for i in range(len(promise.keys))]
    keys = ", ".join(f"{key} AS {name}" for key, name in zip(promise.keys, names, strict=True))
    there = " AND ".join(f"{key} IS NOT NULL" for key in promise.keys)
    columns = ", ".join(f"{column} AS r{i}" for i, column in enumerate(promise.to_columns))
    same = " AND ".join(f"a.{name} = b.r{i}" for i, name in enumerate(names))
    if promise.is_within_list:
        elements = (
            f"SELECT {staged.row_id or '0'} AS rn, unnest({promise.keys[0]}) AS k0 FROM {staged.source} AS s{only}"
        )
        return (
            f"SELECT a.rn FROM (SELECT rn, k0 FROM ({elements}) WHERE k0 IS NOT NULL) AS a"
            f" ANTI JOIN (SELECT {columns} FROM {target}) AS b ON {same}"
        )
    return (
        f"SELECT a.rn FROM (SELECT {staged.row_id or '0'} AS rn, {keys} FROM {staged.source} AS s{only}"
        f" WHERE {there}) AS a ANTI JOIN (SELECT {columns} FROM {target}) AS b ON {same}"
    )
