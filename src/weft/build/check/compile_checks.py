"""Compile a contract's table into promises: every family asked about every column, at any depth."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from weft.build.check.arrays import arrays
from weft.build.check.column_value import ColumnValue, column_values
from weft.build.check.condition import Condition, Unclear
from weft.build.check.enum import enum
from weft.build.check.foreign.engines import foreign_promises
from weft.build.check.foreign.foreign_rule import ForeignRule
from weft.build.check.formats import formats
from weft.build.check.lengths import lengths
from weft.build.check.logical_types import logical_types
from weft.build.check.metrics import metric
from weft.build.check.moments import time_zones
from weft.build.check.objects import objects
from weft.build.check.patterns import patterns
from weft.build.check.promise import (
    KeyPromise,
    Promise,
    Promises,
    ReferencePromise,
    RowPromise,
    Unchecked,
    ValuePromise,
)
from weft.build.check.ranges import ranges
from weft.build.check.relationships import relationships
from weft.build.check.required import required
from weft.build.check.service_levels import service_levels
from weft.build.check.sql_rules import sql_rule
from weft.build.check.types import ColumnCast, casts_of, type_promises
from weft.build.check.uniqueness import uniqueness
from weft.build.check.vectors import vectors
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract, QualityRule, RuleKind, Table
from weft.spec.contract_walk import rules_of

FAMILIES: tuple[Callable[[ColumnValue], Iterator[Condition | Unclear]], ...] = (
    required,
    logical_types,
    enum,
    ranges,
    lengths,
    patterns,
    formats,
    time_zones,
    arrays,
    vectors,
    objects,
)
# Rules of these kinds are named by a person, the others after their column.
WRITTEN_KINDS = frozenset(
    ("nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount", "sql", "text", "custom")
)
_P = TypeVar("_P", bound=Promise)


def compile_checks(
    table: Table,
    contract: Contract,
    *,
    now: datetime,
    casts: tuple[ColumnCast, ...] = (),
    own_names: frozenset[str] = frozenset(),
    reference_tables: Mapping[str, Table] | None = None,
) -> Promises:
    """Every promise of a table, in the order of the contract.

    Args:
        table: of the contract.
        contract: its service levels, and its other tables.
        now: what the age of rows is measured against.
        casts: how the candidate's columns become the promised types; default: they are of these types.
        own_names: further names by which a relationship means this very table, such as its port's.
        reference_tables: the table of each `Relationship.to_table` of another contract, as far as it is known.
    """
    casts = casts or casts_of(table, columns_of(table.columns))
    values = column_values(table, {cast.column: cast.kept for cast in casts})
    names = own_names | {name for name in (table.name, table.physical_name) if name}
    found: list[Promise] = list(type_promises(table, casts))
    for value in values:
        found += _of_column(value)
    found += _of_measures(table)
    found += uniqueness(table, values)
    found += relationships(table, contract, values, frozenset(names), reference_tables or {})
    for rule in rules_of(table):
        if rule.kind is RuleKind.CUSTOM:
            asked = ForeignRule(rule, table, values, now, frozenset(names), rule.name, rule.severity)
            found += foreign_promises(asked)
        else:
            found += _of_rule(rule, table, values)
    found += service_levels(contract, table, values, now)
    return _sorted_by_shape(_named_once(found))


def _of_measures(table: Table) -> Iterator[Unchecked]:
    """A measure is in no row: what is promised of it is told, and not computed."""
    for measure in table.measures:
        promised = bool(measure.quality or measure.logical_type_options or measure.required or measure.enum)
        yield Unchecked(
            rule=f"{measure.name}.measure",
            kind="measure",
            place=measure.place,
            columns=(measure.name,),
            reason="It is a measure, computed where it is asked for; no row holds it.",
            applies=promised,
        )


def _of_column(value: ColumnValue) -> Iterator[Promise]:
    for path, answer in _conditions(value, depth=0):
        rule = f"{path}.{answer.suffix}"
        if isinstance(answer, Unclear):
            yield Unchecked(
                rule=rule,
                kind=answer.kind,
                place=value.place,
                columns=(path,),
                reason=answer.reason,
                blocks=answer.blocks and answer.applies,
                applies=answer.applies,
            )
        else:
            yield RowPromise(
                rule=rule,
                kind=answer.kind,
                place=value.place,
                columns=(path,),
                broken=answer.broken,
                if_it_fails=answer.if_it_fails,
            )


def _conditions(value: ColumnValue, depth: int) -> Iterator[tuple[str, Condition | Unclear]]:
    """What every family says of a value and of all within it; a list breaks what one of its elements breaks."""
    for family in FAMILIES:
        for answer in family(value):
            yield value.path, answer
    for field in value.fields():
        yield from _conditions(field, depth)
    variable = f"element{depth}"
    for source, element in value.lists(variable):
        for path, answer in _conditions(element, depth + 1):
            if isinstance(answer, Condition):
                broken = f"len(list_filter({source}, lambda {variable}: {answer.broken})) > 0"
                answer = replace(answer, broken=broken)
            yield path, answer


def _of_rule(rule: QualityRule, table: Table, values: tuple[ColumnValue, ...]) -> Iterator[Promise]:
    match rule.kind:
        case RuleKind.LIBRARY:
            yield from metric(rule, values)
        case RuleKind.SQL:
            yield sql_rule(rule, table, values)
        case RuleKind.TEXT:
            yield _for_others(rule, "text", "It is written for people and waits for review.")


def _for_others(rule: QualityRule, kind: str, reason: str) -> Unchecked:
    return Unchecked(
        rule=rule.name,
        kind=kind,
        place=rule.place,
        columns=(rule.column,) if rule.column else (),
        severity=rule.severity,
        reason=reason,
    )


def _named_once(promises: list[Promise]) -> list[Promise]:
    """Rows in quarantine carry the names of rules: each must mean one rule only. Written names go first."""
    taken: dict[int, str] = {}
    used: set[str] = set()
    for index in sorted(range(len(promises)), key=lambda i: promises[i].kind not in WRITTEN_KINDS):
        base, number = promises[index].rule, 2
        name = base
        while name in used:
            name, number = f"{base} {number}", number + 1
        used.add(name)
        taken[index] = name
    return [replace(promise, rule=taken[index]) for index, promise in enumerate(promises)]


def _sorted_by_shape(promises: list[Promise]) -> Promises:
    def of(shape: type[_P]) -> tuple[_P, ...]:
        return tuple(promise for promise in promises if isinstance(promise, shape))

    return Promises(of(RowPromise), of(KeyPromise), of(ReferencePromise), of(ValuePromise), of(Unchecked))
