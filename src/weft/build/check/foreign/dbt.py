"""dbt: generic data tests as YAML has them, those of dbt itself and the common ones of dbt_utils.

A test fails by the number of rows that it returns: `error_if`, `warn_if` and `severity` say from which number on,
`where` which rows are looked at. What a macro of a project means is known to dbt alone, so it is not computed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from weft.build.check.column_value import ColumnValue
from weft.build.check.enum import not_in
from weft.build.check.foreign.conditions import sql_condition
from weft.build.check.foreign.foreign_rule import ForeignRule, NotMapped, each, limit_between
from weft.build.check.foreign.implementation import implementation_of
from weft.build.check.foreign.soda_check import limit_unless
from weft.build.check.literal import NotALiteral
from weft.build.check.promise import Promise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.threshold import NONE_ALLOWED, Limit
from weft.engine.quote import text

_CONFIG = ("severity", "where", "warn_if", "error_if")
# Settings of a test that change neither what is counted nor what is allowed.
_SAYS_NOTHING = frozenset(
    ("name", "description", "tags", "meta", "store_failures", "store_failures_as", "limit", "enabled", "alias")
)
_REF = re.compile(r"""\{*\s*(?:ref|source)\(\s*(?:['"][^'"]+['"]\s*,\s*)?['"]([^'"]+)['"]\s*\)\s*\}*$""")


@dataclass(frozen=True)
class _Test:
    rule: ForeignRule
    arguments: dict[str, Any]
    limit: Limit
    among: str | None

    def column(self) -> ColumnValue:
        return self.rule.value_of(self.arguments.get("column_name"))

    def rows(self, broken: str, *columns: ColumnValue) -> Promise:
        return self.rule.row(
            broken, columns, limit=self.limit, among=self.among, by_nature=self.limit.bounds_from_above
        )

    @property
    def where(self) -> str:
        return f" WHERE {self.among}" if self.among else ""


def promises(rule: ForeignRule) -> Iterator[Promise]:
    """The promises of one rule with `engine: dbt`."""
    found = implementation_of(rule.rule.implementation)
    if isinstance(found, dict):
        found = next((found[key] for key in ("data_tests", "tests") if key in found), found)
    items = found if isinstance(found, list) else [found]
    yield from each(rule, [(_name_of(item), item) for item in items], _promises)


def _promises(rule: ForeignRule, item: Any) -> Iterator[Promise]:
    name, body = _taken_apart(item)
    known = _COMPILERS.get(name)
    if known is None:
        raise NotMapped(f"The test {name or 'without a name'} is a macro of dbt that is not computed by weft.")
    compiler, wanted = known
    arguments, config = _settings(body)
    if unknown := sorted(set(arguments) - wanted - {"column_name"}):
        raise NotMapped(f"Its argument {', '.join(unknown)} is not computed by weft.")
    where = config.get("where")
    among = None if where is None else sql_condition(where)
    for own, limit in _limits(rule, config):
        yield compiler(_Test(own, arguments, limit, among))


def _name_of(item: Any) -> str:
    return _taken_apart(item)[0] or "test"


def _taken_apart(item: Any) -> tuple[str, Any]:
    if isinstance(item, str):
        return item.strip(), {}
    if not isinstance(item, dict):
        return "", {}
    for key in ("test", "test_name", "type"):
        if isinstance(item.get(key), str):
            return item[key], {name: value for name, value in item.items() if name != key}
    if len(item) >= 1:
        name, body = next(iter(item.items()))
        beside = {key: value for key, value in item.items() if key != name}
        return str(name), {**beside, **(body if isinstance(body, dict) else {})}
    return "", {}


def _settings(body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arguments and configuration, which dbt lets stand beside each other."""
    config = {key: body[key] for key in _CONFIG if key in body}
    inner = body.get("config")
    if isinstance(inner, dict):
        config |= inner
    arguments = {k: v for k, v in body.items() if k not in (*_CONFIG, "config", "arguments")}
    if isinstance(body.get("arguments"), dict):
        arguments |= body["arguments"]
    if config.get("enabled") is False:
        raise NotMapped("It is switched off by `enabled: false`.")
    if unknown := sorted(set(config) - {*_CONFIG, *_SAYS_NOTHING}):
        raise NotMapped(f"Its setting {', '.join(unknown)} is not computed by weft.")
    return {name: value for name, value in arguments.items() if name not in _SAYS_NOTHING}, config


def _limits(rule: ForeignRule, config: dict[str, Any]) -> Iterator[tuple[ForeignRule, Limit]]:
    """One limit by `error_if`, and one more by a `warn_if` that is stricter."""
    severity = str(config.get("severity", "error")).lower()
    if severity not in ("error", "warn"):
        raise NotMapped("Its severity is neither error nor warn.")
    error_if, warn_if = config.get("error_if"), config.get("warn_if")
    if severity == "error":
        if warn_if is not None:
            yield rule.called("warning", "warning"), limit_unless(f"when {warn_if}", "rows")
        yield rule, NONE_ALLOWED if error_if is None else limit_unless(f"when {error_if}", "rows")
    else:
        yield rule.called("", "warning"), NONE_ALLOWED if warn_if is None else limit_unless(f"when {warn_if}", "rows")


def _not_null(test: _Test) -> Promise:
    value = test.column()
    return test.rule.row(
        f"{value.expression} IS NULL",
        (value,),
        limit=test.limit,
        among=test.among,
        by_nature=test.limit.allows_none,
    )


