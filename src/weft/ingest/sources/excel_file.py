"""Excel workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, by python-calamine."""

import fnmatch
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem, Problems, Severity
from weft.engine.protocol import Engine
from weft.ingest.decompress import Member
from weft.ingest.delimited.header import column_names
from weft.ingest.excel_cells import cell_text, column_kinds, raw_text
from weft.ingest.file_source import PLACE_OPTIONS, FileSource
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.write_table import write_table
from weft.ingest.rows.writing_options import WRITING_OPTIONS, asked_of
from weft.ingest.source_protocol import Job, Option, OptionType, Reading
from weft.ingest.staged import Staged
from weft.ingest.text_parquet import write_texts


@dataclass(frozen=True)
class _Layout:
    sheets: tuple[str, ...] | None  # names or patterns; None: the only one, or the first with a warning
    header_row: int | None  # counted from 1; None: the first row that is not empty
    header: bool
    names: tuple[str, ...]


class ExcelFile(FileSource):
    """A sheet of a workbook, or several as one table; cells keep the types that the workbook gives them."""

    kind: ClassVar[str] = "excel"
    opens_archives: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (
        Option("sheet", OptionType.TEXTS, "Names of sheets, or patterns such as `2026-*`; default: the first."),
        Option("header_row", OptionType.NUMBER, "The row of the header, counted from 1; default: the first not empty."),
        Option("header", OptionType.FLAG, "false: the first row is a row already."),
        Option("names", OptionType.TEXTS, "Names of all columns, instead of the header's."),
        *WRITING_OPTIONS,
        *PLACE_OPTIONS,
    )

    def read_members(
        self, job: Job, engine: Engine, members: Sequence[Member], rejects: RejectFile, key: str
    ) -> Reading:
        """Stage each sheet, then type all of them together."""
        row = job.option("header_row")
        layout = _Layout(
            job.texts("sheet"),
            int(row) if row is not None else None,
            bool(job.option("header", True)),
            job.texts("names") or (),
        )
        staged: list[Staged] = []
        problems: list[Problem] = []
        for member in members:
            try:
                staged += _stage_workbook(job, member, layout, number=len(staged))
            except Problem as problem:
                problems.append(problem)
        if problems:
            raise Problems(problems)
        return write_table(job, engine, staged, asked_of(job), rejects, key)


def _stage_workbook(job: Job, member: Member, layout: _Layout, number: int) -> list[Staged]:
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(str(member.path)) as workbook:
            all_names = list(workbook.sheet_names)
            names = _wanted_sheets(job, member, all_names, layout.sheets)
            staged = []
            for offset, name in enumerate(names):
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                location = f"{member.location}!{name}" if len(all_names) > 1 else member.location
                staged.append(_stage_sheet(job, location, rows, layout, number + offset))
    except python_calamine.PasswordError:
        raise _broken(member, "it is protected by a password") from None
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise _broken(member, f"it is no workbook, or damaged ({type(error).__name__})") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust: no Exception, though the file is to blame
            raise
        raise _broken(member, "it is damaged") from None
    if layout.sheets is None and len(all_names) > 1:
        staged[0] = replace(staged[0], problems=(*staged[0].problems, _only_first(member, all_names)))
    return staged


def _only_first(member: Member, names: Sequence[str]) -> Problem:
    return Problem(
        "SOURCE026",
        f'The workbook "{member.location}" has {len(names)} sheets; only the first was read.',
        Place(member.location),
        found=", ".join(names[:20]),
        fix=f'Say which: `sheet: "{names[0]}"`, or `sheet: "*"` for all of them as one table.',
        severity=Severity.WARNING,
    )


def _wanted_sheets(job: Job, member: Member, names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    if not names:
        raise _broken(member, "it has no sheets")
    if wanted is None:
        return [names[0]]
    found: list[str] = []
    for pattern in wanted:
        matching = [pattern] if pattern in names else [name for name in names if fnmatch.fnmatchcase(name, pattern)]
        if not matching:
            raise Problem(
                "SOURCE026",
                f'The workbook "{member.location}" has no sheet "{pattern}".',
                job.place,
                found=", ".join(names[:20]),
                fix=did_you_mean(pattern, names),
            )
        found += [name for name in matching if name not in found]
    return found


def _stage_sheet(job: Job, location: str, rows: Sequence[Sequence[Any]], layout: _Layout, number: int) -> Staged:
    """Texts of one sheet. Rows without any filled cell are no rows: sheets are full of formatted emptiness."""
    numbered = [(line, row) for line, row in enumerate(rows, start=1) if any(cell != "" for cell in row)]
    if layout.header_row is not None:
        numbered = [(line, row) for line, row in numbered if line >= layout.header_row]
    if not numbered:
        return Staged(location, None, (), 0, 0, partial(_locate, ()), (_empty(location),))
    problems: tuple[Problem, ...] = ()
    if layout.header:
        (header_line, header), *body = numbered
        width = _width(header, [row for _, row in body])
        found = column_names([cell_text(cell) or "" for cell in header[:width]], Place(location, header_line))
        names, problems = found.names, found.problems
    else:
        body = numbered
        width = len(body[0][1])
        names = tuple(f"column_{position}" for position in range(1, width + 1))
    names = (*layout.names[:width], *names[len(layout.names) :])
    kinds = column_kinds(names, [row for _, row in body])
    if not body:
        return Staged(location, None, names, 0, 0, partial(_locate, ()), (*problems, _empty(location)), kinds)
    target = job.scratch / f"texts-{number}.parquet"
    count = write_texts(target, width, ([cell_text(cell) for cell in row[:width]] for _, row in body))
    return Staged(location, target, names, count, 0, partial(_locate, body), problems, kinds)


def _width(header: Sequence[Any], body: Sequence[Sequence[Any]]) -> int:
    """Columns up to the last that has a name or a filled cell."""
    width = len(header)
    while width > 1 and header[width - 1] == "" and all(row[width - 1] == "" for row in body):
        width -= 1
    return width


def _locate(body: Sequence[tuple[int, Sequence[Any]]], positions: Sequence[int]) -> Iterator[tuple[int | None, str]]:
    for position in positions:
        line, row = body[position]
        yield line, raw_text(row)


def _broken(member: Member, why: str) -> Problem:
    return Problem(
        "SOURCE027",
        f'The workbook "{member.location}" cannot be read: {why}.',
        Place(member.location),
        fix="Open it and save it again as .xlsx, without a password.",
    )


def _empty(location: str) -> Problem:
    return Problem(
        "SOURCE013",
        f'The sheet "{location}" holds no rows.',
        Place(location),
        fix="If that is no mistake, nothing is to be done; else name another `sheet` or `header_row`.",
        severity=Severity.WARNING,
    )
