"""The rows of the Iceberg catalogue, for a backup and back into an empty one, on whichever database."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.catalog_pointers import CATALOG_NAME, port_of
from weft.lake.iceberg_catalog import IcebergCatalog, catalog_errors

if TYPE_CHECKING:
    import sqlalchemy as sa

Rows = Mapping[str, Sequence[Mapping[str, Any]]]  # table of the catalogue -> its rows


def dump_catalog(catalog: IcebergCatalog) -> Rows:
    """All rows, in one transaction, ordered so that the same catalogue gives the same dump.

    Raises:
        Problem: LAKE001.
    """
    import sqlalchemy as sa

    with catalog_errors(), catalog.opened.engine.connect() as connection, connection.begin():
        found = {}
        for table in _tables():
            query = sa.select(table).where(table.c.catalog_name == CATALOG_NAME).order_by(*table.primary_key.columns)
            found[table.name] = [dict(row) for row in connection.execute(query).mappings()]
    return found


def load_catalog(catalog: IcebergCatalog, rows: Rows) -> None:
    """Add the rows of a dump to a catalogue that has none, in one transaction; a catalogue that has them all stays.

    Raises:
        Problem: BACKUP009, the catalogue has other rows; LAKE001.
    """
    import sqlalchemy as sa

    present = dump_catalog(catalog)
    if present == {table: list(wanted) for table, wanted in rows.items()}:
        return
    if any(present.values()):
        raise Problem(
            "BACKUP009",
            "The catalogue's database is not empty: what is there would be mixed with what is restored.",
            found=f"{len(present['iceberg_tables'])} tables",
            expected="a catalogue without tables",
            fix="Name an empty database as `catalog:` of the environment.",
        )
    with catalog_errors(), catalog.opened.engine.begin() as connection:
        for table in _tables():
            if wanted := [dict(row) for row in rows.get(table.name, ())]:
                connection.execute(sa.insert(table), wanted)


def locations_of(rows: Rows) -> dict[PortName, str]:
    """Where each port's metadata file is."""
    return {
        port_of(row["table_namespace"], row["table_name"]): str(row["metadata_location"])
        for row in rows["iceberg_tables"]
    }


def _tables() -> "tuple[sa.Table, ...]":
    from pyiceberg.catalog.sql import IcebergNamespaceProperties, IcebergTables

    return IcebergTables.__table__, IcebergNamespaceProperties.__table__  # type: ignore[return-value]
