"""Make one typed table of the texts of all files of a landing; rows that do not fit are rejected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from weft.base.names import nearest
from weft.base.problem import Place, Problem, Problems, Severity
from weft.base.stored_file import DIGEST
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text, text_list
from weft.ingest.rejects import Reject, RejectFile
from weft.ingest.rows.cast_text import Writing, cast, cleaned
from weft.ingest.rows.infer_types import ColumnType, infer_types
from weft.ingest.source_protocol import Job, Reading
from weft.ingest.staged import Staged, TextKind
from weft.spec.sql_type import SqlType, parse_type

_TEXTS = "weft texts"
_ROW, _FILE = "weft row", "weft file"


@dataclass(frozen=True)
class Asked:
    """What the source's declaration asks of the table."""

    writing: Writing = field(default_factory=Writing)
    types: Mapping[str, SqlType] = field(default_factory=dict)  # declared, or known from the file's own structure
    formats: Mapping[str, Sequence[str]] = field(default_factory=dict)  # date formats by column; "" for all columns
    file_column: str | None = None  # gets the name of the row's file


def write_table(
    job: Job, engine: Engine, files: Sequence[Staged], asked: Asked, rejects: RejectFile, key: str
) -> Reading:
    """Type and write the rows of staged files.

    Args:
        job: the landing.
        engine: a session of its own.
        files: texts, in order.
        asked: by the declaration.
        rejects: holds what was rejected so far, gets the rest.
        key: names what is written.
    """
    problems = [problem for file in files for problem in file.problems]
    known = [file for file in files if file.names]
    names = _all_names(known)
    declared = {column.casefold(): column for column in job.source.columns}
    missing = [column for folded, column in declared.items() if folded not in {name.casefold() for name in names}]
    if known and missing:
        raise Problems([_column_missing(job, column, names) for column in missing])
    if not known:
        return _nothing_known(job, engine, asked, rejects, problems, key)
    if asked.file_column and asked.file_column.casefold() in {name.casefold() for name in names}:
        raise file_column_taken(job, asked.file_column)
    problems += _differences(known, names)
    filled = [file for file in known if file.path is not None]
    staged_rows = sum(file.rows for file in filled)
    engine.add_view(_TEXTS, _texts(filled, names))
    types = _types(job, engine, names, filled, asked)
    problems += types.problems
    rejected_by_type = _reject_misfits(engine, filled, types.columns, asked, rejects)
    rejected = sum(file.rows_rejected for file in files) + rejected_by_type
    if rejected and staged_rows == rejected_by_type and job.source.load != "append":
        raise _all_rejected(job, rejects, rejected, rejects.keep(job.folder / "rejects" / f"{key}.ndjson"))
    select = _typed(filled, names, types.columns, asked, leave_out=rejected_by_type > 0)
    target = job.folder / "tables" / f"{key}-{DIGEST}.parquet"
    written = engine.write_parquet(select, str(target))
    if written.rows + rejected_by_type != staged_rows:
        raise AssertionError(f"{staged_rows} rows staged, {written.rows} written, {rejected_by_type} rejected")
    kept = rejects.keep(job.folder / "rejects" / f"{key}.ndjson")
    problems += rejects.problems(kept)
    columns = engine.describe(select)
    rows_in_files = written.rows + rejected
    return Reading(
        (written.path,), columns, rows_in_files, written.rows, rejected, kept, tuple(problems), types.suggested
    )


def file_column_taken(job: Job, name: str) -> Problem:
    """The extra column has the name of one that is there already."""
    return Problem(
        "SOURCE003",
        f'The files of source "{job.source.name}" have a column "{name}" already.',
        job.place,
        fix="Give `file_column` another name.",
    )


def declared_types(columns: Mapping[str, str]) -> dict[str, SqlType]:
    """Types of `columns:`; those that are none were reported before anything is read."""
    parsed = {name: parse_type(text_) for name, text_ in columns.items()}
    return {name: type_ for name, type_ in parsed.items() if type_ is not None}


@dataclass(frozen=True)
class _Types:
    columns: Mapping[str, ColumnType]
    problems: tuple[Problem, ...]
    suggested: Mapping[str, Any]


