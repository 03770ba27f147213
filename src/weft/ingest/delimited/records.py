"""Split delimited text into records, one careful way, with line numbers and a reason for each that is malformed.

This is the reference: the quick way (`read_quick`) is used only where it must give the same. The rules:
a line ends with LF, CRLF or CR, each anywhere; blank lines are no records; a field that begins with the quote ends
with it, a doubled quote within it is one; a quote elsewhere is a letter like any other. A field whose quote never
closes, or goes on after its closing quote, rejects the line where its record begins, and reading goes on with the next.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from weft.ingest.delimited.dialect import Dialect

MAX_RECORD_CHARACTERS = 4 << 20  # a quote that is not closed by then never will be
_BROKEN_BYTES = re.compile("[\udc80-\udcff]")

NULL_BYTE = "holds a null byte"
NOT_UTF8 = "holds bytes that are not in the file's encoding"
NOT_CLOSED = "a quote is opened and never closed"
TEXT_AFTER_QUOTE = "text follows a closing quote"


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file; `reason` says why it cannot be read."""

    line: int  # counted from 1, where it begins
    raw: str
    fields: list[str]
    reason: str | None = None


class _Malformed(Exception):
    def __init__(self, reason: str) -> None:
        self.reason = reason


class _GoesOn(Exception):
    """A quoted field goes on in the next line."""


def records(path: Path, dialect: Dialect) -> Iterator[Record]:
    """Every record of a UTF-8 file after the skipped lines, the header included."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        lines = _Lines(file)
        for _ in range(dialect.skip_lines):
            if lines.next() is None:
                return
        while (line := lines.next()) is not None:
            stripped = line.rstrip("\r\n")
            if not stripped.strip(" ") or (dialect.comment and stripped.startswith(dialect.comment)):
                continue
            yield _record(lines, line, stripped, dialect)


class _Lines:
    """Physical lines that can be given back."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._returned: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        line = self._returned.pop() if self._returned else next(self._file, None)
        if line is not None:
            self.number += 1
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extend(reversed(lines))
        self.number -= len(lines)


def _record(lines: _Lines, line: str, stripped: str, dialect: Dialect) -> Record:
    number = lines.number
    quote = dialect.quote
    if (not quote or quote not in stripped) and not (dialect.escape and dialect.escape in stripped):
        return _checked(Record(number, stripped, stripped.split(dialect.delimiter)))
    text, size = line, len(line)
    taken: list[str] = []
    reason = NOT_CLOSED
    while size <= MAX_RECORD_CHARACTERS:
        try:
            whole = text.rstrip("\r\n") if not taken else _without_last_end(text)
            return _checked(Record(number, whole, _fields(text, whole, dialect)))
        except _Malformed as malformed:
            reason = malformed.reason
            break
        except _GoesOn:
            more = _lines_to_next_quote(lines, quote, taken)
            if not more:
                break
            text += more
            size += len(more)
    lines.give_back(taken)
    return Record(number, stripped, [], reason)


def _lines_to_next_quote(lines: _Lines, quote: str, taken: list[str]) -> str:
    """The following lines up to the first that holds a quote; without one the field cannot close."""
    more: list[str] = []
    size = 0
    while (line := lines.next()) is not None:
        taken.append(line)
        more.append(line)
        size += len(line)
        if quote in line or size > MAX_RECORD_CHARACTERS:
            return "".join(more)
    return ""


def _without_last_end(text: str) -> str:
    for end in ("\r\n", "\n", "\r"):
        if text.endswith(end):
            return text[: -len(end)]
    return text


def _fields(text: str, whole: str, dialect: Dialect) -> list[str]:
    r"""The fields of a record.

    >>> _fields('1,"a ""b"", c",\n', '1,"a ""b"", c",', Dialect())
    ['1', 'a "b", c', '']
    """
    fields: list[str] = []
    delimiter, quote = dialect.delimiter, dialect.quote
    position, end = 0, len(whole)
    while True:
        if quote and whole.startswith(quote, position):
            field, position = _quoted(whole, position + 1, dialect)
            fields.append(field)
            if position == end:
                return fields
            if not whole.startswith(delimiter, position):
                raise _Malformed(TEXT_AFTER_QUOTE)
        else:
            stop = _next_delimiter(whole, position, dialect)
            field = whole[position:stop]
            fields.append(_unescaped(field, dialect.escape) if dialect.escape else field)
            position = stop
            if position == end:
                return fields
        position += len(delimiter)


def _next_delimiter(whole: str, position: int, dialect: Dialect) -> int:
    while True:
        stop = whole.find(dialect.delimiter, position)
        if stop < 0:
            return len(whole)
        if dialect.escape and _is_escaped(whole, stop, dialect.escape):
            position = stop + 1
            continue
        return stop


def _quoted(whole: str, position: int, dialect: Dialect) -> tuple[str, int]:
    """The content of a quoted field and the position after its closing quote."""
    quote, start = dialect.quote, position
    while True:
        close = whole.find(quote, position)
        if close < 0:
            raise _GoesOn
        if dialect.escape and dialect.escape != quote:
            if _is_escaped(whole, close, dialect.escape, start):
                position = close + 1
                continue
            return _unescaped(whole[start:close], dialect.escape), close + 1
        if whole.startswith(quote, close + 1):
            position = close + 2
            continue
        return whole[start:close].replace(quote * 2, quote), close + 1


def _is_escaped(whole: str, position: int, escape: str, start: int = 0) -> bool:
    count = 0
    while position - count - 1 >= start and whole[position - count - 1] == escape:
        count += 1
    return count % 2 == 1


def _unescaped(field: str, escape: str) -> str:
    return re.sub(re.escape(escape) + r"(.)", r"\1", field, flags=re.DOTALL) if escape in field else field


def _checked(record: Record) -> Record:
    if "\0" in record.raw:
        return Record(record.line, record.raw, [], NULL_BYTE)
    if not record.raw.isascii() and _BROKEN_BYTES.search(record.raw):
        return Record(record.line, record.raw, [], NOT_UTF8)
    return record
