"""Expectations about the values of single rows, about pairs of columns, and about keys."""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue
from weft.build.check.enum import not_in
from weft.build.check.foreign.foreign_rule import NotMapped
from weft.build.check.foreign.gx_expectation import Compiler, Expectation
from weft.build.check.literal import NotALiteral
from weft.build.check.patterns import NEEDS_MORE_THAN_RE2, NotRunnable, re2_pattern
from weft.build.check.promise import Promise
from weft.engine.quote import text

_LIKE_NOTHING = "The values are no texts."


def _not_null(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"{value.expression} IS NULL", value, counts_missing=True)


def _null(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"{value.expression} IS NOT NULL", value, counts_missing=True)


def _in_set(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(_outside(it, value), value)


def _not_in_set(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"NOT ({_outside(it, value)})", value)


def _outside(it: Expectation, value: ColumnValue) -> str:
    try:
        return not_in(value.expression, value.type, it.items("value_set"))
    except NotALiteral:
        raise NotMapped(f"A value of its value_set is none of type {value.type}.") from None


def _between(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(_beyond(it, value.expression, value), value)


def _beyond(it: Expectation, expression: str, value: ColumnValue | None) -> str:
    """SQL that is true beyond `min_value` or `max_value`."""
    conditions = []
    for bound, strict, operators in (
        ("min_value", "strict_min", ("<", "<=")),
        ("max_value", "strict_max", (">", ">=")),
    ):
        if it.get(bound) is not None:
            of = it.rule.literal(it.get(bound), value) if value else str(it.number(bound))
            conditions.append(f"{expression} {operators[it.get(strict) is True]} {of}")
    if not conditions:
        raise NotMapped("It has neither min_value nor max_value.")
    if value is not None and value.is_float:
        conditions.append(f"isnan({expression})")
    return f"({' OR '.join(conditions)})"


def _length_between(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(_beyond(it, f"length({value.as_text})", None), value)


def _length_equal(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"length({value.as_text}) <> {it.number('value')}", value)


def _found(value: ColumnValue, pattern: object) -> str:
    try:
        return f"regexp_matches({value.as_text}, {text(re2_pattern(str(pattern)))})"
    except NotRunnable:
        raise NotMapped(NEEDS_MORE_THAN_RE2) from None


def _regex(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"NOT {_found(value, _text(it, 'regex'))}", value, if_it_fails=NEEDS_MORE_THAN_RE2)


def _no_regex(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(_found(value, _text(it, "regex")), value, if_it_fails=NEEDS_MORE_THAN_RE2)


def _regex_list(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    wanted = it.get("match_on", "any")
    if wanted not in ("any", "all"):
        raise NotMapped("Its argument match_on is neither any nor all.")
    found = f" {'OR' if wanted == 'any' else 'AND'} ".join(_found(value, p) for p in it.items("regex_list"))
    yield it.rows(f"NOT ({found or 'true'})", value, if_it_fails=NEEDS_MORE_THAN_RE2)


def _no_regex_list(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    found = " OR ".join(_found(value, pattern) for pattern in it.items("regex_list"))
    yield it.rows(f"({found or 'false'})", value, if_it_fails=NEEDS_MORE_THAN_RE2)


def _like(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"{value.as_text} NOT LIKE {text(_text(it, 'like_pattern'))}", value, if_it_fails=_LIKE_NOTHING)


def _not_like(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"{value.as_text} LIKE {text(_text(it, 'like_pattern'))}", value, if_it_fails=_LIKE_NOTHING)


def _text(it: Expectation, name: str) -> str:
    found = it.get(name)
    if not isinstance(found, str):
        raise NotMapped(f"Its argument {name} is no text.")
    return found


def _json(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    yield it.rows(f"NOT json_valid({value.as_text})", value)


def _unique(it: Expectation) -> Iterator[Promise]:
    value = it.column()
    if it.mostly != 1:
        raise NotMapped("Uniqueness of most values is counted in another way by weft.")
    yield it.rule.key((value.expression,), (value,), among=it.among())


def _compound_unique(it: Expectation) -> Iterator[Promise]:
    values = it.rule.values_of(it.get("column_list"))
    if it.mostly != 1:
        raise NotMapped("Uniqueness of most values is counted in another way by weft.")
    keys = tuple(value.expression for value in values)
    nothing = " AND ".join(f"{key} IS NULL" for key in keys)
    match it.get("ignore_row_if", "all_values_are_missing"):
        case "any_value_is_missing":
            yield it.rule.key(keys, values, among=it.among())
        case "all_values_are_missing":  # a struct equals another with NULLs at the same places
            yield it.rule.key((f"row({', '.join(keys)})",), values, among=it.among(f"NOT ({nothing})"))
        case "never":
            yield it.rule.key((f"row({', '.join(keys)})",), values, among=it.among())
        case _:
            raise NotMapped("Its argument ignore_row_if is not known.")


def _pair(it: Expectation) -> tuple[ColumnValue, ColumnValue, str]:
    """Both columns, and which rows are looked at."""
    first, second = it.rule.value_of(it.get("column_a", "")), it.rule.value_of(it.get("column_b", ""))
    a, b = first.expression, second.expression
    among = {
        "both_values_are_missing": f"NOT ({a} IS NULL AND {b} IS NULL)",
        "either_value_is_missing": f"({a} IS NOT NULL AND {b} IS NOT NULL)",
        "neither": "true",
        "never": "true",
    }.get(str(it.get("ignore_row_if", "both_values_are_missing")))
    if among is None:
        raise NotMapped("Its argument ignore_row_if is not known.")
    return first, second, among


def _a_greater_than_b(it: Expectation) -> Iterator[Promise]:
    first, second, among = _pair(it)
    operator = ">=" if it.get("or_equal") is True else ">"
    broken = f"NOT coalesce({first.expression} {operator} {second.expression}, false)"
    yield it.rows(broken, first, second, among=among)


def _a_equal_to_b(it: Expectation) -> Iterator[Promise]:
    first, second, among = _pair(it)
    yield it.rows(f"NOT coalesce({first.expression} = {second.expression}, false)", first, second, among=among)


def _sum_equal(it: Expectation) -> Iterator[Promise]:
    values = it.rule.values_of(it.get("column_list"))
    if it.get("ignore_row_if", "all_values_are_missing") != "any_value_is_missing":
        raise NotMapped("A sum over missing values has no meaning; say `ignore_row_if: any_value_is_missing`.")
    total = " + ".join(value.expression for value in values)
    there = " AND ".join(f"{value.expression} IS NOT NULL" for value in values)
    yield it.rows(f"({total}) <> {it.number('sum_total')}", *values, among=f"({there})")


def _unique_within_record(it: Expectation) -> Iterator[Promise]:
    values = it.rule.values_of(it.get("column_list"))
    if it.get("ignore_row_if", "all_values_are_missing") != "any_value_is_missing":
        raise NotMapped("Missing values are compared in another way; say `ignore_row_if: any_value_is_missing`.")
    there = " AND ".join(f"{value.expression} IS NOT NULL" for value in values)
    listed = ", ".join(value.as_text for value in values)
    yield it.rows(f"len(list_distinct([{listed}])) < {len(values)}", *values, among=f"({there})")


_COLUMN = frozenset(("column", "mostly"))
_BOUNDS = frozenset(("min_value", "max_value", "strict_min", "strict_max"))
_LIST = frozenset(("column_list", "ignore_row_if", "mostly"))
_PAIR = frozenset(("column_a", "column_b", "ignore_row_if", "mostly"))
OF_ROWS = {
    "expect_column_values_to_not_be_null": Compiler(_not_null, _COLUMN),
    "expect_column_values_to_be_null": Compiler(_null, _COLUMN),
    "expect_column_values_to_be_in_set": Compiler(_in_set, _COLUMN | {"value_set"}),
    "expect_column_values_to_not_be_in_set": Compiler(_not_in_set, _COLUMN | {"value_set"}),
    "expect_column_values_to_be_between": Compiler(_between, _COLUMN | _BOUNDS),
    "expect_column_value_lengths_to_be_between": Compiler(_length_between, _COLUMN | _BOUNDS),
    "expect_column_value_lengths_to_equal": Compiler(_length_equal, _COLUMN | {"value"}),
    "expect_column_values_to_match_regex": Compiler(_regex, _COLUMN | {"regex"}),
    "expect_column_values_to_not_match_regex": Compiler(_no_regex, _COLUMN | {"regex"}),
    "expect_column_values_to_match_regex_list": Compiler(_regex_list, _COLUMN | {"regex_list", "match_on"}),
    "expect_column_values_to_not_match_regex_list": Compiler(_no_regex_list, _COLUMN | {"regex_list"}),
    "expect_column_values_to_match_like_pattern": Compiler(_like, _COLUMN | {"like_pattern"}),
    "expect_column_values_to_not_match_like_pattern": Compiler(_not_like, _COLUMN | {"like_pattern"}),
    "expect_column_values_to_be_json_parseable": Compiler(_json, _COLUMN),
    "expect_column_values_to_be_unique": Compiler(_unique, _COLUMN),
    "expect_compound_columns_to_be_unique": Compiler(_compound_unique, _LIST),
    "expect_column_pair_values_a_to_be_greater_than_b": Compiler(_a_greater_than_b, _PAIR | {"or_equal"}),
    "expect_column_pair_values_to_be_equal": Compiler(_a_equal_to_b, _PAIR),
    "expect_multicolumn_sum_to_equal": Compiler(_sum_equal, _LIST | {"sum_total"}),
    "expect_select_column_values_to_be_unique_within_record": Compiler(_unique_within_record, _LIST),
}
