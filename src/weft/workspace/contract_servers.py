"""Where a contract says its data lies: `servers` as sources that can be read here."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from weft.base.problem import Place, Problem
from weft.ingest.kind_by_ending import kind_by_ending
from weft.spec.contract import Contract, Table
from weft.spec.custom_properties import custom_properties
from weft.spec.making import Source
from weft.workspace.given_data import GivenData

TABLE_OF_SERVER, READ_WITH, DATABASE_TABLE, DATABASE_URL = (
    "weft:table",
    "weft:readWith",
    "weft:databaseTable",
    "weft:url",
)
_READ = ("local", "s3", "api", "postgres", "postgresql", "mysql")
_KIND_BY_FORMAT = {"json": "json", "jsonl": "ndjson", "excel": "excel", "xlsx": "excel"}
_KIND_BY_FORMAT |= {kind: kind for kind in ("csv", "tsv", "ndjson", "parquet")}
_PORTS = {"mysql": 3306, "postgresql": 5432, "postgres": 5432}
_CREDENTIALS = {"mysql": ("MYSQL_USER", "MYSQL_PASSWORD")}  # else those of Postgres' own tools


def data_of_servers(contract: Contract, folder: Path, server: str | None) -> tuple[GivenData, ...]:
    """The data of each table, from the server that is asked for.

    Args:
        contract: the contract.
        folder: what paths in it are relative to.
        server: name of a server; default: the only one, or those that each name a table.

    Raises:
        Problem: GIVEN005 there is no such server, none can be chosen, or it is not read here.
    """
    declared = [one for one in contract.document.get("servers") or [] if isinstance(one, dict)]
    named = [str(one.get("server")) for one in declared]
    chosen = [one for one in declared if server in (None, one.get("server"))]
    if not chosen:
        raise Problem(
            "GIVEN005",
            f'The contract has no server "{server}".' if server else "The contract does not say where its data lies.",
            contract.place,
            expected=f"one of {', '.join(named)}" if named else None,
            fix="Name the data: weft contract test CONTRACT DATA...",
        )
    of_tables = [one for one in chosen if TABLE_OF_SERVER in custom_properties(one.get("customProperties"))]
    if len(chosen) > 1 and len(of_tables) != len(chosen):
        raise Problem(
            "GIVEN005",
            "The contract has several servers.",
            contract.place,
            found=", ".join(named),
            fix="Choose one with --server.",
        )
    return tuple(given for one in chosen for given in _data_of(one, contract, folder))


def _data_of(server: Mapping[str, Any], contract: Contract, folder: Path) -> Iterator[GivenData]:
    custom = custom_properties(server.get("customProperties"))
    own = custom.get(TABLE_OF_SERVER)
    tables = [table for table in contract.tables if own in (None, table.name)]
    for table in tables:
        yield GivenData(table.name, _source(server, custom, table, len(tables), contract, folder))


def _source(
    server: Mapping[str, Any],
    custom: Mapping[str, Any],
    table: Table,
    tables: int,
    contract: Contract,
    folder: Path,
) -> Source:
    kind, name = str(server.get("type")), str(server.get("server") or server.get("type"))
    place = contract.place
    if DATABASE_URL in custom or kind in _PORTS:
        url = str(custom.get(DATABASE_URL) or _url(kind, server))
        options = {"url": url, "table": str(custom.get(DATABASE_TABLE) or table.physical_name or table.name)}
        if server.get("schema"):
            options["schema"] = str(server["schema"])
        return Source(table.name, "sql", place, options=options)
    where = server.get("path") or server.get("location")
    if kind not in _READ or not isinstance(where, str):
        raise Problem(
            "GIVEN005",
            f'The server "{name}" is of type {kind}, which is not read here.',
            place,
            expected=", ".join(_READ),
            fix="Name the data: weft contract test CONTRACT DATA...",
        )
    path = where.replace("{model}", table.name)
    if path == where and tables > 1:
        raise Problem(
            "GIVEN005",
            f'The server "{name}" has one place for {tables} tables.',
            place,
            found=where,
            fix="Write {model} where the path differs, or name the data of each table: orders=data/orders.csv",
        )
    found = kind_by_ending(PurePosixPath(path.split("?")[0])) or _KIND_BY_FORMAT.get(str(server.get("format")).lower())
    if found is None:
        raise Problem(
            "GIVEN005",
            f'The server "{name}" does not say in which format its data is.',
            place,
            found=str(server.get("format")),
            expected=", ".join(sorted(_KIND_BY_FORMAT)),
        )
    given = custom.get(READ_WITH)
    options = dict(given) if isinstance(given, dict) else {}
    if kind == "s3" and server.get("endpointUrl"):
        options["endpoint"] = str(server["endpointUrl"])
    if kind == "local" and "://" not in path:
        path = _near(folder / path)
    return Source(table.name, found, Place(name), path=path, options=options)


def _near(path: Path) -> str:
    """The path as somebody here would write it."""
    whole = os.path.normpath(path.absolute())
    relative = os.path.relpath(whole)
    return whole if relative.startswith("..") else relative


def _url(kind: str, server: Mapping[str, Any]) -> str:
    """The address; user and password come from the variables that the database's own tools read."""
    user, password = _CREDENTIALS.get(kind, ("PGUSER", "PGPASSWORD"))
    host, port = server.get("host"), server.get("port") or _PORTS[kind]
    scheme = "mysql" if kind == "mysql" else "postgresql"
    return f"{scheme}://${{env:{user}}}:${{env:{password}}}@{host}:{port}/{server.get('database') or ''}"
