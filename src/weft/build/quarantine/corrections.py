"""Corrections of held-back rows: kept beside the quarantine and made again on every later build.

A table that is made anew brings the broken row back each time. So a correction is kept with a digest of the row that it
was made for, and applies wherever that very row is made again. Where the source mends or changes the row in any column,
the digest no longer fits and the source is believed.
"""

from datetime import datetime
from pathlib import Path

from weft.base.stored_file import DIGEST
from weft.build.check.types import casts_of
from weft.build.quarantine.pending_file import as_pending
from weft.build.quarantine.row_digest import own_columns, row_digest
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.spec.column_type import columns_of
from weft.spec.contract import Table

CORRECTED = "weft corrected"
_CORRECTIONS = "weft corrections"
_NEXT = "-next-"


def corrections_of(folder: Path) -> list[Path]:
    """The files of a port's corrections, oldest first.

    Args:
        folder: the port's quarantine.
    """
    return sorted((folder / "corrections").glob("*.parquet"))


def waiting_corrections(folder: Path) -> list[str]:
    """Names of corrections that the next build is to take in, whatever else there is to do.

    Args:
        folder: the port's quarantine.
    """
    return [path.name for path in corrections_of(folder) if _NEXT in path.name]


def keep_corrections(
    engine: Engine,
    table: Table,
    originals: str,
    corrected: str,
    folder: Path,
    *,
    run_id: str,
    actor: str,
    at: datetime,
    is_next: bool = False,
) -> Path | None:
    """Keep what was corrected in a file that is pending; None where there is nothing.

    Args:
        engine: the session that knows the relations.
        table: of the contract.
        originals: relation of the rows as they were held back, numbered by `_row`.
        corrected: relation of the rows that now keep the contract, with the same numbers.
        folder: the port's quarantine.
        run_id: of the replay, which names the file.
        actor: who corrected.
        at: when.
        is_next: whether the next build is to take it in.
    """
    digest = row_digest(table, engine.describe(f"FROM {identifier(originals)}"))
    casts = casts_of(table, engine.describe(f"FROM {identifier(corrected)}"))
    columns = ", ".join(f"{cast.expression} AS {identifier(cast.column)}" for cast in casts)
    digests = f"SELECT _row, {digest} AS _match FROM {identifier(originals)}"
    query = (
        f"SELECT DISTINCT ON (_match) _match, {columns}, {text(actor)} AS _by,"
        f" CAST({text(at.isoformat())} AS TIMESTAMPTZ) AS _at"
        f" FROM {identifier(corrected)} JOIN ({digests}) USING (_row) ORDER BY _match, _row"
    )
    name = f"{at:%Y%m%dT%H%M%S}-{run_id}{_NEXT if is_next else '-'}{DIGEST}.parquet"
    written = engine.write_parquet(query, str(folder / "corrections" / name))
    path = Path(written.path)
    if written.rows == 0:
        path.unlink()
        return None
    return as_pending(path)


def apply_corrections(engine: Engine, relation: str, table: Table, folder: Path) -> str:
    """Make a candidate readable with its corrections; where there are none, nothing is done.

    Args:
        engine: the session that knows the candidate.
        relation: the candidate.
        table: of the contract.
        folder: the port's quarantine.

    Returns:
        The relation to check: the same, or one with the same columns and types.
    """
    paths = corrections_of(folder)
    made = engine.describe(f"FROM {identifier(relation)}")
    columns = columns_of(own_columns(table))  # what a history adds is not there yet
    known = {name.casefold() for name in made}
    if not paths or not {name.casefold() for name in columns} <= known:
        return relation  # without its columns the candidate is refused anyway
    engine.add_parquet(_CORRECTIONS, [str(path) for path in paths])
    corrected = {name.casefold() for name in engine.describe(f"FROM {identifier(_CORRECTIONS)}")}
    promised = {name.casefold() for name in columns}
    values = []
    for name, kind in made.items():
        column = identifier(name)
        if name.casefold() in promised & corrected:
            values.append(f"CASE WHEN c._match IS NULL THEN r.{column} ELSE CAST(c.{column} AS {kind}) END AS {column}")
        else:
            values.append(f"r.{column}")
    newest = f"SELECT DISTINCT ON (_match) * FROM {identifier(_CORRECTIONS)} ORDER BY _match, _at DESC"
    digested = f"SELECT *, {row_digest(table, made)} AS _match FROM {identifier(relation)}"
    engine.add_view(
        CORRECTED, f"SELECT {', '.join(values)} FROM ({digested}) AS r LEFT JOIN ({newest}) AS c ON r._match = c._match"
    )
    return CORRECTED
