"""build.yaml, models/ and tests/: how a domain makes its product."""

import re
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.base.yaml_source import YamlFile, mapping_of
from weft.spec.cleansing.load import load_cleansing
from weft.spec.making import Making, Materialization, ModelSettings, ModelTest, Registered, Source
from weft.spec.section import Section

_LOOKBACK = re.compile(r"\d+ *(second|minute|hour|day|week|month|year)s?")


def load_making(file: YamlFile, problems: list[Problem]) -> Making:
    """Read build.yaml."""
    if file.data is None:  # an empty build.yaml is a good one: conventions fill it
        return Making(path=file.path)
    data, more = mapping_of(file)
    problems.extend(more)
    top = Section.top_of(file, data, problems)
    sources = {name: _source(name, section) for name, section in top.sections("sources")}
    models = {name: _model_settings(section) for name, section in top.sections("models")}
    registered = {name: _registered(name, section) for name, section in top.sections("registered")}
    engine = top.text("engine")
    top.finish()
    return Making(sources, models, registered, engine, file.path)


def _source(name: str, section: Section) -> Source:
    kind = section.required_text("kind")
    path, cursor = section.text("path"), section.text("cursor")
    load = section.choice("load", ("full", "append")) or "full"
    columns = _column_types(section)
    return Source(name, kind or "", section.place, path, load, cursor, columns, section.rest())


def _column_types(section: Section) -> Mapping[str, str]:
    columns = section.mapping("columns")
    for column, type_name in columns.items():
        if not isinstance(type_name, str):
            where = section.file.place(*section.keys, "columns", column)
            section.report("MESH003", f'The type of "{column}" is not a text.', where, expected="such as decimal(10,2)")
    return {column: type_name for column, type_name in columns.items() if isinstance(type_name, str)}


def _model_settings(section: Section) -> ModelSettings:
    materialization = section.choice("materialization", (kind.value for kind in Materialization))
    lookback = section.text("lookback")
    if lookback is not None and not _LOOKBACK.fullmatch(lookback.strip()):
        section.report(
            "MESH004", '"lookback" is no length of time.', section.place_of("lookback"), expected='such as "2 days"'
        )
        lookback = None
    settings = ModelSettings(
        Materialization(materialization) if materialization else Materialization.REPLACE,
        section.texts("key"),
        section.text("watermark"),
        lookback,
        section.text("updated_at"),
        load_cleansing(section),
        section.place,
    )
    section.finish()
    return settings


def _registered(port: str, section: Section) -> Registered:
    source = section.required_text("source")
    section.finish()
    return Registered(port, section.place, source or "")


def load_model_test(file: YamlFile, name: str, problems: list[Problem]) -> ModelTest | None:
    """Read tests/<case>.yaml."""
    data, more = mapping_of(file)
    problems.extend(more)
    if not data:
        return None
    top = Section.top_of(file, data, problems)
    model = top.required_text("model")
    given = {table: _rows(rows, file, ("given", table), problems) for table, rows in top.mapping("given").items()}
    if "expect" not in data:
        top.report("MESH002", 'The key "expect" is missing.', top.place, expected="a list of rows, `[]` for none")
    expect = _rows(top.value("expect"), file, ("expect",), problems)
    description, ordered, columns = top.text("description"), top.boolean("ordered"), top.texts("columns")
    top.finish()
    if model is None:
        return None
    return ModelTest(name, model, file.place(), given, expect, description, bool(ordered), columns)


def _rows(value: Any, file: YamlFile, keys: tuple[str, ...], problems: list[Problem]) -> tuple[Mapping[str, Any], ...]:
    if value is None:
        return ()
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return tuple(value)
    where: Place = file.place(*keys)
    problems.append(
        Problem(
            "MESH003", f'"{".".join(keys)}" is no list of rows.', where, expected="rows such as `- {id: 1, fee: 2.5}`"
        )
    )
    return ()
