"""Turn an error of DuckDB into a Problem that never holds a cell value.

DuckDB quotes the value that it could not convert. Errors of grammar and of names speak of the SQL text only and are
passed on; all others are told in our own words, with the type, the column and the position that can be read
off their message without touching what may be a value.
"""

import re

import duckdb

from weft.base.problem import Problem

SQL_FAILED = "ENGINE001"
OUT_OF_MEMORY = "ENGINE002"
DISK_FULL = "ENGINE003"
INTERRUPTED = "ENGINE004"
FILE_FAILED = "ENGINE005"

# Their messages are made from the text of the query and from names and types, before any row is read.
_ABOUT_THE_TEXT = (
    duckdb.ParserException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.NotImplementedException,
    duckdb.PermissionException,
)
_POSITION = re.compile(r"\n\nLINE (\d+): (?P<excerpt>.*)\n(?P<caret> *)\^\s*$", re.DOTALL)
# A value that imitates this ending is followed by the quote that closes it, so a name with a quote is not believed.
_CAST_COLUMN = re.compile(r" when casting from source column ([^\n'\"]+)$")
_TYPE_AT_END = re.compile(r"[A-Z][A-Z0-9_]*(\(\d+(,\s?\d+)?\))?")
_FULL_DISK = ("No space left on device", "max_temp_directory_size", "Disk quota exceeded", "disk full")

_ENCRYPTED = re.compile(r"^Invalid Input Error: File '[^']*' is encrypted, but")

_WORDS_BY_START = (
    ("More than one row returned by a subquery", "A subquery used as an expression returned more than one row."),
    ("Overflow in", "A number became too large for its type."),
    ("Malformed JSON", "A value is not valid JSON."),
    ("Date out of range", "A date is out of range."),
    ("Could not parse string", "A value does not have the format that the query reads dates by."),
    ("PRIMARY KEY or UNIQUE", "A key occurs twice."),
    ("Duplicate key", "A key occurs twice."),
    ("NOT NULL constraint", "A value is missing in a column that must have one."),
)


def problem_of(error: duckdb.Error) -> Problem:
    """The Problem that tells a user what DuckDB could not do."""
    message = str(error)
    if any(words in message for words in _FULL_DISK):
        return _disk_full()
    if isinstance(error, duckdb.InvalidInputException) and _ENCRYPTED.search(message):
        return Problem(
            "KEY001",
            "A file is encrypted, and this environment has no keys.",
            fix="Bring back `encryption:` of the environment in weft.yaml.",
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return _out_of_memory()
    if isinstance(error, duckdb.InterruptException):
        return Problem(INTERRUPTED, "The query was stopped before it ended.")
    if isinstance(error, _ABOUT_THE_TEXT):
        return Problem(SQL_FAILED, f"The query cannot be run: {_without_kind(message)}", fix="Mend the query.")
    if isinstance(error, duckdb.IOException | duckdb.HTTPException):
        return Problem(
            FILE_FAILED,
            f"A file cannot be read or written: {_without_kind(message)}",
            fix="See that the file is there, is whole, and that this user may read and write it.",
        )
    return _value_failed(message, is_cast=isinstance(error, duckdb.ConversionException))


def _value_failed(message: str, *, is_cast: bool) -> Problem:
    head, position = _split_position(_without_kind(message))
    column_match = _CAST_COLUMN.search(head) if is_cast else None
    column = column_match.group(1) if column_match else None
    if column_match:
        head = head[: column_match.start()]
    what = next((words for start, words in _WORDS_BY_START if head.startswith(start)), None)
    # Only what follows the last " to " or " type " is looked at, and only if all of it has the shape of a type.
    target = head.rpartition(" to ")[2].rpartition(" type ")[2]
    if what is None and is_cast and head.startswith(("Could not c", "Type ")):
        known = _TYPE_AT_END.fullmatch(target) is not None
        what = f"A value cannot be converted to {target}." if known else "A value cannot be converted."
    return Problem(
        SQL_FAILED,
        what or "The query failed on a value of its input.",
        found="; ".join(part for part in (f"column {column}" if column else None, position) if part) or None,
        fix="TRY_CAST gives NULL where CAST fails; or leave such rows out in the query.",
    )


def _split_position(message: str) -> tuple[str, str | None]:
    match = _POSITION.search(message)
    if match is None:
        return message, None
    # The excerpt itself is left out: a consumer's query may hold values in its text. DuckDB counts the caret
    # from the start of the line it prints.
    return message[: match.start()], f"line {match.group(1)} of the query"


def _without_kind(message: str) -> str:
    kind, colon, rest = message.partition(": ")
    return rest if colon and kind.endswith("Error") else message


def _out_of_memory() -> Problem:
    return Problem(
        OUT_OF_MEMORY,
        "The engine ran out of memory.",
        fix="Give it more (`memory: 4GB` of the environment in weft.yaml, or WEFT_MEMORY), fewer `threads`, "
        "or let the model read fewer rows at once (materialization: incremental).",
    )


def _disk_full() -> Problem:
    return Problem(
        DISK_FULL,
        "The disk is full: the engine could not write a file.",
        fix="Free space where `storage` lies (`weft maintain` removes what no reader needs), "
        "or move `storage` in weft.yaml.",
    )
