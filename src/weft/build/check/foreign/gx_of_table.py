"""Expectations about one value of the whole table: counts, aggregates of a column, sets of values, columns."""

from collections.abc import Callable, Iterator
from functools import partial

from weft.build.check.column_value import FLOATS, INTEGERS, ColumnValue
from weft.build.check.foreign.foreign_rule import NotMapped, limit_between, number_of
from weft.build.check.foreign.gx_expectation import Compiler, Expectation
from weft.build.check.promise import Promise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.threshold import Limit
from weft.engine.quote import text
from weft.spec.contract import Operator, Threshold

_NUMBERS = INTEGERS | FLOATS | {"DECIMAL"}


def _where(it: Expectation, *conditions: str) -> str:
    among = it.among(*conditions)
    return f" WHERE {among}" if among else ""


def _limit(it: Expectation, unit: str = "value") -> Limit:
    return limit_between(
        it.get("min_value"),
        it.get("max_value"),
        is_low_strict=it.get("strict_min") is True,
        is_high_strict=it.get("strict_max") is True,
        unit=unit,
    )


def _row_count_between(it: Expectation) -> Iterator[Promise]:
    yield it.rule.value(f"SELECT count(*) FROM {PUBLISHED}{_where(it)}", _limit(it, "rows"))


def _row_count_equal(it: Expectation) -> Iterator[Promise]:
    limit = Limit((Threshold(Operator.MUST_BE, (number_of(it.get("value")),)),), "rows")
    yield it.rule.value(f"SELECT count(*) FROM {PUBLISHED}{_where(it)}", limit)


def _aggregate(it: Expectation, of: str) -> Iterator[Promise]:
    value = it.column()
    if of not in ("min({0})", "max({0})") or value.type.name in _NUMBERS:
        yield it.rule.value(f"SELECT {of.format(value.expression)} FROM {PUBLISHED}{_where(it)}", _limit(it), (value,))
        return
    yield it.rule.truth(
        f"SELECT {_within(it, of.format(value.expression), value)} FROM {PUBLISHED}{_where(it)}", (value,)
    )


def _within(it: Expectation, expression: str, value: ColumnValue) -> str:
    """Bounds of dates and texts are no numbers, so the engine compares them itself."""
    conditions = []
    for bound, strict, operators in (
        ("min_value", "strict_min", (">=", ">")),
        ("max_value", "strict_max", ("<=", "<")),
    ):
        if it.get(bound) is not None:
            operator = operators[it.get(strict) is True]
            conditions.append(f"{expression} {operator} {it.rule.literal(it.get(bound), value)}")
    if not conditions:
        raise NotMapped("It has neither min_value nor max_value.")
    return " AND ".join(conditions)


def _aggregates(of: str) -> Callable[[Expectation], Iterator[Promise]]:
    return partial(_aggregate, of=of)


def _distinct(it: Expectation, sign: str) -> Iterator[Promise]:
    """The distinct values against a set: `<=` all of them in it, `>=` all of it among them, `=` both."""
    value = it.column()
    wanted = ", ".join(it.rule.literal(item, value) for item in it.items("value_set") if item is not None)
    if not wanted:
        raise NotMapped("Its value_set is empty.")
    found = f"coalesce(array_agg(DISTINCT {value.expression}) FILTER ({value.expression} IS NOT NULL), [])"
    conditions = []
    if sign in ("<=", "="):
        conditions.append(f"list_has_all([{wanted}], {found})")
    if sign in (">=", "="):
        conditions.append(f"list_has_all({found}, [{wanted}])")
    yield it.rule.truth(f"SELECT {' AND '.join(conditions)} FROM {PUBLISHED}{_where(it)}", (value,))


def _sets(sign: str) -> Callable[[Expectation], Iterator[Promise]]:
    return partial(_distinct, sign=sign)


