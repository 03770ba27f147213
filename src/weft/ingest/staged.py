"""Rows of one file on their way: as text in a Parquet file, before they get their types."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from weft.base.problem import Problem

Locate = Callable[[Sequence[int]], Iterator[tuple[int | None, str]]]


class TextKind(Enum):
    """What is known of a column's texts beside the texts."""

    UNKNOWN = "unknown"  # a delimited file: everything is text, types are inferred
    WORDS = "words"  # the file says that these are texts: numbers among them stay texts
    VALUES = "values"  # written by weft from typed values: inferred, without warnings about styles


@dataclass(frozen=True)
class Staged:
    """Texts of one file: columns c0, c1, ... of `path`, in the file's order."""

    location: str  # of the file, for people
    path: Path | None  # None: no rows
    names: tuple[str, ...]  # of the columns, in order
    rows: int
    rows_rejected: int  # by now; `rows` does not hold them
    locate: Locate  # positions among the rows, ascending -> line and raw text of each
    problems: tuple[Problem, ...] = ()
    kinds: Mapping[str, TextKind] = field(default_factory=dict)  # name -> what is known; default UNKNOWN
