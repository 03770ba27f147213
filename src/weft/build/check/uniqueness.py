"""`primaryKey` and `unique`: no two rows agree in the key."""

from collections.abc import Iterable, Iterator

from weft.build.check.column_value import ColumnValue, locate
from weft.build.check.list_repeats import NO_ELEMENTS, count_repeats_in_lists
from weft.build.check.promise import KeyPromise, Promise, Unchecked, ValuePromise
from weft.build.check.threshold import NONE_ALLOWED
from weft.spec.contract import Table
from weft.spec.contract_walk import columns_at_any_depth


def uniqueness(table: Table, values: tuple[ColumnValue, ...]) -> Iterator[Promise]:
    """The primary key as a whole, and each column or part of one that is unique by itself."""
    every = list(_with_fields(values))
    parts = [value for value in every if value.column.primary_key_position is not None]
    parts.sort(key=lambda value: value.column.primary_key_position or 0)
    if parts:
        yield KeyPromise(
            rule="primaryKey",
            kind="primaryKey",
            place=parts[0].place,
            columns=tuple(part.path for part in parts),
            keys=tuple(part.expression for part in parts),
        )
    for value in every:
        if value.column.unique and parts != [value]:  # a key of this column alone says the same
            yield KeyPromise(
                rule=f"{value.path}.unique",
                kind="unique",
                place=value.place,
                columns=(value.path,),
                keys=(value.expression,),
            )
    yield from _within_lists(table, values, {value.path for value in every})


def _with_fields(values: Iterable[ColumnValue]) -> Iterator[ColumnValue]:
    for value in values:
        yield value
        yield from _with_fields(value.fields())


def _within_lists(table: Table, values: tuple[ColumnValue, ...], known: set[str]) -> Iterator[Promise]:
    for path, column in columns_at_any_depth(table):
        if path in known or not (column.unique or column.primary_key_position is not None):
            continue
        located = locate(values, path)
        if located is None or located.all_of_row is None:
            reason = "It lies in a column whose parts cannot be read."
            yield Unchecked(
                rule=f"{path}.unique", kind="unique", place=column.place, columns=(path,), reason=reason, blocks=True
            )
            continue
        yield ValuePromise(
            rule=f"{path}.unique",
            kind="unique",
            place=column.place,
            columns=(path,),
            limit=NONE_ALLOWED,
            query=count_repeats_in_lists(located, None, "rows"),
            if_null=NO_ELEMENTS,
            null_applies=False,
        )
