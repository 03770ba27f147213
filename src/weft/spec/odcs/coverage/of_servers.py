"""Servers: where other tools find the data; shown on the contract's page, and read from by `weft contract test`."""

from weft.spec.odcs.coverage.entry import Entry, kept, shown, used
from weft.spec.odcs.coverage.of_document import ID

_FIELDS = {
    "ApiServer": "location",
    "AthenaServer": "stagingDir schema catalog regionName workgroup",
    "AzureServer": "location format encoding delimiter",
    "BigQueryServer": "project dataset",
    "ClickHouseServer": "host port database",
    "DatabricksServer": "host catalog schema",
    "DenodoServer": "host port database",
    "DremioServer": "host port schema",
    "DuckdbServer": "database schema",
    "ExasolServer": "host port schema",
    "GlueServer": "account database location format encoding",
    "GoogleCloudSqlServer": "host port database schema",
    "IBMDB2Server": "host port database schema",
    "HiveServer": "host port database",
    "ImpalaServer": "host port database",
    "InformixServer": "host port database",
    "IngresServer": "database host port",
    "ZenServer": "host port database",
    "CustomServer": (
        "account catalog database dataset delimiter endpointUrl format encoding host location "
        "path port project region regionName schema serviceName stagingDir warehouse stream"
    ),
    "KafkaServer": "host format encoding",
    "KinesisServer": "region format encoding",
    "LocalServer": "path format encoding",
    "MySqlServer": "host port database",
    "OracleServer": "host port serviceName",
    "PoetServer": "database host port",
    "PostgresServer": "host port database schema",
    "HanaServer": "host port database schema",
    "IcebergServer": "catalog catalogUrl namespace warehouse",
    "PrestoServer": "host catalog schema",
    "PubSubServer": "project",
    "RedshiftServer": "host database schema region account",
    "S3Server": "location endpointUrl format encoding delimiter",
    "SftpServer": "location format encoding delimiter",
    "SnowflakeServer": "host port account database schema warehouse",
    "SqlserverServer": "host port database schema",
    "SynapseServer": "host port database",
    "TeradataServer": "host port database",
    "TrinoServer": "host port catalog schema",
    "VectorwiseServer": "database host port",
    "VersantServer": "database host port",
    "VerticaServer": "host port database schema",
}
_READ = frozenset(
    (
        "ApiServer.location",
        "LocalServer.path",
        "LocalServer.format",
        "S3Server.location",
        "S3Server.endpointUrl",
        "S3Server.format",
        *(f"{server}.{name}" for server in ("MySqlServer", "PostgresServer") for name in ("host", "port", "database")),
        "PostgresServer.schema",
    )
)


def _entry(name: str) -> Entry:
    if name in _READ:
        return used("`weft contract test` reads the data from there.", "workspace.contract_servers")
    return shown("On the contract's page, as it is written.")


ENTRIES: dict[str, Entry] = {
    "Server.id": kept(ID),
    "Server.server": used("`weft contract test --server` chooses by it.", "workspace.contract_servers"),
    "Server.type": used("Says how `weft contract test` reads it.", "workspace.contract_servers"),
    "Server.description": shown("On the contract's page."),
    "Server.environment": shown("On the contract's page."),
    "Server.roles": kept(),
    "Server.customProperties": used(
        "`weft:` properties say how its data is read; others are kept.", "workspace.contract_servers"
    ),
    **{
        f"{server}.{field}": _entry(f"{server}.{field}")
        for server, fields in _FIELDS.items()
        for field in fields.split()
    },
}
