"""The tables and views of a database, by name."""

from pathlib import Path

from weft.base.problem import Place
from weft.base.secret import resolve_secret
from weft.ingest.sql.connect import connected, database_of


def list_tables(url: str, root: Path, place: Place, schema: str | None = None) -> tuple[str, ...]:
    """Names of tables and views, sorted.

    Raises:
        Problem: SOURCE030, SOURCE005 the database cannot be reached.
    """
    from sqlalchemy import inspect

    with connected(database_of(resolve_secret(url, base=root), root, place), place) as connection:
        found = inspect(connection)
        names = {*found.get_table_names(schema=schema), *found.get_view_names(schema=schema)}
    return tuple(sorted(name for name in names if not name.startswith("sqlite_")))