def _unique(test: _Test) -> Promise:
    value = test.column()
    if test.limit.allows_none:
        return test.rule.key((value.expression,), (value,), among=test.among)
    there = f"{value.expression} IS NOT NULL" + (f" AND {test.among}" if test.among else "")
    return _count_of_repeats(test, value.expression, f" WHERE {there}", (value,))


def _unique_combination(test: _Test) -> Promise:
    values = test.rule.values_of(test.arguments.get("combination_of_columns"))
    keys = ", ".join(value.expression for value in values)
    if test.limit.allows_none:  # SQL's GROUP BY takes NULLs for equal, as a struct of them is
        return test.rule.key((f"row({keys})",), values, among=test.among)
    return _count_of_repeats(test, keys, test.where, values)


def _count_of_repeats(test: _Test, keys: str, where: str, values: tuple[ColumnValue, ...]) -> Promise:
    repeated = f"SELECT 1 FROM {PUBLISHED}{where} GROUP BY {keys} HAVING count(*) > 1"
    return test.rule.value(f"SELECT count(*) FROM ({repeated})", test.limit, values)


def _accepted_values(test: _Test) -> Promise:
    value, wanted = test.column(), test.arguments.get("values")
    if not isinstance(wanted, list):
        raise NotMapped("Its argument values is no list.")
    try:
        return test.rows(not_in(value.expression, value.type, wanted), value)
    except NotALiteral:
        raise NotMapped(f"A value of its list is none of type {value.type}.") from None


def _not_accepted_values(test: _Test) -> Promise:
    value, wanted = test.column(), test.arguments.get("values")
    if not isinstance(wanted, list):
        raise NotMapped("Its argument values is no list.")
    try:
        return test.rows(f"NOT ({not_in(value.expression, value.type, wanted)})", value)
    except NotALiteral:
        raise NotMapped(f"A value of its list is none of type {value.type}.") from None


def _accepted_range(test: _Test) -> Promise:
    value = test.column()
    low, high = test.arguments.get("min_value"), test.arguments.get("max_value")
    is_inclusive = test.arguments.get("inclusive", True) is True
    bounds = ((low, "<" if is_inclusive else "<="), (high, ">" if is_inclusive else ">="))
    conditions = [f"{value.expression} {sign} {test.rule.literal(b, value)}" for b, sign in bounds if b is not None]
    if not conditions:
        raise NotMapped("It has neither min_value nor max_value.")
    return test.rows(f"({' OR '.join(conditions)})", value)


def _relationships(test: _Test) -> Promise:
    to, column = test.arguments.get("to"), test.arguments.get("field")
    target = _REF.match(to.strip()) if isinstance(to, str) else None
    if target is None or not isinstance(column, str):
        raise NotMapped("It does not say by `to: ref('...')` and `field` where it leads.")
    if test.among or not test.limit.allows_none:
        raise NotMapped("A reference of some rows, or one that may be broken, is not computed from a test of dbt.")
    return test.rule.reference((test.column(),), target[1], (column,))


def _expression_is_true(test: _Test) -> Promise:
    expression = str(test.arguments.get("expression", ""))
    column = test.arguments.get("column_name") or test.rule.rule.column
    columns: tuple[ColumnValue, ...] = ()
    if column is not None:
        columns = (test.rule.value_of(column),)
        expression = f"{columns[0].expression} {expression}"
    condition = sql_condition(expression)
    return test.rows(f"NOT {condition}", *columns)


def _not_null_proportion(test: _Test) -> Promise:
    value = test.column()
    limit = limit_between(test.arguments.get("at_least"), test.arguments.get("at_most", 1.0))
    query = f"SELECT CAST(count({value.expression}) AS DOUBLE) / nullif(count(*), 0) FROM {PUBLISHED}{test.where}"
    return test.rule.value(query, limit, (value,))


def _not_empty_string(test: _Test) -> Promise:
    value = test.column()
    kept = "trim({0})" if test.arguments.get("trim_whitespace", True) is True else "{0}"
    return test.rows(f"coalesce({kept.format(value.as_text)} = {text('')}, false)", value)


def _not_constant(test: _Test) -> Promise:
    value = test.column()
    return test.rule.truth(f"SELECT count(DISTINCT {value.expression}) <> 1 FROM {PUBLISHED}{test.where}", (value,))


def _at_least_one(test: _Test) -> Promise:
    value = test.column()
    return test.rule.truth(f"SELECT count({value.expression}) > 0 FROM {PUBLISHED}{test.where}", (value,))


_COMPILERS: dict[str, tuple[Callable[[_Test], Promise], frozenset[str]]] = {
    "not_null": (_not_null, frozenset()),
    "unique": (_unique, frozenset()),
    "accepted_values": (_accepted_values, frozenset(("values", "quote"))),
    "relationships": (_relationships, frozenset(("to", "field"))),
    "dbt_utils.expression_is_true": (_expression_is_true, frozenset(("expression",))),
    "dbt_utils.accepted_range": (_accepted_range, frozenset(("min_value", "max_value", "inclusive"))),
    "dbt_utils.unique_combination_of_columns": (
        _unique_combination,
        frozenset(("combination_of_columns", "quote_columns")),
    ),
    "dbt_utils.not_null_proportion": (_not_null_proportion, frozenset(("at_least", "at_most"))),
    "dbt_utils.not_accepted_values": (_not_accepted_values, frozenset(("values",))),
    "dbt_utils.not_empty_string": (_not_empty_string, frozenset(("trim_whitespace",))),
    "dbt_utils.not_constant": (_not_constant, frozenset()),
    "dbt_utils.at_least_one": (_at_least_one, frozenset()),
}