def _types(job: Job, engine: Engine, names: Sequence[str], files: Sequence[Staged], asked: Asked) -> _Types:
    by_folded = {name.casefold(): type_ for name, type_ in asked.types.items()}
    formats = _formats_by_name(names, asked.formats)
    kinds = _kinds(files)
    to_infer = [name for name in names if name.casefold() not in by_folded]
    inferred = infer_types(engine, _TEXTS, to_infer, asked.writing, kinds, formats)
    columns = dict(inferred.columns)
    for name in names:
        type_ = by_folded.get(name.casefold())
        if type_ is not None:
            columns[name] = ColumnType(type_, replace(asked.writing, date_formats=tuple(formats.get(name, ()))))
    place = Place(files[0].location) if len(files) == 1 else job.place
    placed = tuple(problem if problem.where else replace(problem, where=place) for problem in inferred.problems)
    return _Types({name: columns[name] for name in names}, placed, inferred.suggested)


def _formats_by_name(names: Sequence[str], formats: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    folded = {name.casefold(): value for name, value in formats.items()}
    found = {name: folded.get(name.casefold(), folded.get("", ())) for name in names}
    return {name: value for name, value in found.items() if value}


def _kinds(files: Sequence[Staged]) -> dict[str, TextKind]:
    """What is known of a column in all files; texts in one of them make it texts."""
    kinds: dict[str, TextKind] = {}
    for file in files:
        for name in file.names:
            kind = file.kinds.get(name, TextKind.UNKNOWN)
            kinds[name] = TextKind.WORDS if TextKind.WORDS in (kind, kinds.get(name)) else kind
    return kinds


def _all_names(files: Iterable[Staged]) -> list[str]:
    by_folded: dict[str, str] = {}
    for file in files:
        for name in file.names:
            by_folded.setdefault(name.casefold(), name)
    return list(by_folded.values())


def _texts(files: Sequence[Staged], names: Sequence[str]) -> str:
    """All rows of all files with all columns, in order; consecutive files of the same columns in one scan."""
    if not files:
        nothing = ", ".join(f"CAST(NULL AS VARCHAR) AS {identifier(name)}" for name in names)
        return f"SELECT {nothing}, 0::BIGINT AS {identifier(_ROW)}, '' AS {identifier(_FILE)} WHERE false"
    groups: list[tuple[tuple[str, ...], list[str]]] = []
    for file in files:
        folded = tuple(name.casefold() for name in file.names)
        if not groups or groups[-1][0] != folded:
            groups.append((folded, []))
        groups[-1][1].append(str(file.path))
    return "\nUNION ALL ".join(_scan(folded, paths, names) for folded, paths in groups)


def _scan(folded: Sequence[str], paths: Sequence[str], names: Sequence[str]) -> str:
    position = {name: number for number, name in enumerate(folded)}
    cells = [
        f"c{position[name.casefold()]} AS {identifier(name)}"
        if name.casefold() in position
        else f"CAST(NULL AS VARCHAR) AS {identifier(name)}"
        for name in names
    ]
    scan = f"read_parquet({text_list(paths)}, file_row_number = true, filename = true)"
    return (
        f"SELECT {', '.join(cells)}, file_row_number AS {identifier(_ROW)}, filename AS {identifier(_FILE)} FROM {scan}"
    )


def _misfit_conditions(columns: Mapping[str, ColumnType]) -> dict[str, str]:
    """By column: the condition that a filled cell does not fit. Inferred types fit all cells by their making."""
    conditions = {}
    for name, column in columns.items():
        if column.type.name != "VARCHAR":
            value = cleaned(identifier(name), column.writing)
            conditions[name] = f"({value} IS NOT NULL AND {cast(value, column.type, column.writing)} IS NULL)"
    return conditions


def _reject_misfits(
    engine: Engine, files: Sequence[Staged], columns: Mapping[str, ColumnType], asked: Asked, rejects: RejectFile
) -> int:
    declared = {name.casefold() for name in asked.types}
    checked = {name: column for name, column in columns.items() if name.casefold() in declared}
    conditions = _misfit_conditions(checked)
    if not conditions or not files:
        return 0
    flags = ", ".join(f"{condition} AS f{number}" for number, condition in enumerate(conditions.values()))
    some = " OR ".join(f"f{number}" for number in range(len(conditions)))
    tested = f"SELECT {identifier(_FILE)}, {identifier(_ROW)}, {flags} FROM {identifier(_TEXTS)}"
    found = engine.rows(f"SELECT * FROM ({tested}) WHERE {some}")
    by_path: dict[str, list[tuple[int, str]]] = {}
    for path, row, *flagged in found:
        reasons = [
            f'column "{name}" does not fit {columns[name].type}'
            for name, bad in zip(conditions, flagged, strict=True)
            if bad
        ]
        by_path.setdefault(path, []).append((row, "; ".join(reasons)))
    for file in files:
        bad_rows = sorted(by_path.get(str(file.path), ()))
        located = file.locate([row for row, _ in bad_rows])
        for (_, reason), (line, raw) in zip(bad_rows, located, strict=True):
            rejects.add(Reject(file.location, line, reason, raw))
    return len(found)


def _typed(
    files: Sequence[Staged], names: Sequence[str], columns: Mapping[str, ColumnType], asked: Asked, *, leave_out: bool
) -> str:
    cells = []
    for name in names:
        column = columns[name]
        value = cast(cleaned(identifier(name), column.writing), column.type, column.writing)
        cells.append(f"{value} AS {identifier(name)}")
    if asked.file_column:
        cells.append(f"{_file_name(files)} AS {identifier(asked.file_column)}")
    query = f"SELECT {', '.join(cells)} FROM {identifier(_TEXTS)}"
    if leave_out:
        declared = {name.casefold() for name in asked.types}
        conditions = _misfit_conditions({n: c for n, c in columns.items() if n.casefold() in declared})
        query += f" WHERE NOT ({' OR '.join(conditions.values())})"
    return query


def _file_name(files: Sequence[Staged]) -> str:
    names = ", ".join(f"{text(str(file.path))}: {text(file.location)}" for file in files)
    return f"MAP {{{names}}}[{identifier(_FILE)}]" if files else "CAST(NULL AS VARCHAR)"


def _nothing_known(
    job: Job, engine: Engine, asked: Asked, rejects: RejectFile, problems: Sequence[Problem], key: str
) -> Reading:
    """Every file is empty: the table has the declared columns, or those of the landing before."""
    columns = {name: str(type_) for name, type_ in asked.types.items()}
    if not columns and job.previous is not None:
        columns = dict(job.previous.columns)
    if not columns:
        raise Problems(
            [
                *(replace(problem, severity=Severity.ERROR) for problem in problems),
                Problem(
                    "SOURCE017",
                    f'Nothing is known of the columns of source "{job.source.name}": it has neither header nor rows.',
                    job.place,
                    fix="Declare them, `columns: {id: bigint, ...}`, if it may be empty.",
                ),
            ]
        )
    target = job.folder / "tables" / f"{key}-{DIGEST}.parquet"
    nothing = ", ".join(f"CAST(NULL AS {type_}) AS {identifier(name)}" for name, type_ in columns.items())
    written = engine.write_parquet(f"SELECT {nothing} WHERE false", str(target))
    rejected = rejects.rows
    kept = rejects.keep(job.folder / "rejects" / f"{key}.ndjson")
    return Reading((written.path,), columns, rejected, 0, rejected, kept, (*problems, *rejects.problems(kept)))


def _column_missing(job: Job, column: str, names: Sequence[str]) -> Problem:
    match = nearest(column, names)
    return Problem(
        "SOURCE019",
        f'Source "{job.source.name}" declares a column "{column}" that its files do not have.',
        job.place,
        found=", ".join(names[:20]) + (", ..." if len(names) > 20 else ""),
        fix=f'Did you mean "{match}"?' if match else "Mend the name, or remove it from `columns`.",
    )


def _differences(files: Sequence[Staged], names: Sequence[str]) -> list[Problem]:
    found = []
    for file in files:
        have = {name.casefold() for name in file.names}
        lacking = [name for name in names if name.casefold() not in have]
        if lacking:
            found.append(
                Problem(
                    "SOURCE018",
                    f'The file "{file.location}" has not all columns of the source; they are empty for its rows.',
                    Place(file.location, 1),
                    found="without " + ", ".join(lacking[:20]),
                    fix="If that is no mistake, nothing is to be done; else mend the file, or make it its own source.",
                    severity=Severity.WARNING,
                )
            )
    return found


def _all_rejected(job: Job, rejects: RejectFile, rejected: int, kept: str | None) -> Problems:
    first = [replace(problem, severity=Severity.ERROR) for problem in rejects.problems(kept)]
    return Problems(
        [
            Problem(
                "SOURCE017",
                f'No row of source "{job.source.name}" can be read as it is declared; {rejected} were rejected.',
                job.place,
                fix="See the reasons below: most likely `encoding`, `delimiter`, `date_format` or a type in `columns`.",
            ),
            *first,
        ]
    )
