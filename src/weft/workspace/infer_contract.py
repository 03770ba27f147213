"""Draft a contract from data that is there: bring it into a session, look at it, write what it lets one promise."""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from weft.base.problem import Place, Problem
from weft.build.infer.document import contract_document
from weft.build.infer.guess import Guess, InferredTable
from weft.build.infer.infer_table import infer_table
from weft.build.infer.relationships import relationship_guesses, with_relationships
from weft.spec.write import write_contract, yaml_text
from weft.workspace.contract_servers import DATABASE_TABLE, DATABASE_URL, READ_WITH, TABLE_OF_SERVER
from weft.workspace.given_data import GivenData, OpenedData, open_data, without_rejects

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_TELLING = ("date_format", "decimal", "thousands", "null_values", "encoding", "delimiter")


@dataclass(frozen=True)
class InferredContract:
    """A draft and what it rests on."""

    document: Mapping[str, Any]
    tables: tuple[InferredTable, ...]
    rejected: Mapping[str, int]  # lines that could not be read, by table
    problems: tuple[Problem, ...] = ()  # columns that could be more than text, and the like

    @property
    def guesses(self) -> tuple[tuple[str, Guess], ...]:
        """Table and guess, in the order of the contract."""
        return tuple((table.name, guess) for table in self.tables for guess in table.guesses)

    def as_yaml(self) -> str:
        """The text of the contract."""
        return yaml_text(dict(self.document))

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "contract": self.document,
            "tables": [
                {
                    "table": table.name,
                    "rows": table.rows,
                    "rejected": self.rejected.get(table.name, 0),
                    "guesses": [guess.as_json() for guess in table.guesses],
                    "notes": list(table.notes),
                }
                for table in self.tables
            ],
            "problems": [problem.as_json() for problem in self.problems],
        }


def infer_contract(
    data: Sequence[GivenData],
    *,
    contract_id: str,
    root: Path,
    now: datetime,
    new_engine: "Callable[[], Engine]",
    written_to: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> InferredContract:
    """Look at data and draft its contract.

    Args:
        data: one table each.
        contract_id: of the contract.
        root: what paths are relative to.
        now: the time.
        new_engine: opens an engine session.
        written_to: the file that the contract will be, which paths of its servers are relative to.
        progress: hears a line a table.

    Raises:
        Problem | Problems: the data cannot be read; SOURCE0xx, GATE005.
    """
    tables: list[InferredTable] = []
    opened: list[OpenedData] = []
    with tempfile.TemporaryDirectory(prefix="weft-infer-") as folder, new_engine() as engine:
        for given in data:
            found = open_data(engine, given, folder=Path(folder), root=root, now=now, new_engine=new_engine)
            opened.append(found)
            view = f"typed {given.name}"
            tables.append(infer_table(engine, found.relation, given.name, typed=view, reads_texts=found.is_text))
            progress(f"{given.name}: {tables[-1].rows} rows, {len(tables[-1].columns)} columns")
        relations = {table.name: f"typed {table.name}" for table in tables}
        leads = relationship_guesses(engine, tuple(tables), relations)
    made = tuple(with_relationships(table, leads[table.name]) for table in tables)
    folder_of_contract = (written_to.parent if written_to else root).absolute()
    document = contract_document(
        made,
        contract_id=contract_id,
        name=contract_id.replace("_", " ").replace("/", " ").capitalize(),
        servers=[_server(one, root, folder_of_contract) for one in opened],
    )
    return InferredContract(
        document,
        made,
        {one.given.name: one.landing.rows_rejected for one in opened if one.landing and one.landing.rows_rejected},
        tuple(without_rejects(problem) for one in opened if one.landing for problem in one.landing.problems),
    )


def write_inferred(contract: InferredContract, path: Path, *, replaces: bool) -> None:
    """Write the draft as a file.

    Raises:
        Problem: INFER001, a file is there and may not be replaced.
        Problems: the document breaks the standard.
    """
    if not replaces:
        refuse_to_replace(path)
    path.unlink(missing_ok=True)  # a draft keeps nothing of the file that it replaces
    write_contract(contract.document, path)


def refuse_to_replace(path: Path) -> None:
    """Keep what a person may have corrected.

    Raises:
        Problem: INFER001, a file is there.
    """
    if path.exists():
        raise Problem(
            "INFER001",
            "There is a file already, and nothing is overwritten.",
            Place(str(path)),
            fix="Name another with --output, or give --force.",
        )


def _server(opened: OpenedData, root: Path, folder: Path) -> dict[str, Any]:
    """Where a table lies, as the standard has it; secrets of an address are left out."""
    name, source = opened.given.name, opened.source
    custom: list[dict[str, Any]] = [{"property": TABLE_OF_SERVER, "value": name}]
    if source is None:
        custom.append({"property": "weft:port", "value": str(opened.given.port)})
        return {"server": name, "type": "custom", "customProperties": custom}
    if source.kind == "sql":
        return _database_server(name, source.options, custom)
    if options := {key: value for key, value in source.options.items() if key in _TELLING}:
        custom.append({"property": READ_WITH, "value": options})
    path = source.path or ""
    if "://" in path:
        parts = urlsplit(path)
        address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        if parts.scheme == "s3":
            return {
                "server": name,
                "type": "s3",
                "location": address,
                "format": source.kind,
                "customProperties": custom,
            }
        return {"server": name, "type": "api", "location": address, "customProperties": custom}
    relative = Path(os.path.relpath((root / path).absolute(), folder)).as_posix()
    return {"server": name, "type": "local", "path": relative, "format": source.kind, "customProperties": custom}


def _database_server(name: str, options: Mapping[str, Any], custom: list[dict[str, Any]]) -> dict[str, Any]:
    parts = urlsplit(str(options["url"]))
    custom.append({"property": DATABASE_TABLE, "value": options["table"]})
    kind = parts.scheme.split("+")[0]
    if kind in ("postgres", "postgresql", "mysql"):
        made: dict[str, Any] = {"server": name, "type": "mysql" if kind == "mysql" else "postgresql"}
        made |= {"host": parts.hostname or "", "port": parts.port or (3306 if kind == "mysql" else 5432)}
        made |= {"database": parts.path.lstrip("/")}
        if made["type"] == "postgresql":
            made["schema"] = options.get("schema") or "public"
        return {**made, "customProperties": custom}
    if kind == "sqlite":
        custom.append({"property": DATABASE_URL, "value": str(options["url"])})
    return {"server": name, "type": "custom", "customProperties": custom}
