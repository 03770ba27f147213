"""A contract: what an output port promises, read from an ODCS document of any version.

The frozen classes here are the normal form that the rest of weft works on. The document as it was
written stays beside them in `document`, so that reading and writing back loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from weft.base.problem import Place


class RuleKind(StrEnum):
    """What a quality rule is written in."""

    LIBRARY = "library"  # a metric of the standard: nullValues, missingValues, invalidValues, ...
    SQL = "sql"
    TEXT = "text"  # words for people, never computed
    CUSTOM = "custom"  # another tool's rule


class Operator(StrEnum):
    """How a measured value is compared; the names are the standard's."""

    MUST_BE = "mustBe"
    MUST_NOT_BE = "mustNotBe"
    MUST_BE_GREATER_THAN = "mustBeGreaterThan"
    MUST_BE_GREATER_OR_EQUAL_TO = "mustBeGreaterOrEqualTo"
    MUST_BE_LESS_THAN = "mustBeLessThan"
    MUST_BE_LESS_OR_EQUAL_TO = "mustBeLessOrEqualTo"
    MUST_BE_BETWEEN = "mustBeBetween"
    MUST_NOT_BE_BETWEEN = "mustNotBeBetween"


@dataclass(frozen=True)
class Threshold:
    """One comparison of a rule: `mustBeLessThan: 5`."""

    operator: Operator
    bounds: tuple[float, ...]  # one number, two for the between operators


@dataclass(frozen=True)
class ExpectedWord:
    """A comparison with what is no number, which a query may give: `mustBe: complete`, `mustNotBe: true`."""

    operator: Operator  # mustBe | mustNotBe
    value: str | bool


@dataclass(frozen=True)
class QualityRule:
    """One entry of a `quality` list, at the table (column is None) or at a column."""

    kind: RuleKind
    name: str  # as written, or made from column and metric; unique within the table
    place: Place
    column: str | None = None
    metric: str | None = None  # library rules: nullValues, missingValues, invalidValues, duplicateValues, rowCount
    arguments: Mapping[str, Any] = field(
        default_factory=dict
    )  # validValues, pattern, missingValues, properties, filter
    thresholds: tuple[Threshold, ...] = ()
    words: tuple[ExpectedWord, ...] = ()  # sql rules
    unreadable_thresholds: tuple[str, ...] = ()  # operators whose bound is of a wrong type: nothing can be compared
    unit: str = "rows"  # or percent; sql rules: any word
    query: str | None = None  # sql rules
    engine: str | None = None  # custom rules
    implementation: Any = None  # custom rules
    severity: str = "error"  # error | warning | info
    scheduler: str | None = None  # cron, where the schedule is a line of it
    schedule: str | None = None
    dimension: str | None = None
    description: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)  # customProperties as a mapping


@dataclass(frozen=True)
class Relationship:
    """A foreign key from columns of this table to columns of another."""

    from_columns: tuple[str, ...]
    # As written before the last dot: `customers`; via a contract reference `domain/product/port`, or the file's path
    # with the table where that is named otherwise; `@1.2.0` behind it where a version of that contract is meant.
    to_table: str
    to_columns: tuple[str, ...]
    place: Place
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """One property of a schema object; nested for objects, arrays and maps."""

    name: str
    place: Place
    logical_type: str | None = None  # string date timestamp time number integer object array boolean map vector
    logical_type_options: Mapping[str, Any] = field(default_factory=dict)
    physical_type: str | None = None  # such as DECIMAL(12,2)
    physical_name: str | None = None
    description: str | None = None
    business_name: str | None = None
    required: bool = False
    unique: bool = False
    primary_key_position: int | None = None  # counted from 1; None where not part of the key
    partition_key_position: int | None = None
    classification: str | None = None
    tags: tuple[str, ...] = ()
    enum: tuple[Any, ...] | None = None
    transform_source_objects: tuple[str, ...] = ()
    quality: tuple[QualityRule, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    properties: tuple["Column", ...] = ()  # of an object
    items: "Column | None" = None  # of an array
    id: str | None = None  # by which references may name it, whatever its name becomes
    deprecated: bool = False
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stored_name(self) -> str:
        """The name of the column in the table: `physicalName` where given."""
        return self.physical_name or self.name


@dataclass(frozen=True)
class Table:
    """One object of a contract's `schema`."""

    name: str
    place: Place
    columns: tuple[Column, ...] = ()
    measures: tuple[Column, ...] = ()  # `semanticType: measure`: computed where they are asked for, in no row
    physical_name: str | None = None
    description: str | None = None
    quality: tuple[QualityRule, ...] = ()
    relationships: tuple[Relationship, ...] = ()  # those at the table; columns carry their own
    id: str | None = None
    tags: tuple[str, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """Stored names of the key's columns in the key's order."""
        keyed = [column for column in self.columns if column.primary_key_position is not None]
        return tuple(c.stored_name for c in sorted(keyed, key=lambda c: c.primary_key_position or 0))

    def column(self, name: str) -> Column | None:
        """The column of that name or stored name."""
        return next((c for c in self.columns if name in (c.name, c.stored_name)), None)


@dataclass(frozen=True)
class ServiceLevel:
    """One entry of `slaProperties`: freshness, completeness, availability, ..."""

    property: str
    value: Any
    place: Place
    unit: str | None = None
    element: str | None = None  # `table.column` or `column`
    driver: str | None = None
    scheduler: str | None = None  # cron, where the schedule is a line of it
    schedule: str | None = None
    value_ext: Any = None
    custom: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Contract:
    """The promise of one port."""

    id: str
    version: str
    place: Place
    path: str  # relative to the mesh, with forward slashes
    standard_version: str  # as written: v3.2.0, or "dcs-1.2" for the deprecated specification
    document: Mapping[str, Any]  # the whole of it, unknown keys included
    name: str | None = None
    status: str | None = None
    domain: str | None = None
    data_product: str | None = None
    description: str | None = None  # its purpose
    tables: tuple[Table, ...] = ()
    service_levels: tuple[ServiceLevel, ...] = ()
    tags: tuple[str, ...] = ()
    custom: Mapping[str, Any] = field(default_factory=dict)
