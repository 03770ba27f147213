"""What changed between the columns of two tables."""

from collections.abc import Iterator, Mapping
from typing import Any

from weft.spec.column_type import column_type
from weft.spec.contract import Column, Table
from weft.spec.contract_change import ContractChange, breaking, harmless, wording
from weft.spec.sql_type import SqlType

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_INTEGER_WIDTH = {"TINYINT": 1, "SMALLINT": 2, "INTEGER": 4, "BIGINT": 8, "HUGEINT": 16}


def column_changes(old: Table, new: Table) -> Iterator[ContractChange]:
    """Differences between the columns of two tables; nested columns are compared as parts of their types."""
    now_by_name = {column.stored_name: column for column in new.columns}
    before_by_name = {column.stored_name: column for column in old.columns}
    for name, before in before_by_name.items():
        now = now_by_name.get(name)
        if now is None:
            yield breaking(
                "column_removed",
                f'The column "{name}" is gone.',
                "queries that name it fail",
                new.place,
                new.name,
                name,
            )
        else:
            yield from _one_column(before, now, new.name)
    for name, now in now_by_name.items():
        if name not in before_by_name:
            yield harmless(
                "column_added", f'The column "{name}" is new.', "nobody relies on it yet", now.place, new.name, name
            )


def _one_column(old: Column, new: Column, table: str) -> Iterator[ContractChange]:
    name, place = new.stored_name, new.place
    yield from _type_change(old, new, table)
    if old.required and not new.required:
        yield breaking(
            "column_optional", f'The column "{name}" may be empty now.', "readers may meet nulls", place, table, name
        )
    elif new.required and not old.required:
        yield harmless(
            "column_required", f'The column "{name}" is always filled now.', "it promises more", place, table, name
        )
    if old.unique and not new.unique:
        yield breaking(
            "column_not_unique", f'Values of "{name}" may repeat now.', "joins may multiply rows", place, table, name
        )
    elif new.unique and not old.unique:
        yield harmless("column_unique", f'Values of "{name}" are unique now.', "it promises more", place, table, name)
    yield from _enum_change(old, new, table)
    yield from _option_changes(old, new, table)
    if (old.classification, old.tags) != (new.classification, new.tags):
        what = f'The classification or tags of "{name}" changed.'
        if old.classification == new.classification:
            yield wording("words_changed", what, place, table, name)
        else:
            yield harmless("classification_changed", what, "what the column holds is the same", place, table, name)
    if new.deprecated and not old.deprecated:
        yield harmless(
            "column_deprecated", f'The column "{name}" is deprecated.', "it is still there", place, table, name
        )
    if (old.description, old.business_name) != (new.description, new.business_name):
        yield wording("words_changed", f'The words about "{name}" changed.', place, table, name)


def _type_change(old: Column, new: Column, table: str) -> Iterator[ContractChange]:
    before, now = column_type(old), column_type(new)
    if before == now:
        return
    what = f'The column "{new.stored_name}" is {now} instead of {before}.'
    if is_widening(before, now):
        reason = "the new type holds every value of the old one, and is of its kind"
        yield harmless("type_widened", what, reason, new.place, table, new.stored_name)
    else:
        reason = "readers compute with the old type"
        yield breaking("type_changed", what, reason, new.place, table, new.stored_name)


def is_widening(old: SqlType, new: SqlType) -> bool:
    """Whether a table and its readers take the new type for the old one; the widenings that Iceberg allows.

    >>> is_widening(SqlType("INTEGER"), SqlType("BIGINT")), is_widening(SqlType("BIGINT"), SqlType("INTEGER"))
    (True, False)
    >>> is_widening(SqlType("DECIMAL", 10, 2), SqlType("DECIMAL", 12, 2)), is_widening(
    ...     SqlType("DECIMAL", 10, 2), SqlType("DECIMAL", 12, 3)
    ... )
    (True, False)
    """
    if old == new:
        return True
    if old.name in _INTEGER_WIDTH and new.name in _INTEGER_WIDTH:
        return _INTEGER_WIDTH[old.name] <= _INTEGER_WIDTH[new.name]
    if old.name == new.name == "DECIMAL":
        return old.scale == new.scale and (old.precision or 0) <= (new.precision or 0)
    if (old.name, new.name) == ("FLOAT", "DOUBLE"):
        return True
    if old.name == new.name == "STRUCT":
        now = dict(new.fields)
        return all(name in now and is_widening(child, now[name]) for name, child in old.fields)
    if old.name == new.name and old.fields and old.size == new.size:
        return all(is_widening(a, b) for (_, a), (_, b) in zip(old.fields, new.fields, strict=True))
    return False


def _enum_change(old: Column, new: Column, table: str) -> Iterator[ContractChange]:
    name, place = new.stored_name, new.place
    # Compared by text, for values of an enum may be of any type; counted, for values stay out of messages.
    before, now = {repr(v) for v in old.enum or ()}, {repr(v) for v in new.enum or ()}
    if before and not now:
        what = f'The column "{name}" may hold any value now.'
        yield breaking("enum_removed", what, "readers may meet values that they do not know", place, table, name)
    elif before and now - before:
        what = f'The column "{name}" may hold {len(now - before)} more values.'
        yield breaking("enum_widened", what, "readers may meet values that they do not know", place, table, name)
    elif now != before:
        what = f'The column "{name}" holds fewer values now.'
        yield harmless("enum_narrowed", what, "it promises more", place, table, name)


def _option_changes(old: Column, new: Column, table: str) -> Iterator[ContractChange]:
    name, place = new.stored_name, new.place
    before, now = old.logical_type_options, new.logical_type_options
    for option in (*_LOWER, *_UPPER, "pattern", "format", "multipleOf"):
        if before.get(option) == now.get(option):
            continue
        verdict = _is_weaker(option, before, now)
        what = f'The {option} of "{name}" is {_shown(now.get(option))} instead of {_shown(before.get(option))}.'
        if verdict is False:
            yield harmless("limit_tightened", what, "it promises more", place, table, name)
        else:
            reason = "it promises less" if verdict else "the two cannot be compared"
            yield breaking("limit_loosened", what, reason, place, table, name)


def _is_weaker(option: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> bool | None:
    """Whether the new option lets values through that the old one did not; None where that cannot be told."""
    if option not in now:
        return True
    if option not in before:
        return False
    old, new = before[option], now[option]
    if type(old) is not type(new) and not all(isinstance(v, int | float) for v in (old, new)):
        return None
    if option in _LOWER:
        return bool(new < old)
    if option in _UPPER:
        return bool(new > old)
    return None


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)
