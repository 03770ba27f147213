"""Infer a type for each column of texts, over all rows and never from a sample.

A sample comes first only to rule types out: one value that does not fit is enough for that, so the pass over all
rows tries what is left. Careful by choice: leading zeros stay text, mixed columns stay text, days that could be
months stay text and are reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from weft.base.problem import Problem, Severity
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.ingest.rows import text_patterns as patterns
from weft.ingest.rows.cast_text import Writing, as_number_text, cleaned, strptime
from weft.ingest.staged import TextKind
from weft.spec.sql_type import SqlType

SAMPLE_ROWS = 1000
_MONEY_SCALES = range(2, 5)
_MOST_DIGITS = 18

_VARCHAR = SqlType("VARCHAR")
_TYPE_BY_TEST = {
    "boolean": SqlType("BOOLEAN"),
    "integer": SqlType("BIGINT"),
    "date": SqlType("DATE"),
    "timestamp": SqlType("TIMESTAMP"),
    "zoned": SqlType("TIMESTAMP WITH TIME ZONE"),
}
_MARKS_BY_STYLE: dict[str, tuple[str, dict[str, str]]] = {
    # "1,234" fits the first two; three digits after every comma are more often thousands.
    "grouped_by_comma": ("numbers with a comma between thousands", {"thousands": ","}),
    "decimal_comma": ("numbers with a decimal comma", {"decimal": ","}),
    "grouped_by_point": (
        "numbers with a point between thousands and a decimal comma",
        {"decimal": ",", "thousands": "."},
    ),
}
_TESTS_BY_KIND = {
    TextKind.UNKNOWN: None,  # all
    TextKind.WORDS: ("date", "timestamp", "zoned"),
    TextKind.VALUES: ("boolean", "integer", "number", "date", "timestamp", "zoned"),
}


@dataclass(frozen=True)
class ColumnType:
    """A column's type and how its values are written."""

    type: SqlType
    writing: Writing


@dataclass(frozen=True)
class Inferred:
    """What the texts of a relation are."""

    columns: Mapping[str, ColumnType]
    problems: tuple[Problem, ...] = ()
    suggested: Mapping[str, Any] = field(default_factory=dict)  # options of the source that would say what was found


@dataclass
class _Column:
    name: str
    writing: Writing
    formats: Sequence[str]  # date formats that the source declares for it
    open_tests: set[str] = field(default_factory=set)
    is_value: bool = False
    filled: int = 0


def infer_types(
    engine: Engine,
    relation: str,
    names: Sequence[str],
    writing: Writing,
    kinds: Mapping[str, TextKind],
    formats: Mapping[str, Sequence[str]],
) -> Inferred:
    """Types of the named columns of a relation of texts.

    Args:
        engine: has the relation.
        relation: its name; all named columns are VARCHAR.
        names: of columns to infer.
        writing: how values are written.
        kinds: what is known of columns.
        formats: date formats declared for columns.
    """
    columns = [_open_column(name, writing, kinds.get(name, TextKind.UNKNOWN), formats.get(name, ())) for name in names]
    if not columns:
        return Inferred({})
    _rule_out(engine, f"SELECT * FROM {identifier(relation)} LIMIT {SAMPLE_ROWS}", columns)
    _rule_out(engine, f"SELECT * FROM {identifier(relation)}", columns)
    _settle_commas(columns)
    found: dict[str, ColumnType] = {}
    problems: list[Problem] = []
    numbers = _fractions(engine, relation, [column for column in columns if _is_number(column)])
    for column in columns:
        type_, column_writing, problem = _decide(engine, relation, column, numbers)
        found[column.name] = ColumnType(type_, column_writing)
        if problem is not None:
            problems.append(problem)
    return Inferred(found, tuple(problems), _suggested(columns, found))


def _open_column(name: str, writing: Writing, kind: TextKind, formats: Sequence[str]) -> _Column:
    tests = _TESTS_BY_KIND[kind]
    allowed = set(_tests("x", writing, formats)) if tests is None else set(tests)
    return _Column(name, writing, formats, allowed, kind is TextKind.VALUES)


