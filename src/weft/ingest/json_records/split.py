"""Split JSON text into records, each as it stands in the file; nothing is parsed into numbers and printed again."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from weft.base.problem import Place, Problem

NOT_JSON = "is not valid JSON"
NOT_AN_OBJECT = "is not a JSON object"
NULL_BYTE = "holds a null byte"
NOT_UTF8 = "holds bytes that are not in the file's encoding"

_BLANKS = " \t\r\n"


@dataclass(frozen=True, slots=True)
class JsonRecord:
    """One record as text; `reason` says why it cannot be read."""

    line: int
    raw: str
    reason: str | None = None


def split_lines(path: Path) -> Iterator[JsonRecord]:
    """Records of NDJSON: one a line, blank lines are none."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            record = line.strip(_BLANKS)
            if record:
                yield JsonRecord(number, record, _line_fault(record))


def split_document(path: Path, location: str, records: str | None = None) -> Iterator[JsonRecord]:
    """Records of a JSON file: the items of a list, or one value after the other; a list within an object by `records`.

    Args:
        path: UTF-8 text.
        location: for people.
        records: path to the list of records, such as `data.items`.

    Raises:
        Problem: SOURCE025 the file as a whole is no JSON: what lies behind a fault cannot be told apart.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _not_json(location, None, f"byte {error.start:,} is not in the file's encoding", 0) from None
    scanner = _Scanner(text, location)
    position = scanner.skip(0)
    while position < len(text):
        yield from _values(scanner, position, records)
        position = scanner.skip(scanner.end)
        if position < len(text) and text[position] == ",":
            raise _not_json(location, scanner.line_at(position), "a comma between two values", scanner.records)


def _values(scanner: "_Scanner", position: int, records: str | None) -> Iterator[JsonRecord]:
    if records:
        start = position
        for name in records.split("."):
            start = scanner.member(start, name)
        if scanner.text[start : start + 1] != "[":
            raise scanner.fault(start, f"`records: {records}` names no list")
        yield from scanner.items(start)
        scanner.value(position)
    elif scanner.text[position] == "[":
        yield from scanner.items(position)
    else:
        end = scanner.value(position)
        yield scanner.record(position, end)


class _Scanner:
    """Finds where values begin and end, and on which line."""

    def __init__(self, text: str, location: str) -> None:
        self.text = text
        self.location = location
        self.end = 0  # of the last whole value
        self.records = 0
        self._decoder = json.JSONDecoder()
        self._line, self._line_position = 1, 0

    def skip(self, position: int) -> int:
        """The next position that is not blank."""
        text = self.text
        while position < len(text) and text[position] in _BLANKS:
            position += 1
        return position

    def value(self, position: int) -> int:
        """The end of the value that begins here."""
        _, self.end = self._decoded(position)
        return self.end

    def items(self, position: int) -> Iterator[JsonRecord]:
        """The items of the list that begins here."""
        position = self.skip(position + 1)
        if self.text[position : position + 1] == "]":
            self.end = position + 1
            return
        while True:
            _, end = self._decoded(position)
            yield self.record(position, end)
            position = self.skip(end)
            mark = self.text[position : position + 1]
            if mark == "]":
                self.end = position + 1
                return
            if mark != ",":
                raise self.fault(position, "a comma or the end of the list is missing")
            position = self.skip(position + 1)

    def member(self, position: int, name: str) -> int:
        """Where the value of an object's member begins."""
        if self.text[position : position + 1] != "{":
            raise self.fault(position, f'there is no object that could have "{name}"')
        position = self.skip(position + 1)
        while self.text[position : position + 1] == '"':
            key, end = self._decoded(position)
            colon = self.skip(end)
            if self.text[colon : colon + 1] != ":":
                raise self.fault(colon, "a colon is missing")
            start = self.skip(colon + 1)
            if key == name:
                return start
            _, end = self._decoded(start)
            position = self.skip(end)
            if self.text[position : position + 1] == ",":
                position = self.skip(position + 1)
        raise self.fault(position, f'there is no "{name}"')

    def record(self, start: int, end: int) -> JsonRecord:
        """One record as it stands."""
        self.records += 1
        raw = self.text[start:end]
        return JsonRecord(self.line_at(start), raw, None if raw.startswith("{") else NOT_AN_OBJECT)

    def line_at(self, position: int) -> int:
        """The line of a position; positions come in order, so that no part is counted twice."""
        if position < self._line_position:
            return self.text.count("\n", 0, position) + 1
        self._line += self.text.count("\n", self._line_position, position)
        self._line_position = position
        return self._line

    def fault(self, position: int, why: str) -> Problem:
        """The file is no JSON from here on."""
        return _not_json(self.location, self.line_at(position), why, self.records)

    def _decoded(self, position: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self.text, position)
        except json.JSONDecodeError as error:
            raise self.fault(error.pos, error.msg.lower()) from None
        except RecursionError:
            raise self.fault(position, "values are nested too deeply") from None


_NULL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def holds_null_byte(record: str) -> bool:
    r"""Whether a record has an escaped null byte, which few databases can store.

    >>> holds_null_byte(r'{"a": "x\u0000"}'), holds_null_byte(r'{"a": "x\\u0000"}')
    (True, False)
    """
    return "\\u0000" in record and _NULL_ESCAPE.search(record) is not None


def _line_fault(record: str) -> str | None:
    """Why a line is no record. The engine parses all lines again, and quicker; it is asked about validity there."""
    if not record.isascii():
        try:
            record.encode("utf-8")
        except UnicodeEncodeError:
            return NOT_UTF8
    if not record.startswith("{"):
        return NOT_AN_OBJECT if _is_json(record) else NOT_JSON
    return None


def _is_json(record: str) -> bool:
    try:
        json.loads(record)
    except (json.JSONDecodeError, RecursionError):
        return False
    return True


def _not_json(location: str, line: int | None, why: str, records: int) -> Problem:
    return Problem(
        "SOURCE025",
        f'The JSON file "{location}" cannot be read: {why}.',
        Place(location, line),
        found=f"{records:,} records were readable before that; nothing of the file was landed",
        fix="Mend the file or fetch it again; for one object a line use `kind: ndjson`, which rejects bad lines only.",
    )
