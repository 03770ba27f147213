"""Steps as build.yaml declares them, run on a real DuckDB."""

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from weft.base.yaml_source import read_yaml_text
from weft.build.cleanse.report import StepReport
from weft.build.cleanse.run import cleanse
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.cleansing.fit import columns_after
from weft.spec.cleansing.step import CleansingStep
from weft.spec.load_making import load_making

Rows = list[tuple[Any, ...]]


@pytest.fixture
def engine() -> Iterator[DuckDBEngine]:
    with DuckDBEngine(threads=2) as session:
        yield session


@pytest.fixture
def declare() -> Callable[[str], tuple[CleansingStep, ...]]:
    """Steps from the YAML of a list; mistakes are raised by the first of them."""

    def read(steps: str) -> tuple[CleansingStep, ...]:
        text = "models:\n  t:\n    cleanse:\n" + textwrap.indent(textwrap.dedent(steps).strip("\n"), "      ") + "\n"
        file, problems = read_yaml_text(text, "build.yaml")
        making = load_making(file, problems)
        if problems:
            raise problems[0]
        return making.models["t"].cleanse

    return read


@pytest.fixture
def run(
    engine: DuckDBEngine, declare: Callable[[str], tuple[CleansingStep, ...]]
) -> Callable[[str, str], tuple[Rows, tuple[StepReport, ...]]]:
    """Rows after the steps, and what these reported; the types that a check foretells are compared on the way."""

    def do(rows: str, steps: str) -> tuple[Rows, tuple[StepReport, ...]]:
        declared = declare(steps)
        engine.add_view("made", rows)
        foretold = columns_after(declared, engine.describe("FROM made"))
        reports = cleanse(engine, declared, "made", "cleansed")
        assert engine.describe("FROM cleansed") == foretold
        left = engine.rows("SELECT view_name FROM duckdb_views() WHERE view_name LIKE 'cleansed %'")
        left += engine.rows("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'cleansed %'")
        assert left == []
        return engine.rows("FROM cleansed"), reports

    return do