def _tests(value: str, writing: Writing, formats: Sequence[str]) -> dict[str, str]:
    """Conditions that all texts of a column must meet, by the name of the test."""
    trimmed = f"trim({value})"
    number = as_number_text(value, writing)

    def like(expression: str, pattern: str) -> str:
        return f"regexp_full_match({expression}, {text(pattern)})"

    tests = {
        "boolean": like(trimmed, patterns.BOOLEAN),
        "integer": f"{like(number, patterns.INTEGER)} AND TRY_CAST({number} AS BIGINT) IS NOT NULL",
        "number": like(number, "|".join((patterns.INTEGER, patterns.DECIMAL, patterns.SCIENTIFIC))),
        "date": f"{like(trimmed, patterns.ISO_DATE)} AND TRY_CAST({trimmed} AS DATE) IS NOT NULL",
        "timestamp": f"{like(trimmed, f'{patterns.ISO_DATE}|{patterns.ISO_TIMESTAMP}')}"
        f" AND TRY_CAST(replace({trimmed}, ',', '.') AS TIMESTAMP) IS NOT NULL",
        "zoned": f"{like(trimmed, patterns.ISO_TIMESTAMP_ZONED)}"
        f" AND TRY_CAST(replace({trimmed}, ',', '.') AS TIMESTAMP WITH TIME ZONE) IS NOT NULL",
    }
    if formats:
        tests["declared_format"] = f"{strptime(trimmed, formats)} IS NOT NULL"
    else:
        tests["other_date"] = like(trimmed, patterns.OTHER_DATE)
        tests["short_date"] = like(trimmed, patterns.SHORT_DATE)
    if writing.decimal == "." and not writing.thousands:
        plain = f"{patterns.INTEGER}|{patterns.DECIMAL}"
        tests["grouped_by_comma"] = like(trimmed, f"{plain}|{patterns.GROUPED_BY_COMMA}")
        tests["grouped_by_point"] = like(
            trimmed, f"{patterns.INTEGER}|{patterns.GROUPED_BY_POINT}|{patterns.DECIMAL_COMMA}"
        )
        tests["decimal_comma"] = like(trimmed, f"{patterns.INTEGER}|{patterns.DECIMAL_COMMA}")
    return tests


def _rule_out(engine: Engine, rows: str, columns: Iterable[_Column]) -> None:
    """Close the tests that a value fails, and count the filled cells."""
    trials = [
        (column, name, condition)
        for column in columns
        for name, condition in _tests(identifier(column.name), column.writing, column.formats).items()
        if name in column.open_tests
    ]
    cells = ", ".join(
        f"{cleaned(identifier(column.name), column.writing)} AS {identifier(column.name)}" for column in columns
    )
    aggregates = [f"count({identifier(column.name)})" for column in columns]
    aggregates += [
        f"coalesce(bool_and({condition}) FILTER ({identifier(column.name)} IS NOT NULL), false)"
        for column, _, condition in trials
    ]
    values = engine.rows(f"SELECT {', '.join(aggregates)} FROM (SELECT {cells} FROM ({rows}))")[0]
    counts = list(columns)
    for column, filled in zip(counts, values, strict=False):
        column.filled = filled
    for (column, name, _), passed in zip(trials, values[len(counts) :], strict=True):
        # A column whose sample is all NULL has failed nothing yet.
        if not passed and column.filled:
            column.open_tests.discard(name)


def _settle_commas(columns: Sequence[_Column]) -> None:
    """One file writes its numbers one way: where a comma must be the decimal mark in one column, it is in all."""
    styles = [column.open_tests & set(_MARKS_BY_STYLE) for column in columns if column.filled]
    if any("grouped_by_comma" not in style and style for style in styles):
        for column in columns:
            if column.open_tests & {"decimal_comma", "grouped_by_point"}:
                column.open_tests.discard("grouped_by_comma")


def _is_number(column: _Column) -> bool:
    return bool(column.filled) and "number" in column.open_tests and "integer" not in column.open_tests


def _fractions(engine: Engine, relation: str, columns: Sequence[_Column]) -> dict[str, tuple[int, int, int, bool]]:
    """Of columns of numbers: fewest and most digits after the point, most characters, whether there is an exponent."""
    if not columns:
        return {}
    parts = []
    for column in columns:
        number = as_number_text(cleaned(identifier(column.name), column.writing), column.writing)
        digits = f"CASE WHEN contains({number}, '.') THEN length({number}) - strpos({number}, '.') ELSE 0 END"
        parts += [
            f"min({digits})",
            f"max({digits})",
            f"max(length({number}))",
            f"bool_or(contains(lower({number}), 'e'))",
        ]
        parts[-4] = f"min(CASE WHEN {number} IS NOT NULL THEN {digits} END)"
    values = engine.rows(f"SELECT {', '.join(parts)} FROM {identifier(relation)}")[0]
    return {column.name: tuple(values[index * 4 : index * 4 + 4]) for index, column in enumerate(columns)}


