"""All guesses of one table, in the order in which they build on each other.

What is personal is known before anything could quote a value.
"""

from typing import TYPE_CHECKING

from weft.build.check.formats import PATTERN_BY_FORMAT
from weft.build.infer.enums import enum
from weft.build.infer.formats import format_candidate, format_guess, misfits
from weft.build.infer.freshness import freshness
from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess, InferredTable
from weft.build.infer.keys import key_guesses
from weft.build.infer.meanings import has_identifier_library, meaning
from weft.build.infer.personal import personal_data
from weft.build.infer.profile_columns import SAMPLE_ROWS, profile_columns
from weft.build.infer.ranges import value_range
from weft.build.infer.shapes import pattern_guess, shape_pattern

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_PATTERN_TOLD_FROM = 0.98  # of the values; with more exceptions it is no shape


def infer_table(
    engine: "Engine", relation: str, name: str, *, typed: str | None = None, reads_texts: bool = True
) -> InferredTable:
    """Look at a relation and say what its contract could promise.

    Args:
        engine: the session that knows it.
        relation: the rows.
        name: of the table in the contract.
        typed: name of the view that stays for looking at relationships; columns have the names of the contract.
        reads_texts: whether texts may be numbers or days, as in a file of text.
    """
    view = typed or f"{relation} typed"
    rows, columns = profile_columns(engine, relation, view, reads_texts=reads_texts)
    forms = {c.name: form for c in columns if (form := format_candidate(c))}
    meanings = {c.name: found for c in columns if c.name not in forms and (found := meaning(c)) is not None}
    personal = personal_data(columns, name, forms, meanings)
    shapes = {
        c.name: shape
        for c in columns
        if c.name not in forms and (shape := shape_pattern(c, may_quote=c.name not in personal))
    }
    asked = {column: PATTERN_BY_FORMAT[form] for column, form in forms.items()} | shapes
    wrong = misfits(engine, view, asked)
    guesses = [g for g in key_guesses(engine, view, name, columns) if g.is_written or g.column not in personal]
    for column in columns:
        guesses += _of_column(engine, view, column, personal.get(column.name), meanings.get(column.name))
        if column.name in forms:
            guesses.append(format_guess(column, forms[column.name], wrong[column.name]))
        elif column.name in shapes and wrong[column.name] <= (1 - _PATTERN_TOLD_FROM) * column.filled:
            guesses.append(pattern_guess(column, shapes[column.name], wrong[column.name]))
    guesses += freshness(columns)
    if typed is None:
        engine.drop(view)
    return InferredTable(name, rows, columns, tuple(guesses), _notes(rows, columns))


def _of_column(
    engine: "Engine", view: str, column: ColumnProfile, personal: Guess | None, meaning: Guess | None
) -> list[Guess]:
    found = [Guess("type", column.type, f"{column.filled} values fit it", 0.99 if column.filled else 0.3, column.name)]
    if required := _required(column):
        found.append(required)
    if personal is not None:
        found.append(personal)
    if meaning is not None:
        found.append(meaning)
    if personal is None and (closed := enum(engine, view, column)):
        found.append(closed)
    if bounds := value_range(column):
        found.append(bounds)
    return found


def _required(column: ColumnProfile) -> Guess | None:
    if not column.is_complete:
        return None
    sure = 0.95 if column.rows >= 10 * ENOUGH_ROWS else 0.8 if column.rows >= ENOUGH_ROWS else 0.5
    return Guess("required", True, f"no value is missing in {column.rows} rows", sure, column.name)


def _notes(rows: int, columns: tuple[ColumnProfile, ...]) -> tuple[str, ...]:
    notes = []
    if rows > SAMPLE_ROWS:
        notes.append(
            f"formats, shapes and meanings were looked for in {SAMPLE_ROWS} of {rows} rows, then held against all"
        )
    if any(column.is_text for column in columns) and not has_identifier_library():
        notes.append("IBAN, tax, book and identity numbers were not looked for: pip install 'weft[identifiers]'")
    return tuple(notes)
