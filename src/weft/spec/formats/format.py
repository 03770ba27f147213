"""One format: its name, how it is told from others, who reads and writes it, and what each way carries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from weft.spec.formats.feature import Feature
from weft.spec.formats.outgoing import Outgoing
from weft.spec.formats.source import Source

Reader = Callable[[Source], Mapping[str, Any]]  # an ODCS document; what it lacks goes into the source's notes
Writer = Callable[[Outgoing], bytes]  # what it lacks goes into the outgoing contract's notes
Detector = Callable[[Source], bool]


@dataclass(frozen=True)
class Format:
    """A format that contracts are imported from, exported to, or both."""

    name: str  # as `--from` and `--to` take it
    title: str
    endings: tuple[str, ...]  # of its files, the usual one first
    read: Reader | None = None
    write: Writer | None = None
    is_in: Detector | None = None  # whether a file's content is of this format
    imports: frozenset[Feature] = frozenset()
    exports: frozenset[Feature] = frozenset()
    is_binary: bool = False
    one_table: bool = False  # a file holds one table
    needs_columns: bool = True  # a contract without columns cannot be written
    remarks: str = ""  # what the features do not say, for the table of formats
