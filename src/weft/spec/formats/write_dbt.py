"""Export dbt: a schema.yml whose models have enforced contracts, constraints and data tests."""

import re
from typing import Any

from weft.spec.contract import QualityRule, Relationship, RuleKind
from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing, OutgoingTable
from weft.spec.formats.sql_conditions import conditions_of
from weft.spec.write import yaml_text

_NO_ROWS = re.compile(r"SELECT count\(\*\) FROM \$\{table\} WHERE NOT \((.+)\)", re.IGNORECASE | re.DOTALL)


def write_dbt(contract: Outgoing) -> bytes:
    """Write the file. Tests beyond dbt's own four need the package dbt_utils."""
    models = [_Model(contract, table).written() for table in contract.tables]
    return yaml_text({"version": 2, "models": models}).encode()


class _Model:
    def __init__(self, contract: Outgoing, table: OutgoingTable) -> None:
        self.contract = contract
        self.table = table
        self.key = sorted(
            (field for field in table.fields if field.column.primary_key_position is not None),
            key=lambda field: field.column.primary_key_position or 0,
        )

    def written(self) -> dict[str, Any]:
        """One model."""
        table = self.table.table
        model: dict[str, Any] = {"name": self.table.name}
        if table.description:
            model["description"] = table.description
        config: dict[str, Any] = {"contract": {"enforced": True}}
        if table.tags:
            config["tags"] = list(table.tags)
        meta = {key: value for key, value in table.custom.items() if key != "dbtContractEnforced"}
        if meta:
            config["meta"] = meta
        model["config"] = config
        constraints = self._constraints()
        if constraints:
            model["constraints"] = constraints
        tests = [test for rule in table.quality if (test := self._test(rule)) is not None]
        if tests:
            model["data_tests"] = tests
        model["columns"] = [self._column(field) for field in self.table.fields]
        return model

    def _constraints(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if len(self.key) > 1:
            found.append({"type": "primary_key", "columns": [field.name for field in self.key]})
        for relation in self.table.table.relationships:
            found.append(self._foreign_key(relation))
        return found

    def _foreign_key(self, relation: Relationship) -> dict[str, Any]:
        return {
            "type": "foreign_key",
            "columns": [self._stored(name) for name in relation.from_columns],
            "to": f"ref('{relation.to_table}')",
            "to_columns": list(relation.to_columns),
        }

    def _stored(self, name: str) -> str:
        column = self.table.table.column(name)
        return column.stored_name if column else name

    def _lose(self, what: str, field: Field) -> None:
        place = self.contract.file.place(*field.keys)
        self.contract.notes.append(not_exported(f"dbt {what}: {self.table.table.name}.{field.path}.", place))

    def _column(self, field: Field) -> dict[str, Any]:
        column = field.column
        made: dict[str, Any] = {"name": field.name, "data_type": str(field.kind)}
        if column.description:
            made["description"] = column.description
        if column.tags:
            made["tags"] = list(column.tags)
        if column.custom:
            made["meta"] = dict(column.custom)
        constraints: list[dict[str, Any]] = []
        if column.required or field in self.key:
            constraints.append({"type": "not_null"})
        if [field] == self.key:
            constraints.append({"type": "primary_key"})
        if column.unique:
            constraints.append({"type": "unique"})
        conditions = [one for one in conditions_of(field, patterns=True) if " IN (" not in one or column.enum is None]
        constraints += [{"type": "check", "expression": condition} for condition in conditions]
        if constraints:
            made["constraints"] = constraints
        tests = self._tests(field)
        if tests:
            made["data_tests"] = tests
        if field.options.get("format") and field.kind.name == "VARCHAR":
            self._lose("knows no formats of texts", field)
        for child in field.children:
            self._inside(child)
        return made

    def _inside(self, field: Field) -> None:
        if any(field.written.get(key) for key in ("required", "unique", "description", "enum", "quality")):
            self._lose("says nothing but the type of a nested column", field)
        for child in field.children:
            self._inside(child)

    def _tests(self, field: Field) -> list[Any]:
        tests: list[Any] = []
        if field.column.enum is not None:
            tests.append({"accepted_values": {"arguments": {"values": list(field.column.enum)}}})
        for relation in field.column.relationships:
            arguments = {"to": f"ref('{relation.to_table}')", "field": relation.to_columns[0]}
            tests.append({"relationships": {"arguments": arguments}})
        tests += [test for rule in field.column.quality if (test := self._test(rule)) is not None]
        return tests

    def _test(self, rule: QualityRule) -> Any:
        """The data test that a rule is, None after it was told that it is none."""
        config = {} if rule.severity == "error" else {"config": {"severity": "warn"}}
        is_none = [(t.operator.value, t.bounds) for t in rule.thresholds] == [("mustBe", (0,))]
        if rule.kind is RuleKind.CUSTOM and rule.engine == "dbt" and isinstance(rule.implementation, dict):
            kept = rule.implementation
            if kept.get("where"):
                config = {"config": {**config.get("config", {}), "where": kept["where"]}}
            inner = {"arguments": kept["arguments"]} if kept.get("arguments") else {}
            return {str(kept.get("test")): {**inner, **config}} if inner or config else str(kept.get("test"))
        condition = _NO_ROWS.fullmatch(rule.query or "")
        if is_none and condition:
            arguments: dict[str, Any] = {"expression": condition[1]}
            return {"dbt_utils.expression_is_true": {"name": rule.name, "arguments": arguments, **config}}
        columns = rule.arguments.get("properties")
        if is_none and rule.metric == "duplicateValues" and isinstance(columns, list):
            arguments = {"combination_of_columns": [self._stored(str(name)) for name in columns]}
            return {"dbt_utils.unique_combination_of_columns": {"arguments": arguments, **config}}
        metric = {"nullValues": "not_null", "duplicateValues": "unique"}.get(rule.metric or "")
        if is_none and metric and rule.column is not None:
            return {metric: config} if config else metric
        what = f'dbt has no test that is the rule "{rule.name}" of {self.table.table.name}.'
        self.contract.notes.append(not_exported(what, rule.place))
        return None
