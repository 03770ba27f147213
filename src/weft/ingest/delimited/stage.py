"""Bring a delimited file into a Parquet file of texts: the quick way where it is plainly clean, else the careful one.

The quick way is Arrow's CSV reader. It is used only when every quote of the file belongs to a well-formed quoted
field, and believed only when its count of rows is that of `count_clean_records`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from weft.base.problem import Place, Problem, Severity
from weft.ingest.content_store import CHUNK_BYTES
from weft.ingest.delimited.count_records import count_clean_records
from weft.ingest.delimited.dialect import Dialect
from weft.ingest.delimited.header import Header, column_names
from weft.ingest.delimited.records import Record, records
from weft.ingest.rejects import Reject, RejectFile
from weft.ingest.staged import Staged
from weft.ingest.text_parquet import write_texts, writer


@dataclass(frozen=True)
class Layout:
    """What is asked of a delimited file beside its dialect."""

    dialect: Dialect
    names: tuple[str, ...] = ()  # instead of the header's, or where it has none
    pad: bool = False  # rows with too few fields are filled with nothing


def stage(path: Path, location: str, layout: Layout, target: Path, rejects: RejectFile) -> Staged:
    """Texts of one UTF-8 file.

    Args:
        path: the file.
        location: for people.
        layout: its dialect and names.
        target: Parquet to write; not written where there is no row.
        rejects: gets the records that cannot be read.
    """
    head = _head(path, location, layout)
    if head is None:
        return Staged(location, None, (), 0, 0, _nothing, (_empty(location),))
    width = len(head.names)
    rows, rejected = None, 0
    if not layout.pad:
        rows = _quick(path, layout.dialect, width, target)
    if rows is None:
        rows, rejected = _careful(path, location, layout, width, target, rejects)
    problems = head.problems if rows or rejected else (*head.problems, _header_only(location))
    locate = partial(_locate, path, layout, width)
    return Staged(location, target if rows else None, head.names, rows, rejected, locate, problems)


def _head(path: Path, location: str, layout: Layout) -> Header | None:
    """The names of the columns; None for a file without any record."""
    first = next(islice(records(path, layout.dialect), 1), None)
    if first is None:
        return None
    if first.reason is not None:
        raise Problem(
            "SOURCE017",
            f'The first row of "{location}" cannot be read, so its columns are not known: {first.reason}.',
            Place(location, first.line),
            fix="Mend the file, or say how it is written: `encoding`, `delimiter`, `quote`, `skip_lines`.",
        )
    if layout.names:
        return Header(_as_wide(layout.names, len(first.fields)))
    if not layout.dialect.header:
        return Header(tuple(f"column_{position}" for position in range(1, len(first.fields) + 1)))
    return column_names(first.fields, Place(location, first.line))


def _as_wide(names: Sequence[str], width: int) -> tuple[str, ...]:
    more = (f"column_{position}" for position in range(len(names) + 1, width + 1))
    return (*names, *more)


def _quick(path: Path, dialect: Dialect, width: int, target: Path) -> int | None:
    """Rows written by Arrow's reader; None where the file is not plainly clean or the counts do not agree."""
    import pyarrow as pa
    from pyarrow import csv

    expected = count_clean_records(path, dialect)
    if expected is None:
        return None
    expected -= 1 if dialect.header else 0
    if expected == 0:
        return 0
    names = [f"c{position}" for position in range(width)]
    read = csv.ReadOptions(
        column_names=names, skip_rows_after_names=1 if dialect.header else 0, block_size=8 * CHUNK_BYTES
    )
    parse = csv.ParseOptions(
        delimiter=dialect.delimiter,
        quote_char=dialect.quote or False,
        double_quote=True,
        newlines_in_values=True,
        ignore_empty_lines=True,
    )
    convert = csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    try:
        with csv.open_csv(path, read, parse, convert) as reader, writer(target, width) as file:
            rows = 0
            for batch in reader:
                file.write_batch(batch)
                rows += batch.num_rows
    except pa.ArrowInvalid:  # ragged rows, bytes that are not UTF-8
        return None
    return rows if rows == expected else None


def _careful(
    path: Path, location: str, layout: Layout, width: int, target: Path, rejects: RejectFile
) -> tuple[int, int]:
    """Rows written and rows rejected, record by record."""
    rejected = 0

    def good() -> Iterator[list[str]]:
        nonlocal rejected
        for record in _judged(path, layout, width):
            if record.reason is None:
                yield record.fields
            else:
                rejects.add(Reject(location, record.line, record.reason, record.raw))
                rejected += 1

    rows = write_texts(target, width, good())
    return rows, rejected


def _judged(path: Path, layout: Layout, width: int) -> Iterator[Record]:
    """Records without the header; those of a wrong width have a reason."""
    found = records(path, layout.dialect)
    if layout.dialect.header:
        next(found, None)
    for record in found:
        count = len(record.fields)
        if record.reason is not None or count == width:
            yield record
        elif layout.pad and count < width:
            yield Record(record.line, record.raw, record.fields + [""] * (width - count))
        else:
            words = "too many" if count > width else "too few"
            yield Record(record.line, record.raw, [], f"{words} fields: {count} instead of {width}")


def _locate(path: Path, layout: Layout, width: int, positions: Sequence[int]) -> Iterator[tuple[int | None, str]]:
    """Line and raw text of rows, by their position among the good ones."""
    wanted = iter(positions)
    following = next(wanted, None)
    good = (record for record in _judged(path, layout, width) if record.reason is None)
    for position, record in enumerate(good):
        if following is None:
            return
        if position == following:
            yield record.line, record.raw
            following = next(wanted, None)


def _nothing(positions: Sequence[int]) -> Iterator[tuple[int | None, str]]:
    return iter(())


def _empty(location: str) -> Problem:
    return Problem(
        "SOURCE013",
        f'The file "{location}" is empty.',
        Place(location),
        fix="If that is no mistake, nothing is to be done; else fetch it again.",
        severity=Severity.WARNING,
    )


def _header_only(location: str) -> Problem:
    return Problem(
        "SOURCE014",
        f'The file "{location}" has a header and no rows.',
        Place(location),
        fix="If that is no mistake, nothing is to be done; else fetch it again.",
        severity=Severity.WARNING,
    )
