"""What every step of a cleansing tells of itself, before any row is read."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from weft.base.problem import Place

NUMBER, TEXT = "number", "text"
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "REAL", "DOUBLE", "DECIMAL", "U")


@dataclass(frozen=True)
class Effect:
    """How a column after a step comes from columns before it.

    The ways are the names of `weft.graph.origins.Kind`; each source has one.
    """

    column: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class CleansingStep(ABC):
    """One declared step. Column names are as written; SQL and weft compare them without case."""

    kind: str  # as the step is called in build.yaml; a field, so that a fingerprint tells two kinds apart
    place: Place

    @abstractmethod
    def reads(self) -> Mapping[str, str | None]:
        """Columns that must be there, each with the kind of type that it must have (number, text) or None."""

    @abstractmethod
    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """Columns and DuckDB types after the step.

        Args:
            columns: those before it; every column that the step reads is among them.
        """

    @abstractmethod
    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """How the columns that it touches or adds come from those before.

        Args:
            columns: names before the step, as far as they are known.
        """

    def adds(self) -> tuple[str, ...]:
        """Names of columns that it adds."""
        return ()

    def decides_rows(self) -> tuple[str, ...]:
        """Columns that decide which rows stay."""
        return ()

    @abstractmethod
    def said(self) -> str:
        """Its rule in a few words, without any value of a cell."""


def is_kind(type_name: str, kind: str | None) -> bool:
    """Whether a DuckDB type is a number, or a text.

    >>> is_kind("DECIMAL(12,2)", NUMBER), is_kind("UBIGINT", NUMBER), is_kind("UUID", NUMBER), is_kind("DATE", TEXT)
    (True, True, False, False)
    """
    bare = type_name.upper().split("(")[0]
    if type_name.endswith("]"):
        return kind is None
    if kind == NUMBER:
        return bare in _NUMBERS or (bare.startswith("U") and bare[1:] in _NUMBERS)
    return kind is None or bare == "VARCHAR"


def spelt(name: str, columns: Mapping[str, object] | tuple[str, ...]) -> str:
    """A column's name as the table spells it; as written where it is not there.

    >>> spelt("Fee", {"fee": "DOUBLE"})
    'fee'
    """
    folded = name.casefold()
    return next((known for known in columns if known.casefold() == folded), name)


def with_types(columns: Mapping[str, str], changed: Mapping[str, str]) -> dict[str, str]:
    """Columns with other types, and new ones at the end.

    >>> with_types({"a": "VARCHAR"}, {"A": "DATE", "b": "BOOLEAN"})
    {'a': 'DATE', 'b': 'BOOLEAN'}
    """
    return {**columns, **{spelt(name, columns): kind for name, kind in changed.items()}}
