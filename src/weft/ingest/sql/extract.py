"""Read a table or query into one Parquet file; with a cursor, only what is new."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem, Severity
from weft.ingest.sql.hints import CONVERSION_ERRORS, Convert, TableHints, hints_of, sqlite_converters, table_names
from weft.ingest.tabular.parts import Parts

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BATCH_ROWS = 20_000
_MOST_REMEMBERED = 10_000


@dataclass(frozen=True)
class Wanted:
    """What is read of a database."""

    table: str | None
    schema: str | None
    query: str | None
    cursor: str | None
    place: Place
    source: str

    @property
    def label(self) -> str:
        """For people."""
        return "query" if self.query else f"table {self.schema + '.' if self.schema else ''}{self.table}"


@dataclass(frozen=True)
class Extract:
    """What was read."""

    path: Path
    rows: int
    state: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


@dataclass
class _Progress:
    """Where the cursor stands: its greatest value, and the rows that have it, as hashes.

    New rows may have the value that the last landing ended with. They are asked for again and told from the known
    ones, so that none is lost and none comes twice.
    """

    last: Any = None
    at_last: list[str] = field(default_factory=list)
    without: int = 0


def extract(connection: "Connection", wanted: Wanted, state: Mapping[str, Any], scratch: Path) -> Extract:
    """Read all rows, or those past the state's cursor.

    Raises:
        Problem: SOURCE031 there is no such table or column, or the query fails.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    hints = _hints(connection, wanted)
    before = _progress_of(state)
    statement, parameters = _statement(connection, wanted, hints, before)
    try:
        result = connection.execution_options(stream_results=True).execute(text(statement), parameters)
        names = _names(list(result.keys()), wanted)
        parts = Parts(scratch, hints.kinds)
        parts.add(names, [])
        converters = sqlite_converters(hints) if connection.dialect.name == "sqlite" else {}
        progress = _Progress(before.last, list(before.at_last))
        for batch in result.partitions(_BATCH_ROWS):
            rows = [tuple(row) for row in batch]
            if wanted.cursor:
                rows = list(_new_rows(rows, names.index(_own(wanted.cursor, names, wanted)), before, progress))
            parts.add(names, _converted(rows, names, converters))
    except SQLAlchemyError as error:
        raise _query_failed(wanted, error) from None
    except _Incomparable:
        raise Problem(
            "SOURCE032",
            f'The values of the cursor "{wanted.cursor}" are of different types and have no order.',
            wanted.place,
            fix="Choose another cursor, or make one in a `query`.",
        ) from None
    target = scratch / "extract.parquet"
    rows_written = parts.write(target)
    new_state = {"cursor": _state_of(progress)} if wanted.cursor else {}
    return Extract(target, rows_written, new_state, tuple(_warnings(wanted, parts, progress, before)))


def _hints(connection: "Connection", wanted: Wanted) -> TableHints:
    if wanted.table is None:
        return TableHints()
    hints = hints_of(connection, wanted.table, wanted.schema)
    if hints is None:
        raise Problem(
            "SOURCE031",
            f"The database has no {wanted.label}.",
            wanted.place,
            fix=did_you_mean(wanted.table, table_names(connection, wanted.schema)),
        )
    return hints


def _statement(
    connection: "Connection", wanted: Wanted, hints: TableHints, before: _Progress
) -> tuple[str, dict[str, Any]]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    if wanted.query and not wanted.cursor:
        return wanted.query.strip().rstrip(";").replace(":", "\\:"), {}
    if wanted.query:
        source = f"({wanted.query.strip().rstrip(';')}\n) AS weft_query"
        order: Sequence[str] = ()
    else:
        source = f"{quote(wanted.schema)}.{quote(str(wanted.table))}" if wanted.schema else quote(str(wanted.table))
        order = hints.order
    # A bare colon would begin a parameter of SQLAlchemy's.
    sql = f"SELECT * FROM {source}".replace(":", "\\:")
    parameters: dict[str, Any] = {}
    if wanted.cursor:
        cursor = quote(wanted.cursor).replace(":", "\\:")
        if before.last is not None:
            sql += f" WHERE {cursor} >= :last"
            parameters["last"] = before.last
        order = (wanted.cursor, *(name for name in order if name != wanted.cursor))
    if order:
        sql += " ORDER BY " + ", ".join(quote(name).replace(":", "\\:") for name in order)
    return sql, parameters


