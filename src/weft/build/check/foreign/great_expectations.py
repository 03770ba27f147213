"""Great Expectations: expectations as their JSON or YAML has them, one, a list, or a suite.

Each expectation means here what its documentation says there: rows without a value keep every expectation about
values, `mostly` is the share of the rows with a value, regular expressions are found anywhere in the text. What is
not computed says so: expectations about distributions, parameters that are filled in at run time, custom ones.
"""

from collections.abc import Iterator
from typing import Any

from weft.build.check.foreign.foreign_rule import ForeignRule, NotMapped, each
from weft.build.check.foreign.gx_expectation import Expectation
from weft.build.check.foreign.gx_of_rows import OF_ROWS
from weft.build.check.foreign.gx_of_table import OF_TABLE
from weft.build.check.foreign.implementation import implementation_of, mapping_of
from weft.build.check.promise import Promise

_COMPILERS = {**OF_ROWS, **OF_TABLE}
_SEVERITIES = {"critical": "error", "warning": "warning", "info": "info"}
# What an expectation carries that changes neither what is measured nor what is allowed.
_SAYS_NOTHING = frozenset(
    ("id", "meta", "notes", "description", "result_format", "catch_exceptions", "batch_id", "rendered_content")
)
_OF_EVERY = frozenset(("row_condition", "condition_parser", "severity"))


def promises(rule: ForeignRule) -> Iterator[Promise]:
    """The promises of one rule with `engine: greatExpectations`."""
    found = implementation_of(rule.rule.implementation)
    if isinstance(found, dict) and isinstance(found.get("expectations"), list):
        found = found["expectations"]
    items = found if isinstance(found, list) else [found]
    yield from each(rule, [(_type_of(item) or "expectation", item) for item in items], _promises)


def _promises(rule: ForeignRule, item: Any) -> Iterator[Promise]:
    name = _type_of(item)
    if name is None:
        raise NotMapped("It names no expectation by `type`.")
    compiler = _COMPILERS.get(name)
    if compiler is None:
        raise NotMapped(f"The expectation {name} is not computed by weft.")
    arguments = _arguments(item)
    severity = arguments.pop("severity", item.get("severity"))
    if severity is not None:
        if severity not in _SEVERITIES:
            raise NotMapped("Its severity is none of critical, warning, info.")
        rule = rule.called("", _SEVERITIES[str(severity)])
    expectation = Expectation(rule, name, arguments)
    taken = compiler.arguments | _OF_EVERY
    if unknown := sorted(set(arguments) - taken):
        raise NotMapped(f"Its argument {', '.join(unknown)} is not computed by weft.")
    yield from compiler.promises(expectation)


def _type_of(item: Any) -> str | None:
    if isinstance(item, str) and item.startswith("expect_"):
        return item
    name = item.get("type", item.get("expectation_type")) if isinstance(item, dict) else None
    return name if isinstance(name, str) else None


def _arguments(item: Any) -> dict[str, Any]:
    if not isinstance(item, dict):
        return {}
    inner = item.get("kwargs")
    beside = {key: value for key, value in item.items() if key not in ("type", "expectation_type", "kwargs")}
    given = {**mapping_of(beside, "It"), **mapping_of(inner, "`kwargs`")}
    for name, value in given.items():
        if isinstance(value, dict) and any(str(key).startswith("$") for key in value):
            raise NotMapped(f"Its argument {name} is filled in when Great Expectations runs.")
    return {name: value for name, value in given.items() if name not in _SAYS_NOTHING and value is not None}
