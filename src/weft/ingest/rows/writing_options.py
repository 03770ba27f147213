"""The options that say how values are written, shared by all kinds that read texts."""

from collections.abc import Mapping, Sequence
from typing import Any

from weft.base.problem import Problem
from weft.ingest.rows.cast_text import Writing
from weft.ingest.rows.write_table import Asked, declared_types
from weft.ingest.source_protocol import Job, Option, OptionType
from weft.spec.sql_type import SqlType

WRITING_OPTIONS = (
    Option(
        "null_values", OptionType.TEXTS, 'Texts that stand for nothing, such as `["", "NA"]`; default: empty cells.'
    ),
    Option("decimal", OptionType.TEXT, 'The decimal mark; default ".".'),
    Option("thousands", OptionType.TEXT, "The mark between groups of three digits; default: none."),
    Option("trim", OptionType.FLAG, "Remove blanks around texts."),
    Option(
        "date_format",
        OptionType.ANY,
        "Formats of strptime, one or several in the order to try, or a mapping from column to those; default ISO 8601.",
    ),
    Option("file_column", OptionType.TEXT, "Name of an extra column that holds the name of the row's file."),
)


def asked_of(job: Job, known: Mapping[str, SqlType] | None = None) -> Asked:
    """What a source asks of its table.

    Args:
        job: the landing.
        known: types that the files' own structure gives; declared ones go before them.
    """
    null_values = job.texts("null_values")
    writing = Writing(
        null_values=("",) if null_values is None else null_values,
        decimal=_mark(job, "decimal", "."),
        thousands=_mark(job, "thousands", ""),
        trim=bool(job.option("trim", False)),
    )
    types = dict(known or {}) | declared_types(job.source.columns)
    return Asked(writing, types, _formats(job, job.option("date_format")), job.option("file_column"))


def _mark(job: Job, name: str, default: str) -> str:
    mark = str(job.option(name, default))
    if len(mark) > 1 or mark.isalnum():
        raise Problem("SOURCE003", f'Option "{name}" is not one mark.', job.place, expected="such as , or .")
    return mark


def _formats(job: Job, value: Any) -> dict[str, Sequence[str]]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(column): _list(job, formats) for column, formats in value.items()}
    return {"": _list(job, value)}


def _list(job: Job, value: Any) -> tuple[str, ...]:
    formats = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not formats or not all(isinstance(format_, str) and "%" in format_ for format_ in formats):
        raise Problem(
            "SOURCE003",
            'Option "date_format" is not a format of dates.',
            job.place,
            expected="such as %d.%m.%Y, a list of such, or a mapping from column to such",
        )
    return formats
