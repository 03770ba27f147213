"""Import dbt: models of a schema.yml or a manifest.json, their constraints, and their tests as promises."""

import json
import re
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.base.yaml_source import read_yaml_text
from weft.spec.formats.dbt_models import DbtColumn, DbtModel, models_of_manifest, models_of_yaml
from weft.spec.formats.dbt_tests import promise_of_column_test, rule_of_table_test
from weft.spec.formats.draft import custom, document, enum_of, no_rows_rule, put, table, typed
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.formats.sql_conditions import promises_of
from weft.spec.sql_type import parse_type

_REF = re.compile(r"""(?:ref|source)\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]\s*\)""")
_SECTIONS = ("models", "seeds", "snapshots", "sources")


def is_dbt(source: Source) -> bool:
    """Whether a file is a manifest, or a YAML of models."""
    try:
        if source.content.lstrip()[:1] == b"{":
            data = json.loads(source.text)
            return isinstance(data, dict) and "nodes" in data and "metadata" in data
        file, problems = read_yaml_text(source.text, source.path)
    except (ValueError, Problem, RecursionError):
        return False
    if problems or not isinstance(file.data, dict) or "apiVersion" in file.data:
        return False
    return any(isinstance(file.data.get(key), list) for key in _SECTIONS)


def read_dbt(source: Source) -> Mapping[str, Any]:
    """Read every model that declares columns.

    Raises:
        Problem: FORMAT002 it is neither manifest nor a YAML of models.
    """
    if source.content.lstrip()[:1] == b"{":
        data = source.json("dbt's manifest")
        if not isinstance(data, dict) or "nodes" not in data:
            raise source.problem("FORMAT002", "The file is not dbt's manifest: it has no nodes.", line=1)
        models = list(models_of_manifest(data, source.path))
        metadata = data.get("metadata")
        name = (metadata.get("project_name") if isinstance(metadata, dict) else None) or source.stem
    else:
        file = source.yaml()
        if not isinstance(file.data, dict):
            raise source.problem("FORMAT002", "The file is no YAML of dbt's models.", line=1)
        models, name = list(models_of_yaml(file)), source.stem
    reader = _Reader(source)
    tables = [reader.table(model) for model in models if model.columns]
    for model in models:
        if not model.columns:
            reader.lose(f'The model "{model.name}" declares no columns, so it is no table here.', model.place)
    return document(str(name), tables)


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source

    def lose(self, what: str, place: Place) -> None:
        """Note what is not carried over."""
        self.source.notes.append(not_imported(what, place))

    def table(self, model: DbtModel) -> dict[str, Any]:
        """One model."""
        columns = [self._column(model, column) for column in model.columns if column.name]
        made = table(model.name, columns)
        put(made, description=_text(model.written.get("description")))
        config = model.written.get("config")
        settings = {**model.written, **(config if isinstance(config, dict) else {})}
        enforced = settings.get("contract")
        if isinstance(enforced, dict) and enforced.get("enforced") is True:
            custom(made, "dbtContractEnforced", True)
        put(made, tags=_texts(settings.get("tags")))
        _meta(made, settings)
        for constraint in _constraints(model.written):
            self._constraint(model, made, constraint, None)
        for test in model.tests:
            put(made, quality=[rule_of_table_test(test, model.name)])
        return made

    def _column(self, model: DbtModel, written: DbtColumn) -> dict[str, Any]:
        column: dict[str, Any] = {"name": written.name}
        data_type = _text(written.written.get("data_type"))
        if data_type is None:
            self.lose(f"{model.name}.{written.name} has no data type.", written.place)
        kind = parse_type(data_type) if data_type else None
        if kind is not None:
            column |= typed(kind)
            if not kind.fields:
                column["physicalType"] = data_type
        elif data_type:
            self.lose(f"The type of {model.name}.{written.name} is not known: {data_type}", written.place)
            column |= {"logicalType": "string", "physicalType": data_type}
        put(column, description=_text(written.written.get("description")), tags=_texts(written.written.get("tags")))
        _meta(column, written.written)
        holder = {"properties": [column], "name": model.name}
        for constraint in _constraints(written.written):
            self._constraint(model, holder, constraint, written)
        for test in written.tests:
            keys = promise_of_column_test(test, column, _target)
            put(column, **keys)
        put(column, quality=holder.get("quality"))
        return column

    def _constraint(
        self, model: DbtModel, made: dict[str, Any], constraint: Mapping[str, Any], owner: DbtColumn | None
    ) -> None:
        kind = str(constraint.get("type"))
        names = [owner.name] if owner else _texts(constraint.get("columns"))
        columns = [column for name in names for column in made["properties"] if column["name"] == name]
        expression = _text(constraint.get("expression"))
        place = owner.place if owner else model.place
        if kind == "not_null" and columns:
            for column in columns:
                column["required"] = True
        elif kind == "primary_key" and columns:
            for position, column in enumerate(columns, start=1):
                column |= {"primaryKey": True, "primaryKeyPosition": position, "required": True}
        elif kind == "unique" and len(columns) == 1:
            columns[0]["unique"] = True
        elif kind == "unique" and columns:
            rule = {
                "name": f"unique_{'_'.join(names)}",
                "type": "library",
                "metric": "duplicateValues",
                "arguments": {"properties": names},
                "mustBe": 0,
            }
            put(made, quality=[rule])
        elif kind == "foreign_key" and columns and constraint.get("to"):
            self._foreign_key(made, names, columns, constraint)
        elif kind == "check" and expression:
            self._check(made, expression, _text(constraint.get("name")), place)
        else:
            self.lose(f'A constraint "{kind}" of {model.name} is not understood.', place)

    def _foreign_key(
        self, made: dict[str, Any], names: list[str], columns: list[dict[str, Any]], constraint: Mapping[str, Any]
    ) -> None:
        target, there = _target(str(constraint["to"])), _texts(constraint.get("to_columns"))
        if len(there) != len(names):
            there = names
        if len(names) == 1:
            put(columns[0], relationships=[{"to": f"{target}.{there[0]}"}])
        else:
            source = [f"{made['name']}.{name}" for name in names]
            put(made, relationships=[{"from": source, "to": [f"{target}.{name}" for name in there]}])

    def _check(self, made: dict[str, Any], expression: str, name: str | None, place: Place) -> None:
        import sqlglot
        from sqlglot.errors import SqlglotError

        try:
            promise = promises_of(sqlglot.parse_one(expression, read="duckdb"))
        except SqlglotError:
            self.lose(f"A check of {made['name']} is no SQL that weft reads.", place)
            return
        column = next((c for c in made["properties"] if promise and c["name"] == promise[0]), None)
        if promise is None or column is None or "logicalType" not in column:
            put(made, quality=[no_rows_rule(name or f"{made['name']}_check", expression)])
            return
        keys = dict(promise[1])
        if "enum" in keys:
            keys["enum"] = enum_of(keys["enum"])
        put(column, **keys)


def _target(text: str) -> str:
    """The model that `ref('customers')` names."""
    found = _REF.search(text)
    return found[1] if found else text.strip().strip("\"'`").rpartition(".")[2]


def _constraints(written: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = written.get("constraints")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _meta(target: dict[str, Any], settings: Mapping[str, Any]) -> None:
    meta = settings.get("meta")
    if isinstance(meta, dict):
        for key, value in meta.items():
            custom(target, str(key), value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
