"""Every promise of docs/explanation/guarantees.md names tests, and every test that it names is there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "guarantees.md"
NAMED = re.compile(r"^- `(tests/\S+\.py)::(test_\w+)`$", re.MULTILINE)
NO_PROMISE = "What is not promised"


def promises():
    """Promise -> the tests that are named with it, as (file, function)."""
    _, *chapters = PAGE.read_text(encoding="utf-8").split("\n## ")
    return {chapter.splitlines()[0]: NAMED.findall(chapter) for chapter in chapters}


def functions_of(path):
    return {node.name for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_every_promise_names_a_test():
    assert [promise for promise, named in promises().items() if not named] == [NO_PROMISE]


def test_every_test_that_a_promise_names_is_there():
    named = {(ROOT / file, test) for tests in promises().values() for file, test in tests}
    assert len(named) > 10
    missing = [f"{file.name}::{test}" for file, test in named if not file.is_file() or test not in functions_of(file)]
    assert missing == []


def test_every_torture_test_belongs_to_a_promise():
    short_set = "tests/torture/test_short_set.py"
    named = {test for tests in promises().values() for file, test in tests if file == short_set}
    assert {test for test in functions_of(ROOT / short_set) if test.startswith("test_")} - named == set()
