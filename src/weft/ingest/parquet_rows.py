"""Read rows out of Parquet files: proven whole by decoding all of them, used as they are where nothing is to change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import nearest
from weft.base.problem import Place, Problem, Problems, Severity
from weft.base.stored_file import DIGEST
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.ingest.parquet_check import CheckedParquet, check_parquet
from weft.ingest.rejects import Reject, RejectFile
from weft.ingest.rows.cast_text import Writing, cast
from weft.ingest.rows.write_table import file_column_taken
from weft.ingest.source_protocol import Job, Reading
from weft.spec.sql_type import SqlType, parse_type

_ALL = "weft parquet"
_ROW, _FILE = "weft row", "weft file"


@dataclass(frozen=True)
class ParquetPart:
    """One Parquet file, and what people call it."""

    path: str
    location: str


def read_parquet_parts(
    job: Job,
    engine: Engine,
    parts: Sequence[ParquetPart],
    types: Mapping[str, SqlType],
    writing: Writing,
    rejects: RejectFile,
    key: str,
    file_column: str | None = None,
) -> Reading:
    """Check Parquet files and give them as one table.

    Args:
        job: the landing.
        engine: a session of its own.
        parts: the files, in order.
        types: declared types by column.
        writing: how texts are written, for columns of text that are declared as something else.
        rejects: gets the rows whose values do not fit.
        key: names what is written.
        file_column: name of an extra column that gets the file's name.
    """
    checked, problems = _check_all(engine, parts, job.scratch)
    if problems:
        raise Problems(problems)
    columns = _union(checked)
    _refuse_missing(job, types, columns)
    if file_column and file_column.casefold() in {name.casefold() for name in columns}:
        raise file_column_taken(job, file_column)
    warnings = _differences(checked, columns)
    rows = sum(part.rows for part in checked)
    asked = {name: type_ for name, type_ in _by_own_name(types, columns).items() if columns[name] != str(type_)}
    if not asked and not warnings and not file_column and _is_plain(checked):
        return Reading(tuple(part.path for part in parts), columns, rows, rows, 0, None, ())
    return _rewritten(job, engine, checked, columns, asked, writing, rejects, key, file_column, warnings)


def _check_all(
    engine: Engine, parts: Sequence[ParquetPart], scratch: Path
) -> tuple[list[CheckedParquet], list[Problem]]:
    checked, problems = [], []
    for number, part in enumerate(parts):
        try:
            checked.append(check_parquet(engine, part.path, part.location, scratch / f"anew-{number}.parquet"))
        except Problem as problem:
            problems.append(problem)
    return checked, problems


def _union(checked: Sequence[CheckedParquet]) -> dict[str, str]:
    """All columns; where types differ, the one that holds both, or text."""
    names: dict[str, str] = {}
    types: dict[str, str] = {}
    for part in checked:
        for name, type_ in part.columns.items():
            own = names.setdefault(name.casefold(), name)
            types[own] = type_ if own not in types else _wider(types[own], type_)
    return types


_WIDENING = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")


def _wider(one: str, other: str) -> str:
    """A type that holds the values of two.

    >>> _wider("INTEGER", "BIGINT"), _wider("BIGINT", "DOUBLE"), _wider("DATE", "BIGINT"), _wider("DATE", "TIMESTAMP")
    ('BIGINT', 'DOUBLE', 'VARCHAR', 'TIMESTAMP')
    """
    if one == other:
        return one
    if one in _WIDENING and other in _WIDENING:
        return max(one, other, key=_WIDENING.index)
    pair = {one, other}
    if pair <= {*_WIDENING[:4], "FLOAT", "DOUBLE"}:
        return "DOUBLE"
    if pair == {"DATE", "TIMESTAMP"}:
        return "TIMESTAMP"
    parsed = [parse_type(one), parse_type(other)]
    if all(type_ is not None and type_.name == "DECIMAL" for type_ in parsed):
        scale = max(type_.scale or 0 for type_ in parsed if type_)
        whole = max((type_.precision or 0) - (type_.scale or 0) for type_ in parsed if type_)
        return f"DECIMAL({whole + scale},{scale})" if whole + scale <= 38 else "VARCHAR"
    return "VARCHAR"


def _is_plain(checked: Sequence[CheckedParquet]) -> bool:
    """Whether models can read the files themselves: the same columns in each, no name twice."""
    first = dict(checked[0].columns) if checked else {}
    return all(dict(part.columns) == first and not part.is_anew for part in checked)


def _by_own_name(types: Mapping[str, SqlType], columns: Mapping[str, str]) -> dict[str, SqlType]:
    own = {name.casefold(): name for name in columns}
    return {own[name.casefold()]: type_ for name, type_ in types.items()}


def _refuse_missing(job: Job, types: Mapping[str, SqlType], columns: Mapping[str, str]) -> None:
    have = {name.casefold() for name in columns}
    missing = [name for name in types if name.casefold() not in have]
    if not missing:
        return
    problems = []
    for name in missing:
        match = nearest(name, columns)
        problems.append(
            Problem(
                "SOURCE019",
                f'Source "{job.source.name}" declares a column "{name}" that it does not have.',
                job.place,
                found=", ".join(list(columns)[:20]),
                fix=f'Did you mean "{match}"?' if match else "Mend the name, or remove it from `columns`.",
            )
        )
    raise Problems(problems)


def _differences(checked: Sequence[CheckedParquet], columns: Mapping[str, str]) -> list[Problem]:
    found = []
    for part in checked:
        have = {name.casefold(): type_ for name, type_ in part.columns.items()}
        lacking = [name for name in columns if name.casefold() not in have]
        other = [name for name, type_ in columns.items() if have.get(name.casefold(), type_) != type_]
        words = []
        if lacking:
            words.append("without " + ", ".join(lacking[:20]))
        if other:
            words.append("of another type: " + ", ".join(other[:20]))
        if words:
            found.append(
                Problem(
                    "SOURCE018",
                    f'The file "{part.location}" has other columns than the rest; they were united by name.',
                    Place(part.location),
                    found="; ".join(words),
                    fix="If that is no mistake, nothing is to be done; else mend the file.",
                    severity=Severity.WARNING,
                )
            )
    return found


def _rewritten(
    job: Job,
    engine: Engine,
    checked: Sequence[CheckedParquet],
    columns: Mapping[str, str],
    asked: Mapping[str, SqlType],
    writing: Writing,
    rejects: RejectFile,
    key: str,
    file_column: str | None,
    warnings: Sequence[Problem],
) -> Reading:
    engine.add_view(_ALL, "\nUNION ALL ".join(_scan(part, number, columns) for number, part in enumerate(checked)))
    values = {
        name: cast(f"CAST({identifier(name)} AS VARCHAR)", asked[name], writing) if name in asked else identifier(name)
        for name in columns
    }
    misfits = {name: f"({identifier(name)} IS NOT NULL AND {values[name]} IS NULL)" for name in asked}
    rejected = _reject(engine, checked, misfits, asked, rejects)
    cells = [f"{value} AS {identifier(name)}" for name, value in values.items()]
    if file_column:
        locations = ", ".join(text(part.location) for part in checked)
        cells.append(f"[{locations}][{identifier(_FILE)} + 1] AS {identifier(file_column)}")
    select = f"SELECT {', '.join(cells)} FROM {identifier(_ALL)}"
    if misfits:
        select += f" WHERE NOT ({' OR '.join(misfits.values())})"
    target = job.folder / "tables" / f"{key}-{DIGEST}.parquet"
    written = engine.write_parquet(select, str(target))
    total = sum(part.rows for part in checked)
    if written.rows + rejected != total:
        raise AssertionError(f"{total} rows in files, {written.rows} written, {rejected} rejected")
    kept = rejects.keep(Path(job.folder) / "rejects" / f"{key}.ndjson")
    problems = (*warnings, *rejects.problems(kept))
    return Reading((written.path,), engine.describe(select), total, written.rows, rejected, kept, problems)


def _scan(part: CheckedParquet, number: int, columns: Mapping[str, str]) -> str:
    own = {name.casefold(): name for name in part.columns}
    cells = [
        f"CAST({identifier(own[name.casefold()])} AS {type_}) AS {identifier(name)}"
        if name.casefold() in own
        else f"CAST(NULL AS {type_}) AS {identifier(name)}"
        for name, type_ in columns.items()
    ]
    scan = f"read_parquet({text(part.path)}, file_row_number = true)"
    return (
        f"SELECT {', '.join(cells)}, file_row_number AS {identifier(_ROW)}, {number} AS {identifier(_FILE)} FROM {scan}"
    )


def _reject(
    engine: Engine,
    checked: Sequence[CheckedParquet],
    misfits: Mapping[str, str],
    asked: Mapping[str, SqlType],
    rejects: RejectFile,
) -> int:
    if not misfits:
        return 0
    flags = ", ".join(
        f"{condition} AS {identifier(f'weft misfit {n}')}" for n, condition in enumerate(misfits.values())
    )
    names = dict.fromkeys(name for part in checked for name in part.columns)
    shown = list({name.casefold(): name for name in names}.values())
    cells = ", ".join(f"{identifier(name)}: {identifier(name)}" for name in shown)
    found = engine.rows(
        f"SELECT {identifier(_FILE)}, {identifier(_ROW)}, {flags}, CAST(to_json({{{cells}}}) AS VARCHAR)"
        f" FROM {identifier(_ALL)} WHERE {' OR '.join(misfits.values())}"
    )
    for number, row_number, *flagged, raw in found:
        reason = "; ".join(
            f'column "{name}" does not fit {asked[name]}' for name, bad in zip(misfits, flagged, strict=True) if bad
        )
        rejects.add(Reject(checked[number].location, row_number + 1, reason, raw))
    return len(found)
