"""Data that is named on the command line: files, addresses, tables of a database, published ports; no mesh needed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from weft.base.names import PortName, ProductName, did_you_mean
from weft.base.problem import Place, Problem, Problems
from weft.build.infer.names import readable_names
from weft.ingest.best_landing import best_landing
from weft.ingest.kind_by_ending import kind_by_ending
from weft.ingest.land import land
from weft.ingest.landing import Landing
from weft.spec.making import Source

if TYPE_CHECKING:
    from weft.engine.protocol import Engine
    from weft.workspace.workspace import Workspace

_OUTSIDE = ProductName("outside", "data")  # landings belong to a product; these are forgotten with their folder
_FILES = ("http", "https", "s3", "file")
_SQLITE_ENDINGS = (".sqlite", ".sqlite3", ".db")
_PORT = re.compile(r"[a-z][a-z0-9_-]*([./][a-z][a-z0-9_-]*){1,2}")
_READABLE = "a file (.csv .tsv .json .ndjson .parquet .xlsx, packed or not)"
TEXT_KINDS = frozenset(("csv", "tsv"))  # kinds of sources whose values are all written as text


@dataclass(frozen=True)
class GivenData:
    """One table of data."""

    name: str  # of the table
    source: Source | None = None
    port: PortName | None = None  # instead of a source
    workspace: "Workspace | None" = None  # that has the port

    @property
    def label(self) -> str:
        """For people: without secrets."""
        if self.source is None:
            return str(self.port)
        if self.source.kind == "sql":
            return f"table {self.source.options.get('table')}"
        return (self.source.path or "").split("?")[0]


@dataclass(frozen=True)
class OpenedData:
    """The same, readable in an engine session."""

    given: GivenData
    relation: str
    source: Source | None  # with the options that read it
    landing: Landing | None

    @property
    def is_text(self) -> bool:
        """Whether its values were all written as text."""
        return self.source is not None and self.source.kind in TEXT_KINDS


def given_data(
    words: Sequence[str],
    *,
    tables: Sequence[str] = (),
    schema: str | None = None,
    root: Path,
    open_mesh: "Callable[[], Workspace]",
) -> tuple[GivenData, ...]:
    """What words of the command line mean.

    Args:
        words: each a path, a pattern (one table of several files), a folder (a table a file), an address, a database,
            a published port; `name=` before it names the table.
        tables: of a database; default: all.
        schema: of these tables.
        root: what paths are relative to.
        open_mesh: opens the mesh where a port is named.

    Raises:
        Problem: GIVEN001 a word means nothing, GIVEN002 two tables have one name.
    """
    found: list[GivenData] = []
    for word in words:
        name, equals, rest = word.partition("=")
        is_named = bool(equals) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is not None
        made = _of_word(rest if is_named else word, tables, schema, root, open_mesh)
        found += [replace(made[0], name=name)] if is_named and len(made) == 1 else made
    names = [given.name for given in found]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise Problem(
            "GIVEN002",
            "Several of the given data have the same name.",
            found="; ".join(
                f"{name}: {', '.join(given.label for given in found if given.name == name)}" for name in repeated
            ),
            fix="Name them: orders=data/2026/orders.csv returns=data/returns/orders.csv",
        )
    for given in found:
        _refuse_absent(given, root)
    return tuple(found)


def open_data(
    engine: "Engine",
    given: GivenData,
    *,
    folder: Path,
    root: Path,
    now: datetime,
    new_engine: "Callable[[], Engine]",
    texts: Sequence[str] = (),
) -> OpenedData:
    """Bring data into an engine session, by the same ways as a build: landed, never changed.

    Args:
        engine: the session.
        given: the data.
        folder: to land in.
        root: what paths are relative to.
        now: the time.
        new_engine: opens a session for landing.
        texts: columns that have to stay text, whatever their values look like.

    Raises:
        Problem | Problems: SOURCE0xx, GATE005.
    """
    relation = f"given {given.name}"
    if given.port is not None and given.workspace is not None:
        from weft.query.attach_port import attach_port
        from weft.query.gateway import Gateway

        work = given.workspace
        gateway = Gateway(work.mesh, work.lake, work.ledger, work.new_engine, work.clock)
        attach_port(gateway, engine, given.port, relation, actor=work.actor, why="weft contract")
        return OpenedData(given, relation, None, None)
    assert given.source is not None, given
    try:
        source, landing = best_landing(
            given.source, product=_OUTSIDE, root=root, folder=folder / given.name, now=now, scratch_engine=new_engine
        )
    except Problems as told:
        raise Problems(map(without_rejects, told.problems)) from None
    kept = {c: "varchar" for c in texts if landing.columns.get(c, "VARCHAR") != "VARCHAR"}
    if kept and source.kind in TEXT_KINDS:
        source = replace(source, columns={**source.columns, **kept})
        landing = land(
            source,
            product=_OUTSIDE,
            mesh_root=root,
            folder=folder / given.name / "texts",
            previous=None,
            now=now,
            scratch_engine=new_engine,
        )
    engine.add_parquet(relation, landing.tables, landing.columns)
    return OpenedData(given, relation, source, landing)


def without_rejects(problem: Problem) -> Problem:
    """A problem of a landing that is thrown away: lines that were rejected can be seen nowhere but in the file."""
    if problem.code != "SOURCE016":
        return problem
    return replace(problem, fix="Mend the file; or land it by a source, whose options may read these lines.")


def _of_word(
    word: str, tables: Sequence[str], schema: str | None, root: Path, open_mesh: "Callable[[], Workspace]"
) -> list[GivenData]:
    scheme = urlsplit(word).scheme.lower() if "://" in word else ""
    if scheme and scheme not in _FILES:
        return _of_database(word, tables, schema, root)
    path = root / word
    if not scheme and path.is_dir():
        return _of_folder(word, path)
    if not scheme and path.suffix.lower() in _SQLITE_ENDINGS:
        return _of_database(f"sqlite:///{path.absolute()}", tables, schema, root)
    if not scheme and not path.exists() and kind_by_ending(path) is None and _PORT.fullmatch(word):
        return [_of_port(word, _mesh_for(word, open_mesh))]
    return [_file(word)]


def _of_folder(word: str, folder: Path) -> list[GivenData]:
    files = sorted(file for file in folder.iterdir() if file.is_file() and kind_by_ending(file))
    if files:
        return [_file(str(Path(word) / file.name)) for file in files]
    inside = sorted(each.name for each in folder.iterdir() if each.is_dir() and not each.name.startswith("."))
    raise Problem(
        "GIVEN001",
        "The folder holds no file that can be read.",
        Place(word),
        expected=_READABLE,
        fix=f"Name a folder in it: {', '.join(str(Path(word) / name) for name in inside[:3])}" if inside else None,
    )


def _file(path: str) -> GivenData:
    name = PurePosixPath(urlsplit(path).path if "://" in path else Path(path).as_posix())
    kind = kind_by_ending(name)
    if kind is None:
        raise _no_data(path)
    return GivenData(table_name(name.name), Source(table_name(name.name), kind, Place(path.split("?")[0]), path=path))


def _refuse_absent(given: GivenData, root: Path) -> None:
    word = given.source.path if given.source is not None else None
    if not word or "://" in word or re.search(r"[*?\[]", word) or (root / word).exists():
        return
    path = root / word
    beside = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    raise Problem("GIVEN001", "There is no such file.", Place(word), fix=did_you_mean(path.name, beside))


def _no_data(word: str) -> Problem:
    return Problem(
        "GIVEN001",
        "This is no data that can be read.",
        Place(word.split("?")[0]),
        expected=f"{_READABLE}, a pattern of such, a folder, an address, a database, or a published port",
    )


def _mesh_for(word: str, open_mesh: "Callable[[], Workspace]") -> "Workspace":
    """The mesh that may have a port of that name; where there is no mesh, the word means nothing."""
    try:
        return open_mesh()
    except Problem as problem:
        if problem.code != "SPEC001":
            raise
        raise _no_data(word) from None


def table_name(file: str) -> str:
    """The name of a table that a file of that name holds.

    >>> table_name("orders-2026-*.csv.gz"), table_name("Order Items.xlsx")
    ('orders_2026', 'order_items')
    """
    stem = file.split(".")[0] or file
    return next(iter(readable_names([stem]).values())).rstrip("_")


def _of_database(url: str, tables: Sequence[str], schema: str | None, root: Path) -> list[GivenData]:
    from weft.ingest.sql.list_tables import list_tables

    place = Place(urlsplit(url).scheme)
    names = tables or list_tables(url, root, place, schema)
    options: dict[str, Any] = {"url": url} | ({"schema": schema} if schema else {})
    found = []
    for table in names:
        name = next(iter(readable_names([table]).values()))
        found.append(GivenData(name, Source(name, "sql", place, options={**options, "table": table})))
    if not found:
        raise Problem("GIVEN001", "The database has no table.", place, fix="Name one: --table orders --schema sales")
    return found


def _of_port(word: str, workspace: "Workspace") -> GivenData:
    ports = {str(port.name).replace("/", "."): port.name for port in workspace.mesh.output_ports()}
    ports |= {str(name).replace("/", "."): name for name in ports.values()}
    ports |= {f"{name.product_name}.{name.port}".replace("/", "."): name for name in tuple(ports.values())}
    found = ports.get(word.replace("/", "."))
    if found is None:
        raise Problem(
            "GIVEN001",
            f'"{word}" is neither a file nor a port of the mesh.',
            fix=did_you_mean(word.replace(".", "/"), [str(name) for name in ports.values()]),
        )
    return GivenData(found.port, port=found, workspace=workspace)