def _decide(
    engine: Engine, relation: str, column: _Column, numbers: Mapping[str, tuple[int, int, int, bool]]
) -> tuple[SqlType, Writing, Problem | None]:
    if not column.filled:
        return _VARCHAR, column.writing, None
    if "declared_format" in column.open_tests:
        has_time = any(
            mark in format_ for format_ in column.formats for mark in ("%H", "%I", "%M", "%S", "%p", "%X", "%c")
        )
        return (
            SqlType("TIMESTAMP" if has_time else "DATE"),
            replace(column.writing, date_formats=tuple(column.formats)),
            None,
        )
    for test, type_ in _TYPE_BY_TEST.items():
        if test in column.open_tests:
            return type_, column.writing, None
    if column.name in numbers:
        fewest, most, longest, exponent = numbers[column.name]
        is_money = fewest == most and most in _MONEY_SCALES and longest <= _MOST_DIGITS and not exponent
        if is_money and not column.is_value:
            return SqlType("DECIMAL", precision=_MOST_DIGITS, scale=most), column.writing, None
        return SqlType("DOUBLE"), column.writing, None
    if "other_date" in column.open_tests:
        return _other_dates(engine, relation, column)
    if "short_date" in column.open_tests:
        return _VARCHAR, column.writing, _short_years(column.name)
    for test, (words, marks) in _MARKS_BY_STYLE.items():
        if test in column.open_tests:
            return _VARCHAR, column.writing, _style_problem(column.name, words, marks)
    return _VARCHAR, column.writing, None


def _other_dates(engine: Engine, relation: str, column: _Column) -> tuple[SqlType, Writing, Problem | None]:
    """The one format that reads every value; text and a question where there are two or none."""
    value = f"trim({cleaned(identifier(column.name), column.writing)})"
    formats = [format_ + tail for format_ in patterns.DATE_FORMATS for tail in patterns.TIME_TAILS]
    counts = ", ".join(f"count(try_strptime({value}, {text(format_)}))" for format_ in formats)
    read = engine.rows(f"SELECT {counts} FROM {identifier(relation)}")[0]
    fitting = [format_ for format_, count in zip(formats, read, strict=True) if count == column.filled]
    if len(fitting) == 1:
        kind = "TIMESTAMP" if "%H" in fitting[0] else "DATE"
        return SqlType(kind), replace(column.writing, date_formats=(fitting[0],)), _date_read(column.name, fitting[0])
    some = [format_ for format_, count in zip(formats, read, strict=True) if count]
    if fitting:
        return _VARCHAR, column.writing, _ambiguous(column.name, fitting)
    return _VARCHAR, column.writing, _several_styles(column.name, some) if some else None


def _suggested(columns: Sequence[_Column], found: Mapping[str, ColumnType]) -> dict[str, Any]:
    """Options that say how the values are written: date formats that were found, marks that all numbers could have."""
    suggested: dict[str, Any] = {}
    formats = {
        column.name: found[column.name].writing.date_formats[0]
        for column in columns
        if not column.formats and found[column.name].writing.date_formats
    }
    if formats:
        suggested["date_format"] = formats
    for column in columns:
        if not column.filled or found[column.name].type != _VARCHAR:
            continue
        style = next((marks for test, (_, marks) in _MARKS_BY_STYLE.items() if test in column.open_tests), {})
        if any(suggested.get(option, mark) != mark for option, mark in style.items()):
            return {option: value for option, value in suggested.items() if option == "date_format"}
        suggested |= style
    return suggested


def _style_problem(name: str, words: str, marks: Mapping[str, str]) -> Problem:
    option = "` and `".join(f'{option}: "{mark}"' for option, mark in marks.items())
    return Problem(
        "SOURCE022",
        f'Column "{name}" looks like {words}; it was landed as text.',
        fix=f"If they are numbers, add `{option}`; if not, declare it: `columns: {{{name}: varchar}}`.",
        severity=Severity.WARNING,
    )


def _date_read(name: str, format_: str) -> Problem:
    return Problem(
        "SOURCE023",
        f'Column "{name}" was read as dates of the form {format_}, the only one that fits all of its values.',
        fix=f'Declare it, so that other values cannot change it: `date_format: {{{name}: "{format_}"}}`.',
        severity=Severity.INFO,
    )


def _ambiguous(name: str, formats: Sequence[str]) -> Problem:
    return Problem(
        "SOURCE021",
        f'The dates of column "{name}" can be read in more than one way; it was landed as text.',
        found="all values fit " + " and ".join(formats),
        fix=f'Say which: `date_format: {{{name}: "{formats[0]}"}}`.',
        severity=Severity.WARNING,
    )


def _short_years(name: str) -> Problem:
    return Problem(
        "SOURCE021",
        f'Column "{name}" looks like dates with years of two digits; it was landed as text.',
        fix=f'If they are dates, say how they are written: `date_format: {{{name}: "%d.%m.%y"}}`.',
        severity=Severity.WARNING,
    )


def _several_styles(name: str, formats: Sequence[str]) -> Problem:
    listed = ", ".join(f'"{format_}"' for format_ in formats[:2])
    return Problem(
        "SOURCE022",
        f'Column "{name}" holds dates in several styles; it was landed as text.',
        found="some values fit " + ", some ".join(formats),
        fix=f"List them in the order to try: `date_format: {{{name}: [{listed}]}}`.",
        severity=Severity.WARNING,
    )
