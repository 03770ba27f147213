"""Data tests of dbt as promises: those that a contract has words for, the rest as rules of another tool."""

from collections.abc import Callable, Mapping
from typing import Any

from weft.spec.formats.dbt_models import DbtTest
from weft.spec.formats.draft import enum_of, no_rows_rule, put

_TEXTS = ("string",)
_NUMBERS = ("integer", "number")


def promise_of_column_test(test: DbtTest, column: Mapping[str, Any], target_of: Callable[[str], str]) -> dict[str, Any]:
    """The keys that a test adds to its column.

    A test that only warns, or looks at some rows only, is a rule of its own: `required` would say more.
    """
    arguments = test.arguments
    if test.severity == "error" and test.where is None:
        logical = column.get("logicalType")
        if test.name == "not_null":
            return {"required": True}
        if test.name == "unique":
            return {"unique": True}
        if test.name == "accepted_values" and isinstance(arguments.get("values"), list) and "enum" not in column:
            return {"enum": enum_of(arguments["values"])}
        if test.name == "relationships" and arguments.get("to") and arguments.get("field"):
            return {"relationships": [{"to": f"{target_of(str(arguments['to']))}.{arguments['field']}"}]}
        if logical in _NUMBERS and test.name in _RANGES:
            options = _range(arguments, *_RANGES[test.name])
            if options:
                return {"logicalTypeOptions": options}
        if logical in _TEXTS and test.name == "dbt_expectations.expect_column_values_to_match_regex":
            return {"logicalTypeOptions": {"pattern": str(arguments.get("regex"))}}
    metric = {"not_null": "nullValues", "unique": "duplicateValues"}.get(test.name)
    if metric and test.where is None:
        return {"quality": [_head(test) | {"type": "library", "metric": metric, "mustBe": 0}]}
    if test.name == "dbt_utils.expression_is_true" and isinstance(arguments.get("expression"), str):
        condition = f'"{column["name"]}" {arguments["expression"]}'
        return {"quality": [_conditional(test, condition)]}
    return {"quality": [_foreign(test)]}


def rule_of_table_test(test: DbtTest, table: str) -> dict[str, Any]:
    """The rule that a test of a whole model is."""
    arguments = test.arguments
    columns = arguments.get("combination_of_columns")
    if test.name == "dbt_utils.unique_combination_of_columns" and isinstance(columns, list) and test.where is None:
        rule = {"type": "library", "metric": "duplicateValues", "arguments": {"properties": columns}, "mustBe": 0}
        return _head(test, f"unique_{'_'.join(map(str, columns))}") | rule
    if test.name == "dbt_utils.expression_is_true" and isinstance(arguments.get("expression"), str):
        return _conditional(test, arguments["expression"], f"{table}_expression")
    return _foreign(test)


_RANGES = {
    "dbt_utils.accepted_range": ("min_value", "max_value"),
    "dbt_expectations.expect_column_values_to_be_between": ("min_value", "max_value"),
}


def _range(arguments: Mapping[str, Any], least: str, most: str) -> dict[str, Any]:
    is_inclusive = arguments.get("inclusive", True) is not False and arguments.get("strictly") is not True
    names = ("minimum", "maximum") if is_inclusive else ("exclusiveMinimum", "exclusiveMaximum")
    pairs = zip(names, (arguments.get(least), arguments.get(most)), strict=True)
    return {name: value for name, value in pairs if isinstance(value, int | float) and not isinstance(value, bool)}


def _head(test: DbtTest, name: str | None = None) -> dict[str, Any]:
    head: dict[str, Any] = {}
    put(head, name=test.given_name or name, severity="warning" if test.severity == "warn" else None)
    return head


def _conditional(test: DbtTest, condition: str, name: str | None = None) -> dict[str, Any]:
    if test.where:
        condition = f"NOT ({test.where}) OR ({condition})"
    rule = no_rows_rule(test.given_name or name or "expression_is_true", condition)
    return put(rule, severity="warning" if test.severity == "warn" else None)


def _foreign(test: DbtTest) -> dict[str, Any]:
    """A rule that dbt computes and weft only keeps."""
    implementation: dict[str, Any] = {"test": test.name}
    put(implementation, arguments=dict(test.arguments), where=test.where)
    return _head(test, test.name) | {"type": "custom", "engine": "dbt", "implementation": implementation}
