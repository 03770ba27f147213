"""What people decided never to publish, remembered by a digest of the row: a build that makes it again asks nobody.

Only digests are kept, no values. Where the source changes the row in any column, it is another row and held back anew.
"""

from pathlib import Path

from weft.base.stored_file import DIGEST
from weft.build.quarantine.batch_changes import By
from weft.build.quarantine.pending_file import as_pending
from weft.build.quarantine.row_digest import row_digest
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.spec.contract import Table

_DISMISSALS = "weft dismissals"


def dismissals_of(folder: Path) -> list[Path]:
    """The files of a port's dismissals, oldest first.

    Args:
        folder: the port's quarantine.
    """
    return sorted((folder / "dismissals").glob("*.parquet"))


def remember_dismissed(engine: Engine, relation: str, table: Table, folder: Path, by: By) -> Path | None:
    """Keep the digests of rows in a file that is pending; None where the rows have not the columns of the contract.

    Args:
        engine: the session that knows the rows.
        relation: the rows that are dismissed.
        table: of the contract.
        folder: the port's quarantine.
        by: who dismisses them, and why.
    """
    columns = engine.describe(f"FROM {identifier(relation)}")
    if not _has_columns(table, columns):
        return None
    query = (
        f"SELECT DISTINCT {row_digest(table, columns)} AS _match, {text(by.actor)} AS _by,"
        f" CAST({text(by.at.isoformat())} AS TIMESTAMPTZ) AS _at, {text(by.reason or '')} AS _reason"
        f" FROM {identifier(relation)} ORDER BY _match"
    )
    path = folder / "dismissals" / f"{by.at:%Y%m%dT%H%M%S}-{by.run_id}-{DIGEST}.parquet"
    return as_pending(Path(engine.write_parquet(query, str(path)).path))


def dismissed_before(engine: Engine, relation: str, table: Table, folder: Path) -> str | None:
    """The query for the rows of a relation that nobody dismissed; None where nothing can be said.

    Args:
        engine: the session that knows the rows.
        relation: rows that are held back now.
        table: of the contract.
        folder: the port's quarantine.
    """
    paths = dismissals_of(folder)
    columns = engine.describe(f"FROM {identifier(relation)}")
    if not paths or not _has_columns(table, columns):
        return None
    engine.add_parquet(_DISMISSALS, [str(path) for path in paths])
    digest = row_digest(table, columns)
    return f"SELECT * FROM {identifier(relation)} WHERE {digest} NOT IN (SELECT _match FROM {identifier(_DISMISSALS)})"


def _has_columns(table: Table, columns: dict[str, str]) -> bool:
    there = {name.casefold() for name in columns}
    return {column.stored_name.casefold() for column in table.columns} <= there
