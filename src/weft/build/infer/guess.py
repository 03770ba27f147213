"""What is guessed of a table, with the evidence: counts and names, never a cell's value unless it is promised."""

from dataclasses import dataclass, field
from typing import Any

ENOUGH_ROWS = 20  # below this, what holds for all rows may hold by chance


@dataclass(frozen=True)
class Guess:
    """One thing that data lets one promise."""

    promise: str  # type, required, primary key, unique, enum, format, pattern, range, relationship, personal data, ...
    value: Any  # as the contract has it; None where the name of the promise says all
    evidence: str  # counts and reasons
    confidence: float  # 0 to 1
    column: str | None = None  # as the contract calls it; None: the table
    is_written: bool = True  # False: told to a person, not promised
    details: dict[str, Any] = field(default_factory=dict)  # what the document needs beside the value

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {
            "column": self.column,
            "promise": self.promise,
            "value": self.value,
            "evidence": self.evidence,
            "confidence": self.confidence,
            "written": self.is_written,
        }


@dataclass(frozen=True)
class ColumnProfile:
    """One column as its values show it."""

    source_name: str  # as the data calls it
    name: str  # as a contract calls it
    type: str  # a DuckDB type
    rows: int
    filled: int  # rows with a value; a blank text is none
    blank: int = 0  # texts that are there and empty or only spaces
    distinct: int = 0  # an estimate, exact below some thousand
    is_unique: bool = False  # no value comes twice; looked at where it could be an identifier
    shortest: int | None = None  # characters, of texts
    longest: int | None = None
    minimum: float | None = None  # of numbers; never printed, never promised as it is
    maximum: float | None = None
    sample: tuple[str, ...] = ()  # different texts, of a sample of rows; kept in memory only

    @property
    def is_complete(self) -> bool:
        """Whether no row lacks it."""
        return self.rows > 0 and self.filled == self.rows

    @property
    def is_text(self) -> bool:
        """Whether it is stored as text."""
        return self.type == "VARCHAR"

    @property
    def is_integer(self) -> bool:
        """Whether it is a whole number."""
        return self.type in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER")

    @property
    def is_number(self) -> bool:
        """Whether it is a number of any kind."""
        return self.is_integer or self.type in ("FLOAT", "DOUBLE") or self.type.startswith("DECIMAL")


@dataclass(frozen=True)
class InferredTable:
    """A table and all that is guessed of it."""

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    guesses: tuple[Guess, ...] = ()
    notes: tuple[str, ...] = ()  # what was not looked at, and what would have been needed

    def column(self, name: str) -> ColumnProfile:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def of(self, promise: str, column: str | None = None) -> tuple[Guess, ...]:
        """Guesses of one kind that are written, of one column or of the table itself."""
        return tuple(g for g in self.guesses if g.promise == promise and g.column == column and g.is_written)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the likely primary key."""
        found = self.of("primary key")
        return tuple(found[0].value) if found else ()
