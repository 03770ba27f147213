"""What a kind of source is: one file in ingest/sources that collects raw files and reads rows out of them.

Collecting and reading are apart, because raw stays raw: what was collected once can be read again with
other options, without asking the source.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar

from weft.base.keys.vault import Vault
from weft.base.names import ProductName
from weft.base.problem import Place, Problem
from weft.base.secret import resolve_secret, resolve_secrets
from weft.engine.protocol import Engine
from weft.ingest.landing import Landing, RawFile
from weft.spec.making import Source


class OptionType(StrEnum):
    """What may be written as the value of an option."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "true or false"
    TEXTS = "a text or a list of texts"
    MAPPING = "a mapping"
    ANY = "any value"


@dataclass(frozen=True)
class Option:
    """One key that a kind of source understands, beside `kind`, `path`, `load`, `cursor` and `columns`."""

    name: str
    type: OptionType
    meaning: str  # one sentence, printed in docs/reference/sources.md
    reads: bool = True  # whether rows are read differently by it; else it only says how to reach the source
    required: bool = False


@dataclass(frozen=True)
class Job:
    """One landing: what to land, from where, to where."""

    source: Source
    product: ProductName
    mesh_root: Path
    folder: Path  # <storage>/landings/<domain>/<product>/<source>
    previous: Landing | None
    now: datetime
    scratch_engine: Callable[[], Engine]
    progress: Callable[[str], None]
    scratch: Path  # a folder that is removed when the landing ends
    vault: Vault | None = None  # keys to encrypt raw files and rejects under

    @property
    def place(self) -> Place:
        """Where the source is declared."""
        return self.source.place

    def option(self, name: str, default: Any = None) -> Any:
        """The value of an option, secrets resolved."""
        value = self.source.options.get(name)
        return default if value is None else resolve_secrets(value, base=self.mesh_root)

    def texts(self, name: str) -> tuple[str, ...] | None:
        """The value of an option that is a text or a list of texts; None where it is absent."""
        value = self.option(name)
        if value is None:
            return None
        return tuple(str(item) for item in value) if isinstance(value, list | tuple) else (str(value),)

    def path(self) -> str:
        """The source's path, secrets resolved."""
        return resolve_secret(self.source.path or "", base=self.mesh_root)


@dataclass(frozen=True)
class Collected:
    """Raw files of a source, in its order, and what to remember of them."""

    raw: tuple[RawFile, ...]
    state: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Rows read out of raw files."""

    tables: tuple[str, ...]
    columns: Mapping[str, str]
    rows_in_files: int
    rows_landed: int
    rows_rejected: int
    rejects: str | None = None
    problems: tuple[Problem, ...] = ()
    suggested: Mapping[str, Any] = field(default_factory=dict)  # options that say how its values seem to be written


class SourceKind(ABC):
    """One kind of source; its class docstring is its documentation."""

    kind: ClassVar[str]
    options: ClassVar[tuple[Option, ...]] = ()
    uses_path: ClassVar[bool] = True
    reader_version: ClassVar[int] = 1  # raise it when the same bytes are read differently

    @abstractmethod
    def collect(self, job: Job) -> Collected:
        """Bring the source's raw files into the job's folder; with a cursor, only what is new.

        Raises:
            Problem | Problems: the source cannot be reached or is not whole.
        """

    @abstractmethod
    def read(self, job: Job, raw: Sequence[RawFile], key: str) -> Reading:
        """Read rows out of raw files; `key` names what is written, for the same key gives the same rows.

        Raises:
            Problem | Problems: a file as a whole cannot be read.
        """

    def changed(self, source: Source, mesh_root: Path, previous: Landing) -> bool:
        """Whether a landing might find something new; a cheap look that lands nothing."""
        return True