def _names(names: Sequence[str], wanted: Wanted) -> list[str]:
    folded = [name.casefold() for name in names]
    repeated = sorted({name for name in names if folded.count(name.casefold()) > 1})
    if repeated:
        raise Problem(
            "SOURCE031",
            f"The {wanted.label} gives columns of the same name.",
            wanted.place,
            found=", ".join(repeated),
            fix="Name each column once: SELECT a.id AS a_id, b.id AS b_id ...",
        )
    return list(names)


def _own(column: str, names: Sequence[str], wanted: Wanted) -> str:
    own = next((name for name in names if name.casefold() == column.casefold()), None)
    if own is None:
        raise Problem(
            "SOURCE032",
            f'The cursor "{column}" is no column of the {wanted.label}.',
            wanted.place,
            fix=did_you_mean(column, names),
        )
    return own


def _converted(
    rows: Sequence[tuple[Any, ...]], names: Sequence[str], converters: Mapping[str, Convert]
) -> Sequence[Sequence[Any]]:
    if not converters:
        return rows
    columns = list(zip(*rows, strict=True)) or [() for _ in names]
    for position, name in enumerate(names):
        convert = converters.get(name)
        if convert is not None:
            columns[position] = tuple(_try(convert, value) for value in columns[position])
    return list(zip(*columns, strict=True))


def _try(convert: Convert, value: Any) -> Any:
    """SQLite keeps any value in any column; one that is not what is declared stays what it is."""
    if value is None:
        return None
    try:
        return convert(value)
    except CONVERSION_ERRORS:
        return value


def _new_rows(
    rows: Sequence[tuple[Any, ...]], position: int, before: _Progress, progress: _Progress
) -> Iterator[tuple[Any, ...]]:
    known = set(before.at_last)
    for row in rows:
        value = row[position]
        if value is None:
            progress.without += 1
            yield row
            continue
        digest = hashlib.sha256(repr(row).encode()).hexdigest()[:24]
        if value == before.last and digest in known:
            continue
        if progress.last is None or _is_greater(value, progress.last):
            progress.last, progress.at_last = value, []
        if value == progress.last and len(progress.at_last) < _MOST_REMEMBERED:
            progress.at_last.append(digest)
        yield row


class _Incomparable(Exception):
    """SQLite lets a column hold values of any type."""


def _is_greater(value: Any, last: Any) -> bool:
    try:
        return bool(value > last)
    except TypeError:
        raise _Incomparable from None


_CURSOR_TYPES: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
}


def _state_of(progress: _Progress) -> dict[str, Any]:
    value = progress.last
    kind = type(value).__name__.lower()
    stored = value.isoformat() if isinstance(value, datetime | date) else str(value) if kind == "decimal" else value
    return {"type": kind, "last": stored, "at_last": progress.at_last}


def _progress_of(state: Mapping[str, Any]) -> _Progress:
    saved = state.get("cursor")
    if not saved or saved["last"] is None:
        return _Progress()
    read = _CURSOR_TYPES.get(saved["type"])
    return _Progress(read(saved["last"]) if read else saved["last"], list(saved["at_last"]))


def _warnings(wanted: Wanted, parts: Parts, progress: _Progress, before: _Progress) -> Iterator[Problem]:
    for name in parts.mixed:
        yield Problem(
            "SOURCE033",
            f'Column "{name}" of the {wanted.label} holds values of different types; it was landed as text.',
            wanted.place,
            fix=f"Declare it, `columns: {{{name}: ...}}`, and rows that do not fit are rejected.",
            severity=Severity.WARNING,
        )
    if progress.without and before.last is None:
        yield Problem(
            "SOURCE034",
            f'{progress.without} rows of the {wanted.label} have no "{wanted.cursor}".',
            wanted.place,
            fix="They were landed now; later rows without it will not be seen. Choose a cursor that every row has.",
            severity=Severity.WARNING,
        )


def _query_failed(wanted: Wanted, error: Exception) -> Problem:
    """The database's own words can quote values; only its class of error is told."""
    original = getattr(error, "orig", None) or error
    return Problem(
        "SOURCE031",
        f"The {wanted.label} cannot be read.",
        wanted.place,
        found=_safe_words(original),
        fix="Try the query in the database's own client, with the same user.",
    )


def _safe_words(error: BaseException) -> str:
    words = str(error.args[0]) if error.args and isinstance(error.args[0], str) else ""
    known = ("no such column", "no such table", "syntax error", "permission denied", "does not exist", "locked")
    found = next((word for word in known if word in words), None)
    if error.args and isinstance(error.args[0], dict):  # pg8000: the server's fields; C is the class of error
        return f"SQLSTATE {error.args[0].get('C', '?')}"
    return f"{type(error).__name__}: {found}" if found else type(error).__name__
