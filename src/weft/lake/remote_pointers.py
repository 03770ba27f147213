"""Where a catalogue on a database server says that each table's metadata is."""

from collections.abc import Mapping

from weft.base.names import PortName
from weft.lake.catalog_pointers import CATALOG_NAME, namespace_and_table, port_of
from weft.lake.iceberg_catalog import IcebergCatalog, catalog_errors


def read_remote_pointers(catalog: IcebergCatalog, port: PortName | None = None) -> Mapping[PortName, str]:
    """Metadata locations by port, of one port or of all."""
    from pyiceberg.catalog.sql import IcebergTables
    from sqlalchemy import select

    wanted = select(IcebergTables.table_namespace, IcebergTables.table_name, IcebergTables.metadata_location).where(
        IcebergTables.catalog_name == CATALOG_NAME
    )
    if port is not None:
        namespace, table = namespace_and_table(port)
        wanted = wanted.where(IcebergTables.table_namespace == namespace, IcebergTables.table_name == table)
    with catalog_errors(), catalog.opened.engine.connect() as connection:
        rows = connection.execute(wanted).all()
    return {port_of(namespace, table): str(location) for namespace, table, location in rows}