def _column_exists(it: Expectation) -> Iterator[Promise]:
    name = it.get("column") or it.rule.rule.column
    if not isinstance(name, str):
        raise NotMapped("It names no column.")
    if it.get("column_index") is not None:
        raise NotMapped("A table of weft promises no order of its columns.")
    yield it.rule.truth(f"SELECT {text(name)} IN ({_column_names(it)})")


def _column_count(it: Expectation) -> Iterator[Promise]:
    limit = _limit(it) if it.get("value") is None else limit_between(it.get("value"), it.get("value"))
    yield it.rule.value(f"SELECT {len(it.rule.table.columns)}", limit)


def _column_set(it: Expectation) -> Iterator[Promise]:
    wanted = ", ".join(text(str(name)) for name in it.items("column_set"))
    if not wanted:
        raise NotMapped("Its column_set is empty.")
    has_all = f"list_has_all([{_column_names(it)}], [{wanted}])"
    is_exact = f" AND list_has_all([{wanted}], [{_column_names(it)}])" if it.get("exact_match", True) else ""
    yield it.rule.truth(f"SELECT {has_all}{is_exact}")


def _column_names(it: Expectation) -> str:
    """What is published has exactly the columns of the contract; a candidate that has not is refused before this."""
    return ", ".join(text(column.stored_name) for column in it.rule.table.columns)


_COLUMN = frozenset(("column",))
_BOUNDS = frozenset(("min_value", "max_value", "strict_min", "strict_max"))
_SHARE = "CAST({1} AS DOUBLE) / nullif({2}, 0)"
_UNIQUE_SHARE = _SHARE.replace("{1}", "count(DISTINCT {0})").replace("{2}", "count({0})")
_SHARE_THERE = _SHARE.replace("{1}", "count({0})").replace("{2}", "count(*)")
OF_TABLE = {
    "expect_table_row_count_to_be_between": Compiler(_row_count_between, _BOUNDS),
    "expect_table_row_count_to_equal": Compiler(_row_count_equal, frozenset(("value",))),
    "expect_table_column_count_to_equal": Compiler(_column_count, frozenset(("value",))),
    "expect_table_column_count_to_be_between": Compiler(_column_count, _BOUNDS),
    "expect_table_columns_to_match_set": Compiler(_column_set, frozenset(("column_set", "exact_match"))),
    "expect_column_to_exist": Compiler(_column_exists, _COLUMN | {"column_index"}),
    "expect_column_min_to_be_between": Compiler(_aggregates("min({0})"), _COLUMN | _BOUNDS),
    "expect_column_max_to_be_between": Compiler(_aggregates("max({0})"), _COLUMN | _BOUNDS),
    "expect_column_mean_to_be_between": Compiler(_aggregates("avg({0})"), _COLUMN | _BOUNDS),
    "expect_column_sum_to_be_between": Compiler(_aggregates("sum({0})"), _COLUMN | _BOUNDS),
    "expect_column_stdev_to_be_between": Compiler(_aggregates("stddev_samp({0})"), _COLUMN | _BOUNDS),
    "expect_column_median_to_be_between": Compiler(_aggregates("median({0})"), _COLUMN | _BOUNDS),
    "expect_column_unique_value_count_to_be_between": Compiler(_aggregates("count(DISTINCT {0})"), _COLUMN | _BOUNDS),
    "expect_column_proportion_of_unique_values_to_be_between": Compiler(_aggregates(_UNIQUE_SHARE), _COLUMN | _BOUNDS),
    "expect_column_proportion_of_non_null_values_to_be_between": Compiler(_aggregates(_SHARE_THERE), _COLUMN | _BOUNDS),
    "expect_column_distinct_values_to_be_in_set": Compiler(_sets("<="), _COLUMN | {"value_set"}),
    "expect_column_distinct_values_to_contain_set": Compiler(_sets(">="), _COLUMN | {"value_set"}),
    "expect_column_distinct_values_to_equal_set": Compiler(_sets("="), _COLUMN | {"value_set"}),
}
