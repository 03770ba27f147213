"""Check a source's declaration against what its kind understands, before anything is read."""

from collections.abc import Iterator
from typing import Any

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.ingest.source_protocol import Option, OptionType, SourceKind
from weft.spec.making import Source
from weft.spec.sql_type import parse_type


def option_problems(kind: SourceKind, source: Source) -> list[Problem]:
    """Every mistake in the keys of one source."""
    return [*_path(kind, source), *_unknown(kind, source), *_wrong(kind, source), *_types(source)]


def _path(kind: SourceKind, source: Source) -> Iterator[Problem]:
    if kind.uses_path and not source.path:
        yield Problem(
            "SOURCE004",
            f'Source "{source.name}" of kind {kind.kind} has no path.',
            source.place,
            fix="Add `path: data/...` (relative to the mesh), or an s3:// or https:// address.",
        )


def _unknown(kind: SourceKind, source: Source) -> Iterator[Problem]:
    known = {option.name for option in kind.options}
    for name in source.options:
        if name not in known:
            yield Problem(
                "SOURCE002",
                f'Source "{source.name}" of kind {kind.kind} has no option "{name}".',
                source.place,
                expected=", ".join(sorted(known)),
                fix=did_you_mean(name, known),
            )


def _wrong(kind: SourceKind, source: Source) -> Iterator[Problem]:
    for option in kind.options:
        value = source.options.get(option.name)
        if value is None:
            if option.required:
                yield Problem(
                    "SOURCE003",
                    f'Source "{source.name}" of kind {kind.kind} needs the option "{option.name}".',
                    source.place,
                    fix=f"Add `{option.name}:`. {option.meaning}",
                )
        elif not _fits(option, value):
            yield Problem(
                "SOURCE003",
                f'Option "{option.name}" of source "{source.name}" is not {option.type}.',
                source.place,
                found=type(value).__name__,
                expected=str(option.type),
                fix=option.meaning,
            )


def _types(source: Source) -> Iterator[Problem]:
    for column, text in source.columns.items():
        if parse_type(text) is None:
            yield Problem(
                "SOURCE020",
                f'The type of column "{column}" of source "{source.name}" is not known.',
                source.place,
                found=text,
                expected="a DuckDB type such as bigint, decimal(12,2), date, timestamp, varchar",
            )


def _fits(option: Option, value: Any) -> bool:
    if isinstance(value, str) and value.startswith("${"):
        return True  # a reference, known only when it is used
    match option.type:
        case OptionType.FLAG:
            return isinstance(value, bool)
        case OptionType.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case OptionType.TEXT:
            return isinstance(value, str | int | float) and not isinstance(value, bool)
        case OptionType.TEXTS:
            items = value if isinstance(value, list | tuple) else [value]
            return all(isinstance(item, str | int | float) for item in items)
        case OptionType.MAPPING:
            return isinstance(value, dict)
        case _:
            return True
