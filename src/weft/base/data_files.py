"""Parquet files that together are one table: what the lake hands to an engine, and the engine to the lake."""

from dataclasses import dataclass

from weft.base.stored_file import digest_in_name


@dataclass(frozen=True)
class Field:
    """One column of a stored table, known by its id whatever it is called."""

    name: str
    type: str  # as DuckDB writes it: DECIMAL(12,2), VARCHAR, STRUCT(a INTEGER), INTEGER[]
    field_id: int
    children: tuple["Field", ...] = ()  # of a struct: its fields; of a list: `element`; of a map: `key`, `value`


@dataclass(frozen=True)
class DataFiles:
    """The files of one snapshot of a table, with the columns that a reader sees today."""

    paths: tuple[str, ...]
    fields: tuple[Field, ...]
    rows: int
    size_bytes: int = 0


@dataclass(frozen=True)
class WrittenFile:
    """One file that an engine wrote and nobody has published yet."""

    path: str
    rows: int
    size_bytes: int

    @property
    def sha256(self) -> str | None:
        """The digest of its content, which its name carries."""
        return digest_in_name(self.path)
