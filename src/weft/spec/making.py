"""How a product is made: the domain's own business, read from build.yaml, models/ and tests/."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from weft.base.problem import Place
from weft.spec.cleansing.step import CleansingStep


class Materialization(StrEnum):
    """How a model's rows become a table."""

    REPLACE = "replace"  # the whole table anew
    APPEND = "append"  # new rows are added
    UPSERT = "upsert"  # rows replace those of the same key
    INCREMENTAL = "incremental"  # only rows past the watermark, with look-back, merged by key
    SNAPSHOT = "snapshot"  # slowly changing dimension 2: valid_from, valid_to, is_current
    VIEW = "view"  # nothing is stored within the product; an output port is stored all the same


# What a snapshot adds to a model's columns: when a version began, when it ended, whether it is true now.
SNAPSHOT_COLUMNS: Mapping[str, str] = {
    "valid_from": "TIMESTAMP WITH TIME ZONE",
    "valid_to": "TIMESTAMP WITH TIME ZONE",
    "is_current": "BOOLEAN",
}


class ModelLanguage(StrEnum):
    """What a model is written in."""

    SQL = "sql"
    IBIS = "ibis"
    ARROW = "arrow"


@dataclass(frozen=True)
class Source:
    """Something outside the mesh that is read.

    In build.yaml:

        sources:
          calls:
            kind: csv                    # the file in ingest/sources
            path: data/calls-*.csv       # relative to the mesh; or s3://, https://
            load: full                   # or append: every landing is kept beside the earlier ones
            cursor: updated_at           # incremental sources: only what is newer than the last landing
            columns: {fee: "decimal(10,2)"}
            encoding: latin-1            # any further key is an option of the kind
    """

    name: str
    kind: str
    place: Place
    path: str | None = None
    load: str = "full"  # full | append
    cursor: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # column -> DuckDB type
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelSettings:
    """What build.yaml says of one model; conventions fill the rest."""

    materialization: Materialization = Materialization.REPLACE
    key: tuple[str, ...] = ()  # default: the contract's primary key
    watermark: str | None = None
    lookback: str | None = None  # such as "2 days"
    updated_at: str | None = None  # snapshot: the column that says when a row changed; else all columns are compared
    cleanse: tuple[CleansingStep, ...] = ()  # what is done to its rows before they are merged and checked
    place: Place | None = None


@dataclass(frozen=True)
class Registered:
    """A table that is made elsewhere and only checked, catalogued and governed here."""

    port: str
    place: Place
    source: str  # the declared source that points to it


@dataclass(frozen=True)
class Making:
    """All of build.yaml."""

    sources: Mapping[str, Source] = field(default_factory=dict)
    models: Mapping[str, ModelSettings] = field(default_factory=dict)
    registered: Mapping[str, Registered] = field(default_factory=dict)  # port -> where its table is
    engine: str | None = None
    path: str | None = None  # relative to the mesh; None where the file is absent


@dataclass(frozen=True)
class Model:
    """One step that makes a table: a file in models/."""

    name: str
    language: ModelLanguage
    path: str  # relative to the mesh
    text: str
    settings: ModelSettings = field(default_factory=ModelSettings)

    @property
    def place(self) -> Place:
        """Its file."""
        return Place(self.path)


@dataclass(frozen=True)
class ModelTest:
    """A unit test of a model: given rows, expected rows."""

    name: str
    model: str
    place: Place
    given: Mapping[str, tuple[Mapping[str, Any], ...]]  # input name -> rows
    expect: tuple[Mapping[str, Any], ...]
    description: str | None = None
    ordered: bool = False  # compare in order; else as a bag of rows
    columns: tuple[str, ...] = ()  # compare these only; else those that the expected rows name
